/** What the API says when it refuses: RFC 9457 problem details. */

/** One field that the server refuses, addressed as in the body (`schedule.at`). */
export interface FieldIssue {
  path: string
  message: string
}

/** An answer that is not 2xx. `message` is a public sentence in the reader's language. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  /** For programs: `campaigns.not_launchable`. */
  readonly code: string
  readonly issues: readonly FieldIssue[]
  /** For the reader to quote when it is our bug. */
  readonly requestId: string | undefined
  /** The whole problem, for codes that carry more. */
  readonly problem: Readonly<Record<string, unknown>>

  constructor(status: number, code: string, message: string, problem: Record<string, unknown> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.problem = problem
    this.issues = readIssues(problem['errors'])
    this.requestId = typeof problem['requestId'] === 'string' ? problem['requestId'] : undefined
  }
}

/** Reads a refused answer; answers that are no problem details (a proxy's page) become `http.<status>`. */
export async function problemFrom(response: Response): Promise<ApiError> {
  const problem = await response.json().catch(() => null)
  if (!isRecord(problem)) return new ApiError(response.status, `http.${response.status}`, response.statusText)
  const code = typeof problem['code'] === 'string' ? problem['code'] : `http.${response.status}`
  const sentence = problem['detail'] ?? problem['title']
  return new ApiError(response.status, code, typeof sentence === 'string' ? sentence : code, problem)
}

/** No answer at all: offline, or the server is restarting. */
export function unreachable(): ApiError {
  return new ApiError(0, 'network.unreachable', 'The server did not answer.')
}

/**
 * The refused fields of an error by path, for a form: `errors['schedule.at']`.
 * Empty for every other error.
 */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof ApiError)) return {}
  return Object.fromEntries(error.issues.map((issue) => [issue.path, issue.message]))
}

function readIssues(errors: unknown): FieldIssue[] {
  if (!Array.isArray(errors)) return []
  return errors.filter(isRecord).map(({ path, message }) => ({
    path: typeof path === 'string' ? path : '',
    message: typeof message === 'string' ? message : '',
  }))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

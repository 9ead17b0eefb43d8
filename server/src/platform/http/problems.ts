/** Every error answers as RFC 9457 problem details: a code for programs, a sentence for people, the fields at fault. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ZodError } from 'zod'
import { AppError, type FieldProblem } from '../errors.ts'
import type { Platform } from '../platform.ts'
import { errors } from './errors.ts'

/** Answers an error. Ours are told as they are; anything else is a bug: the caller gets its number, the log its cause. */
export async function answerError(
  platform: Platform,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const known = knownError(error)
  const log = platform.log.child({ requestId: request.id })
  if (!known)
    log.error({ error, route: request.routeOptions.url ?? null }, 'a request failed by our own fault')
  else if (known.status >= 500 || Object.keys(known.detail).length > 0)
    log.info(
      { code: known.code, ...known.detail, ...(known.cause === undefined ? {} : { error: known.cause }) },
      'a request was refused',
    )
  const shown = known ?? {
    code: 'platform.internal',
    status: 500,
    message:
      'Something went wrong on our side. Nothing was lost; try again, and name the request id if it stays.',
    problems: [],
    extra: {},
  }
  if (reply.raw.headersSent) return void reply.raw.destroy()
  await reply
    .status(shown.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(
      JSON.stringify({
        type: `/errors/${shown.code}`,
        title: TITLES[shown.status] ?? 'Error',
        status: shown.status,
        code: shown.code,
        detail: shown.message,
        requestId: request.id,
        ...(shown.problems.length > 0 ? { errors: shown.problems } : {}),
        ...shown.extra,
      }),
    )
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Forbidden',
  404: 'Not found',
  409: 'Conflict',
  410: 'Gone',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Not acceptable',
  429: 'Too many requests',
  500: 'Internal error',
  502: 'Bad gateway',
  503: 'Unavailable',
}

function knownError(error: unknown): AppError | null {
  if (error instanceof AppError) return error
  if (error instanceof ZodError) return errors.invalid({}, { problems: problemsOf(error) })
  const code = codeOf(error)
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || code === 'FST_REQ_FILE_TOO_LARGE') return errors.too_large()
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return errors.type_not_supported()
  if (
    code === 'FST_ERR_CTP_INVALID_JSON_BODY' ||
    code === 'FST_ERR_CTP_EMPTY_JSON_BODY' ||
    error instanceof SyntaxError
  )
    return errors.invalid({}, { problems: [{ path: 'body', message: 'The body is not valid JSON.' }] })
  if (code === '53100' || code === 'ENOSPC') return errors.storage_full({}, { cause: error })
  if (UNAVAILABLE.has(code)) return errors.unavailable({}, { cause: error })
  if (
    /timeout exceeded when trying to connect|Connection terminated/.test(
      error instanceof Error ? error.message : '',
    )
  )
    return errors.unavailable({}, { cause: error })
  return null
}

/** PostgreSQL is starting, stopping or gone. */
const UNAVAILABLE = new Set([
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
  '08003',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
])

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''

/** Zod's findings as paths that a form can point at. */
export function problemsOf(error: ZodError, prefix: readonly string[] = []): FieldProblem[] {
  return error.issues
    .slice(0, PROBLEMS_MAX)
    .map((issue) => ({ path: [...prefix, ...issue.path.map(String)].join('.'), message: issue.message }))
}
const PROBLEMS_MAX = 50

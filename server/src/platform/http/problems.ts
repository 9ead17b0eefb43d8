/** Every error answers as RFC 9457 problem details: a code for programs, a sentence for people, the fields at fault. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { ZodError } from 'zod'
import { AppError, type FieldProblem } from '../errors.ts'
import type { Platform } from '../platform.ts'
import { isStorable } from '../storable.ts'
import { errors } from './errors.ts'
import { inLanguage, localeOf } from './language.ts'

/**
 * Answers an error in the caller's language. Ours are told as they are; anything else is a bug: the caller gets its
 * number, the log its cause.
 */
export async function answerError(
  platform: Platform,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const known = knownError(error, request)
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
  const locale = localeOf(request)
  const said = (sentence: string): string => inLanguage(sentence, locale)
  await reply
    .status(shown.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(
      JSON.stringify({
        // First: what every answer has is never another's.
        ...shown.extra,
        type: `/errors/${shown.code}`,
        title: TITLES[shown.status] ?? 'Error',
        status: shown.status,
        code: shown.code,
        detail: said(shown.message),
        requestId: request.id,
        ...(shown.problems.length > 0
          ? { errors: shown.problems.map(({ path, message }) => ({ path, message: said(message) })) }
          : {}),
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

function knownError(error: unknown, request: FastifyRequest): AppError | null {
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
  if (NOT_STORABLE.has(code)) return notStorable(request, error)
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

/**
 * PostgreSQL's text holds neither NUL nor half a surrogate pair. Where the request brought one, it is told which field
 * holds it; where not, the text is of our own making and the fault is ours.
 */
function notStorable(request: FastifyRequest, cause: unknown): AppError | null {
  const sent = { ...asRecord(request.params), ...asRecord(request.query), ...asRecord(request.body) }
  const path = pathOf(sent, (text) => !isStorable(text))
  return path === null
    ? null
    : errors.invalid(
        {},
        { problems: [{ path, message: 'This text holds a character that cannot be stored.' }], cause },
      )
}

/** PostgreSQL could not take a text, or JSON that holds one. */
const NOT_STORABLE = new Set(['22021', '22P02', '22P05'])

const asRecord = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})

/** Where in a value the first text lies that is looked for, dotted; null where none is. */
function pathOf(value: unknown, isSought: (text: string) => boolean): string | null {
  const waiting: { path: string; value: unknown }[] = [{ path: '', value }]
  for (const { path, value: one } of waiting) {
    if (typeof one === 'string' && isSought(one)) return path
    if (typeof one !== 'object' || one === null) continue
    for (const [key, inner] of Object.entries(one)) {
      const innerPath = path === '' ? key : `${path}.${key}`
      if (isSought(key)) return innerPath
      waiting.push({ path: innerPath, value: inner })
    }
  }
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
export function problemsOf(error: Pick<ZodError, 'issues'>, prefix: readonly string[] = []): FieldProblem[] {
  return error.issues
    .flatMap((issue) => problemsOfIssue(issue, [...prefix, ...issue.path.map(String)]))
    .slice(0, PROBLEMS_MAX)
}
const PROBLEMS_MAX = 50

type Issue = ZodError['issues'][number]

/** Of several shapes that a value may have, what is wrong with the one that was meant, as far as that can be told. */
function problemsOfIssue(issue: Issue, path: readonly string[]): FieldProblem[] {
  const own = { path: path.join('.'), message: issue.message }
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [own]
  const [meant, ...others] = issue.errors.toSorted((one, other) => depthOf(other) - depthOf(one))
  if (meant && others.every((other) => depthOf(other) < depthOf(meant)))
    return problemsOf({ issues: meant }, path)
  // Nothing of either is there: which is meant is the caller's to say.
  const keys = issue.errors.map((issues) => issues.map(({ path: [key] }) => String(key ?? '')).join(' + '))
  if (!keys.includes('')) return [{ ...own, message: `Needs one of: ${[...new Set(keys)].join(' | ')}.` }]
  if (own.message !== 'Invalid input') return [own]
  return [{ ...own, message: meant?.find(({ path: inner }) => inner.length === 0)?.message ?? own.message }]
}

/**
 * How far into a value one got before something was wrong: nothing there, something of another type, something of the
 * right type that does not do.
 */
function depthOf(issues: readonly Issue[]): number {
  // A value of another type is not meant, whatever else the schema says of it.
  const another = issues.filter(({ code, path }) => code === 'invalid_type' && path.length === 0)
  return Math.max(0, ...(another.length > 0 ? another : issues).map(depthOfIssue))
}

function depthOfIssue(issue: Issue): number {
  const depth = issue.path.length
  if (issue.code === 'invalid_union') return depth + Math.max(0, ...issue.errors.map(depthOf))
  if (issue.code !== 'invalid_type') return depth + 0.75
  return depth + (issue.message.endsWith('received undefined') ? 0 : 0.5)
}

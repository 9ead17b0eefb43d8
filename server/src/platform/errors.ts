/** Errors: defined once per room, thrown where found, caught only in platform/http and platform/jobs. */

/** One thing wrong with one field of an input. `path` is dotted, as the caller wrote it. */
export interface FieldProblem {
  path: string
  message: string
}

/** An expected refusal: a code for programs, a public sentence for people, a detail for the log. */
export class AppError extends Error {
  readonly code: string
  readonly status: number
  /** Logged, never answered. */
  readonly detail: Readonly<Record<string, unknown>>
  /** Answered: what is wrong, field by field. */
  readonly problems: readonly FieldProblem[]
  /** Answered beside the sentence: what is allowed, when to come back, and the like. */
  readonly extra: Readonly<Record<string, unknown>>

  constructor(code: string, status: number, message: string, options: ErrorOptionsOf = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.status = status
    this.detail = options.detail ?? {}
    this.problems = options.problems ?? []
    this.extra = options.extra ?? {}
  }
}

interface ErrorOptionsOf {
  detail?: Record<string, unknown>
  problems?: readonly FieldProblem[]
  extra?: Record<string, unknown>
  cause?: unknown
}

/** What a room writes about each of its errors. */
export interface ErrorDefinition {
  status: 400 | 401 | 402 | 403 | 404 | 409 | 410 | 413 | 415 | 422 | 429 | 502 | 503
  message: string
}

/** Calling one of a room's errors makes it, ready to be thrown. */
export type ErrorFactory = (
  detail?: Record<string, unknown>,
  more?: Omit<ErrorOptionsOf, 'detail'>,
) => AppError

/**
 * Defines the errors of a room: `errors.not_found({ id })` gives an AppError with code `room.not_found`.
 */
export function defineErrors<const D extends Record<string, ErrorDefinition>>(
  room: string,
  definitions: D,
): { [K in keyof D]: ErrorFactory } {
  const factories: Partial<Record<keyof D, ErrorFactory>> = {}
  for (const name of Object.keys(definitions) as (keyof D & string)[]) {
    const { status, message } = definitions[name] as ErrorDefinition
    factories[name] = (detail = {}, more = {}) =>
      new AppError(`${room}.${name}`, status, message, { detail, ...more })
  }
  return factories as { [K in keyof D]: ErrorFactory } // every key was just set
}

/** A broken promise inside our own code: a bug, never the caller's fault. */
export class AssertionError extends Error {}

/** States an invariant. @throws AssertionError when it does not hold */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message)
}

/** For code that the types say cannot be reached. */
export function unreachable(message: string): never {
  throw new AssertionError(message)
}

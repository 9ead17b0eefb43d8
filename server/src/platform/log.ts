/** Structured logs. No addresses, names, message bodies or secrets: ids and codes only. */
import { pino, type DestinationStream } from 'pino'

export interface Log {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
  child(fields: LogFields): Log
}

/** What a line may carry. `error` is serialised with its stack. */
export type LogFields = Readonly<Record<string, unknown>>

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Fields that must never be written, whatever a caller passes. */
const REDACTED = [
  'email',
  'phone',
  'address',
  'password',
  'authorization',
  'cookie',
  'token',
  'secret',
  'first_name',
  'last_name',
  'firstName',
  'lastName',
].flatMap((name) => [name, `*.${name}`])

/** A logger that writes JSON lines to standard output, or to `destination` in tests. */
export function createLog(level: LogLevel, fields: LogFields = {}, destination?: DestinationStream): Log {
  const options = {
    level,
    base: fields as Record<string, unknown>,
    redact: { paths: REDACTED, censor: '[removed]' },
    serializers: { error: errorFields },
    timestamp: isoTime,
  }
  return destination ? pino(options, destination) : pino(options)
}

/**
 * What may be known of an error. Drivers hang whole connections with keys and statements on theirs, and `detail` of a
 * database error quotes rows: neither is written.
 */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error)
  return {
    type: error.constructor.name,
    message: error.message,
    stack: error.stack,
    ...('code' in error ? { code: String(error.code) } : {}),
    ...(error.cause === undefined ? {} : { cause: errorFields(error.cause) }),
  }
}

const isoTime = (): string => `,"time":"${new Date().toISOString()}"`

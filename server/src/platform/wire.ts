/**
 * The grammar of our wire: route maps, ids, instants, pages. Pure zod, so that a room's `schema.ts` may use it and
 * the web may import the types.
 */
import { z } from 'zod'
import { type Id, type IdKind, fromWire, toWire, wirePattern } from './ids.ts'
import type { Permission } from './permissions.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type RouteKey = `${Method} /${string}`

/** An answer that is not JSON: a page, a file, a picture. The handler gives a string, buffer or stream. */
export interface Raw {
  readonly contentType: string
}

/** A file in the place of a route's JSON; see `RouteSpec.files`. */
export class FileAnswer {
  readonly contentType: string
  readonly filename: string
  readonly body: string | Buffer

  constructor(contentType: string, filename: string, body: string | Buffer) {
    this.contentType = contentType
    this.filename = filename
    this.body = body
  }
}

/** Declares an answer that is not JSON. */
export const raw = (contentType: string): Raw => ({ contentType })

/** What a route takes, gives and demands. `ok` is written from the wire's side: its input is what callers see. */
export interface RouteSpec {
  /** One line for the API page. */
  summary: string
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodType
  /** The answer; absent means 204 without a body. */
  ok?: z.ZodType | Raw
  /** Types of files that the handler may answer with instead (`FileAnswer`), when the caller asks for one. */
  files?: readonly string[]
  status?: 200 | 201 | 202
  /** A permission; `person` for signed-in people without an organization; `public` for everybody. */
  permission: Permission | 'person' | 'public'
  /** The body is a stream of parts that the handler reads itself. */
  multipart?: true
  /**
   * Programs of others call it: from pages of any origin and at any rate, with a body of any type, which the handler
   * reads itself with `bodyOf`; `body` only describes it.
   */
  intake?: true
  /** Largest body, in bytes, when not the usual 1 MiB. */
  bodyBytesMax?: number
  /** The answer shows a secret once: it is not kept for a repeated Idempotency-Key. */
  answerIsSecret?: true
  /** May be called with a form from anywhere and without an origin (RFC 8058 one-click, tracked links). */
  crossOrigin?: true
}

/** Declares the routes of a room, keyed `METHOD /path/:param`. */
export function defineRoutes<const R extends Record<RouteKey, RouteSpec>>(routes: R): R {
  return routes
}

/** An id of a kind: opaque on the wire, in database form and branded in code. */
export function wireId<const K extends IdKind>(kind: K): z.ZodCodec<z.ZodString, z.ZodCustom<Id<K>, Id<K>>> {
  return z.codec(
    z.string().regex(wirePattern(kind), `Not an id of this kind (${kind.replaceAll('_', ' ')}).`),
    z.custom<Id<K>>((value) => typeof value === 'string'),
    {
      decode: (wire) => fromWire(kind, wire) as Id<K>, // the pattern proved the kind
      encode: (id) => toWire(kind, id),
    },
  )
}

/** An instant: ISO 8601 with zone on the wire, Date in code. */
export const instant = z.codec(z.iso.datetime({ offset: true }), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
})

/** A calendar day, `2026-11-27`. */
export const day = z.iso.date()

/** Rows a list gives unless asked otherwise, and at the most (CS-014.1). */
export const PAGE_ROWS = 20
export const PAGE_ROWS_MAX = 100

/** Room for the longest name that a list is ordered by, every letter of it in four bytes. */
export const CURSOR_CHARS_MAX = 2_000

/** The query pieces of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).default(PAGE_ROWS),
  cursor: z.string().max(CURSOR_CHARS_MAX).optional(),
}

/** A page of a list: its rows, the cursor of the next page or null, and the total where it is cheap. */
export function pageOf<T extends z.ZodType>(
  item: T,
): z.ZodObject<{
  items: z.ZodArray<T>
  nextCursor: z.ZodNullable<z.ZodString>
  total: z.ZodOptional<z.ZodNumber>
}> {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    total: z.number().int().optional(),
  })
}

/** A comma-separated list in a query string. */
export function commaList<T extends z.ZodType<unknown, string>>(item: T): z.ZodType<z.output<T>[], string> {
  return z
    .string()
    .transform((text) => text.split(',').filter((part) => part !== ''))
    .pipe(z.array(item))
}

/** The position after which the next page begins, as an opaque text. */
export function encodeCursor(parts: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/**
 * Reads a cursor written by encodeCursor.
 * @returns null when it was not, which a list answers as a 400
 */
export function decodeCursor(cursor: string): (string | number | null)[] | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return cursorParts.parse(parts)
  } catch {
    return null
  }
}
const cursorParts = z.array(z.union([z.string(), z.number(), z.null()])).max(8)

/** RFC 9457 problem details, as every error answers. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})

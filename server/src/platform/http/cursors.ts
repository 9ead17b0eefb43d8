/**
 * Cursors name the list that gave them: its path with its ids, its filters and its order. What another list gave would
 * begin a page at a place that means nothing there, so it is refused, here, for every list at once.
 */
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { errors } from './errors.ts'

type Query = Record<string, unknown>

const NAME_CHARS = 8
/** What may differ between two pages of one list. */
const OF_A_PAGE = new Set(['cursor', 'limit'])

/** A body as it is answered: the cursor of its next page says which list gave it. */
export function withNamedCursor(request: FastifyRequest, body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('nextCursor' in body)) return body
  const { nextCursor } = body
  return typeof nextCursor === 'string' ? { ...body, nextCursor: nameOf(request) + nextCursor } : body
}

/** A query as its list reads it: the cursor without the name. @throws request.cursor_foreign */
export function withOwnCursor(request: FastifyRequest, query: Query): Query {
  const { cursor } = query
  if (typeof cursor !== 'string') return query
  if (!cursor.startsWith(nameOf(request)))
    throw errors.cursor_foreign(
      {},
      { problems: [{ path: 'cursor', message: 'This cursor was not given by this list.' }] },
    )
  return { ...query, cursor: cursor.slice(NAME_CHARS) }
}

function nameOf(request: FastifyRequest): string {
  const [path = ''] = request.url.split('?', 1)
  const filters = Object.entries(request.query ?? {}).filter(([name]) => !OF_A_PAGE.has(name))
  const list = JSON.stringify([path, filters.toSorted(([one], [other]) => (one < other ? -1 : 1))])
  return createHash('sha256').update(list).digest('base64url').slice(0, NAME_CHARS)
}

/** Lists of contacts. */
import type { Ctx } from '../../platform/context.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { errors } from '../errors.ts'
import { type Contact, nameKeys } from '../store/draft.ts'
import { type Condition, type ContactFilter, conditionOf } from './filter.ts'
import { type Place, type Sort, countContacts, countUpTo, selectPage } from './queries.ts'

/** Up to here the total is cheap, so that the first page of a list brings it along. */
const TOTAL_MAX = 10_000

/** A page of contacts; the total comes with the first page, when it is small. */
export interface ContactPage {
  items: Contact[]
  nextCursor: string | null
  total?: number
}

/**
 * A page of the contacts that a filter names.
 * @throws contacts.cursor_invalid
 */
export async function listContacts(
  ctx: Ctx,
  filter: ContactFilter,
  page: { sort: Sort; limit: number; cursor?: string | undefined },
): Promise<ContactPage> {
  const condition = filterCondition(filter)
  const after = page.cursor === undefined ? null : placeOf(page.cursor, page.sort)
  const rows = await selectPage(ctx, condition, page.sort, after, page.limit + 1)
  const items = rows.slice(0, page.limit)
  const last = rows.length > page.limit ? items.at(-1) : undefined
  const total = after ? null : await countUpTo(ctx, condition, TOTAL_MAX)
  return {
    items,
    nextCursor: last ? encodeCursor([page.sort, sortValue(last, page.sort), last.id]) : null,
    ...(total === null ? {} : { total }),
  }
}

/** How many contacts a filter names. */
export function countMatching(ctx: Ctx, filter: ContactFilter): Promise<number> {
  return countContacts(ctx, filterCondition(filter))
}

/** The condition of a filter with its parameters from $2 on, after the organization. */
export function filterCondition(filter: ContactFilter): Condition {
  return conditionOf(filter, 2)
}

function placeOf(cursor: string, sort: Sort): Place {
  const [forSort, value, id] = decodeCursor(cursor) ?? []
  const isPlace =
    forSort === sort &&
    typeof id === 'string' &&
    /^\d{1,19}$/.test(id) &&
    (typeof value === 'string' || (value === null && sort.endsWith('email')))
  if (!isPlace) throw errors.cursor_invalid()
  if (sort.endsWith('createdAt') && Number.isNaN(Date.parse(value ?? ''))) throw errors.cursor_invalid()
  return { value: value ?? null, id }
}

function sortValue(contact: Contact, sort: Sort): string | null {
  if (sort.endsWith('createdAt')) return contact.createdAt.toISOString()
  return sort.endsWith('email') ? contact.email : nameKeys(contact).nameKey
}

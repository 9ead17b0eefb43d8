/** The SQL of lists of contacts: its text depends on what was asked for, its values are parameters. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { Contact } from '../store/draft.ts'
import { CONTACT_COLUMNS } from '../store/queries.ts'
import type { Condition } from './filter.ts'

/** Orders that an index serves. */
export const SORTS = ['-createdAt', 'createdAt', 'name', '-name', 'email', '-email'] as const
export type Sort = (typeof SORTS)[number]

const SORT_COLUMN = { createdAt: 'created_at', name: 'name_key', email: 'email' } as const

/** A place in a sorted list: the value that is sorted by (null for no e-mail) and the id. */
export interface Place {
  value: string | null
  id: string
}

/** Contacts that fulfil a condition written for parameters from $2 on, in the order asked for, after a place. */
export async function selectPage(
  ctx: Ctx,
  condition: Condition,
  sort: Sort,
  after: Place | null,
  limit: number,
): Promise<Contact[]> {
  const descending = sort.startsWith('-')
  const column = SORT_COLUMN[(descending ? sort.slice(1) : sort) as keyof typeof SORT_COLUMN] // SORTS has these three only
  const read = (more: string, values: unknown[], order: string, rows: number): Promise<Contact[]> =>
    ctx.db.query<Contact>(
      `select ${CONTACT_COLUMNS} from contact c where c.org_id = $1 and ${condition.sql} ${more} order by ${order} limit ${rows}`,
      [ctx.orgId, ...condition.values, ...values],
    )
  const [first, second] = [`$${condition.values.length + 2}`, `$${condition.values.length + 3}`]
  const direction = descending ? 'desc' : 'asc'
  const beyond = descending ? '<' : '>'
  const order = `c.${column} ${direction}, c.id ${direction}`
  if (column !== 'email') {
    const cast = column === 'created_at' ? '::timestamptz' : ''
    return after
      ? read(
          `and (c.${column}, c.id) ${beyond} (${first}${cast}, ${second}::bigint)`,
          [after.value, after.id],
          order,
          limit,
        )
      : read('', [], order, limit)
  }
  // People without an address come last in both directions; two reads, so that each follows an index.
  const withEmail =
    after && after.value === null
      ? []
      : after
        ? await read(
            `and (c.email, c.id) ${beyond} (${first}, ${second}::bigint)`,
            [after.value, after.id],
            order,
            limit,
          )
        : await read('and c.email is not null', [], order, limit)
  if (withEmail.length === limit) return withEmail
  const afterId = after && after.value === null ? after.id : '0'
  const without = await read(
    `and c.email is null and c.id > ${first}::bigint`,
    [afterId],
    'c.id',
    limit - withEmail.length,
  )
  return [...withEmail, ...without]
}

/** How many contacts fulfil a condition, when there are at most so many; null when there are more. */
export async function countUpTo(ctx: Ctx, condition: Condition, most: number): Promise<number | null> {
  const [row] = await ctx.db.query<{ count: number }>(
    `select count(*)::int as count
     from (select 1 from contact c where c.org_id = $1 and ${condition.sql} limit ${most + 1}) few`,
    [ctx.orgId, ...condition.values],
  )
  return row === undefined || row.count > most ? null : row.count
}

/** How many contacts fulfil a condition. */
export async function countContacts(ctx: Ctx, condition: Condition): Promise<number> {
  const [row] = await ctx.db.query<{ count: number }>(
    `select count(*)::int as count from contact c where c.org_id = $1 and ${condition.sql}`,
    [ctx.orgId, ...condition.values],
  )
  return row?.count ?? 0
}

/** The next contacts by id, for work over all that match. The condition's parameters begin at $2. */
export function selectNext(
  ctx: Ctx,
  condition: Condition,
  afterId: string,
  limit: number,
): Promise<Contact[]> {
  const next = condition.values.length + 2
  return ctx.db.query<Contact>(
    `select ${CONTACT_COLUMNS} from contact c
     where c.org_id = $1 and ${condition.sql} and c.id > $${next}::bigint
     order by c.id
     limit ${limit}`,
    [ctx.orgId, ...condition.values, afterId],
  )
}

/** The same, locked, ids only: the caller reads them whole under the lock. */
export function selectNextIds(
  ctx: Ctx,
  condition: Condition,
  afterId: string,
  limit: number,
): Promise<{ id: ContactId }[]> {
  const next = condition.values.length + 2
  return ctx.db.query<{ id: ContactId }>(
    `select c.id from contact c
     where c.org_id = $1 and ${condition.sql} and c.id > $${next}::bigint
     order by c.id
     limit ${limit}`,
    [ctx.orgId, ...condition.values, afterId],
  )
}

/** What happened to a person, latest first: their part of the event log. */
export function selectTimeline(
  ctx: Ctx,
  id: ContactId,
  after: { at: string; seq: string } | null,
  limit: number,
): Promise<{ seq: string; at: Date; type: string; campaignId: string | null; channel: string | null }[]> {
  return ctx.db.named<{
    seq: string
    at: Date
    type: string
    campaignId: string | null
    channel: string | null
  }>(
    'contacts_timeline',
    `
    select seq, at, type, campaign_id, channel from event
    where org_id = $1 and contact_id = $2 and ($3::timestamptz is null or (at, seq) < ($3::timestamptz, $4::bigint))
    order by at desc, seq desc
    limit $5`,
    [ctx.orgId, id, after?.at ?? null, after?.seq ?? null, limit],
  )
}

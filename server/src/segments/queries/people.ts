/** SQL over contacts by a predicate: counting, sampling, listing. The predicate's text is ours, its values parameters. */
import { z } from 'zod'
import { reachabilitySql, type SendChannel } from '../../consent/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { avoidNestedLoops, inTransaction } from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { SqlPlace, SqlValue } from '../rules/sql-text.ts'

/** A predicate made for one place. */
export type Predicate = (place: SqlPlace) => { text: string; values: SqlValue[] }

/** A contact as lists of people show it. */
export interface ListedPerson {
  id: ContactId
  firstName: string | null
  lastName: string | null
  email: string | null
  phone: string | null
  country: string | null
  language: string | null
  createdAt: Date
}

/** People who have one combination of properties. */
export interface Group {
  country: string | null
  language: string | null
  tier: string | null
  /** By the score: `high` from 60, `medium` from 20, `low` above 0, else `none`. */
  engagement: string
  spending: string | null
  count: number
  /** Of all of them, net of refunds, in the organization's currency. */
  revenueMinor: number
  /** The sum of the squares of each one's revenue. */
  revenueSquares: number
}

/** Ids of contacts as PostgreSQL writes an array: they go from one statement into the next unread. */
export type IdArray = string

/** PostgreSQL's code of a statement that was stopped by its time limit. */
const STATEMENT_STOPPED = '57014'

const LISTED = 'c.id, c.first_name, c.last_name, c.email, c.phone, c.country, c.language, c.created_at'

const at = (firstParam: number): SqlPlace => ({ alias: 'c', orgIdParam: '$1', firstParam })

/**
 * Counts who matches, and draws some of them fairly: by a hash of their ids, so that it does not matter how these lie.
 * One pass in parallel over the contacts; only ids are held, and of very long lists not all of those.
 * @param draw.size  about how many are drawn; everybody when they are fewer
 * @param draw.oneIn  of how many contacts the id of one is held
 * @returns null when it took longer than `timeoutMs`
 */
export async function countAndDraw(
  ctx: Ctx,
  predicate: Predicate,
  draw: { size: number; oneIn: number; seed: number },
  timeoutMs: number,
): Promise<{ count: number; ids: IdArray } | null> {
  const { text, values } = predicate(at(5))
  const rows = await withinTime(ctx, timeoutMs, (inner) =>
    inner.db.query<{ count: number; ids: IdArray }>(
      `
      with found as materialized (
        select count(*)::int as count,
          array_agg(c.id) filter (where $3::int = 1 or hashint8extended(c.id, $4::bigint + 1) & 2147483647 < 2147483648 / $3::int) as ids
        from contact c
        where c.org_id = $1 and (${text})
      )
      select count, coalesce((
        select array_agg(drawn.id)
        from unnest(found.ids) as drawn (id)
        where hashint8extended(drawn.id, $4::bigint) & 2147483647 < 2147483648.0::float8 * $2::int / cardinality(found.ids)
      ), '{}')::text as ids
      from found`,
      [ctx.orgId, draw.size, draw.oneIn, draw.seed, ...values],
    ),
  )
  return rows === null ? null : (rows[0] ?? { count: 0, ids: '{}' })
}

/** What some people are: how many there are of each combination of properties. */
export function selectGroups(ctx: Ctx, ids: IdArray): Promise<Group[]> {
  return ctx.db.named<Group>(
    'segments_groups',
    `
    select c.country, c.language, c.subscription_tier as tier,
      case when p.engagement_score >= 60 then 'high' when p.engagement_score >= 20 then 'medium'
        when p.engagement_score > 0 then 'low' else 'none' end as engagement,
      p.spending_level as spending, count(*)::int as count,
      coalesce(sum(p.revenue_minor), 0)::float8 as revenue_minor,
      coalesce(sum(p.revenue_minor::float8 * p.revenue_minor), 0) as revenue_squares
    from contact c
    left join contact_profile p on p.org_id = $1 and p.contact_id = c.id and p.contact_id = any($2::bigint[])
    where c.org_id = $1 and c.id = any($2::bigint[])
    group by 1, 2, 3, 4, 5`,
    [ctx.orgId, ids],
  )
}

/** How many of some people may be written to on each of these channels: the same reading as before a hand-over. */
export async function countReachable<C extends SendChannel>(
  ctx: Ctx,
  ids: IdArray,
  channels: readonly C[],
): Promise<{ channel: C; count: number }[]> {
  const reaches = channels.map((channel) =>
    reachabilitySql({
      channel,
      purpose: 'marketing',
      org: '$1',
      now: '$3::timestamptz',
      suffix: `_${channel}`,
      byKey: true,
    }),
  )
  const [counts] = await ctx.db.query<Record<string, number>>(
    `
    select ${reaches.map(({ reason }, n) => `(count(*) filter (where (${reason}) is null))::int as n${n}`).join(', ')}
    from contact c ${reaches.map(({ joins }) => joins).join(' ')}
    where c.org_id = $1 and c.id = any($2::bigint[])`,
    [ctx.orgId, ids, ctx.now()],
  )
  return channels.map((channel, n) => ({ channel, count: counts?.[`n${n}`] ?? 0 }))
}

/** The newest of some people. */
export function selectNewest(ctx: Ctx, ids: IdArray, limit: number): Promise<ListedPerson[]> {
  return ctx.db.named<ListedPerson>(
    'segments_newest',
    `
    select ${LISTED}
    from contact c
    where c.org_id = $1 and c.id = any(array(select id from unnest($2::bigint[]) as s (id) order by id desc limit $3))
    order by c.id desc`,
    [ctx.orgId, ids, limit],
  )
}

/** What the planner expects counting to cost, in its own units. */
export async function selectPlanCost(ctx: Ctx, predicate: Predicate): Promise<number> {
  const { text, values } = predicate(at(2))
  const [row] = await ctx.db.query(
    `explain (format json) select count(*) from contact c where c.org_id = $1 and (${text})`,
    [ctx.orgId, ...values],
  )
  return planOf.parse(row === undefined ? undefined : Object.values(row)[0])[0].Plan['Total Cost']
}
const planOf = z.tuple([z.object({ Plan: z.object({ 'Total Cost': z.number() }) })])

/** Counts who matches. @returns null when it took longer than `timeoutMs` */
export async function countPeople(ctx: Ctx, predicate: Predicate, timeoutMs: number): Promise<number | null> {
  const { text, values } = predicate(at(2))
  const rows = await withinTime(ctx, timeoutMs, (inner) =>
    inner.db.query<{ count: number }>(
      `select count(*)::int as count from contact c where c.org_id = $1 and (${text})`,
      [ctx.orgId, ...values],
    ),
  )
  return rows === null ? null : (rows[0]?.count ?? 0)
}

/** People who match, newest first, after one of them. @returns null when it took longer than `timeoutMs` */
export function selectPeople(
  ctx: Ctx,
  predicate: Predicate,
  page: { afterId: string | null; limit: number },
  timeoutMs: number,
): Promise<ListedPerson[] | null> {
  const { text, values } = predicate(at(4))
  return withinTime(ctx, timeoutMs, (inner) =>
    inner.db.query<ListedPerson>(
      `
      select ${LISTED}
      from contact c
      where c.org_id = $1 and ($2::bigint is null or c.id < $2) and (${text})
      order by c.id desc
      limit $3`,
      [ctx.orgId, page.afterId, page.limit, ...values],
    ),
  )
}

/** Who of a few people match. */
export async function selectAmong(
  ctx: Ctx,
  predicate: Predicate,
  ids: readonly ContactId[],
): Promise<ReadonlySet<ContactId>> {
  const { text, values } = predicate({ alias: 'c', orgIdParam: '$1', firstParam: 3, idsParam: '$2' })
  const rows = await ctx.db.query<{ id: ContactId }>(
    `
    select c.id
    from contact c
    where c.org_id = $1 and c.id = any($2::bigint[]) and (${text})`,
    [ctx.orgId, ids, ...values],
  )
  return new Set(rows.map(({ id }) => id))
}

/** The lowest and highest id of the organization's contacts; null when it has none. */
export async function selectIdRange(ctx: Ctx): Promise<{ low: number; high: number } | null> {
  const [row] = await ctx.db.named<{ low: string | null; high: string | null }>(
    'segments_contact_range',
    'select min(c.id) as low, max(c.id) as high from contact c where c.org_id = $1',
    [ctx.orgId],
  )
  return row?.low === null || row?.high === null || row === undefined
    ? null
    : { low: Number(row.low), high: Number(row.high) }
}

/**
 * Looks at the contacts that have one of these ids, and who of them matches. Each id is as likely as any other, so
 * those found are a fair sample of all contacts, however unevenly their ids lie.
 * @returns null when it took longer than `timeoutMs`
 */
export async function lookAt(
  ctx: Ctx,
  ids: IdArray,
  predicate: Predicate,
  timeoutMs: number,
): Promise<{ found: number; matching: ContactId[] } | null> {
  const { text, values } = predicate({ ...at(3), idsParam: '$2' })
  const rows = await withinTime(ctx, timeoutMs, (inner) =>
    inner.db.query<{ found: number; matching: ContactId[] }>(
      `
      with looked as materialized (
        select c.id, (${text}) is true as matches from contact c where c.org_id = $1 and c.id = any($2::bigint[])
      )
      select count(*)::int as found, coalesce(array_agg(id) filter (where matches), '{}') as matching from looked`,
      [ctx.orgId, ids, ...values],
    ),
  )
  return rows === null ? null : (rows[0] ?? { found: 0, matching: [] })
}

/**
 * Runs a statement under a time limit of its own. Being stopped by it is an answer, not a failure: it says that the
 * rule is too costly to count now. Must not run inside a caller's transaction, which the stop would end.
 */
export async function withinTime<T>(
  ctx: Ctx,
  timeoutMs: number,
  work: (ctx: Ctx) => Promise<T>,
): Promise<T | null> {
  try {
    return await inTransaction(ctx, async (inner) => {
      await inner.db.named('segments_time_limit', "select set_config('statement_timeout', $1, true)", [
        String(timeoutMs),
      ])
      await avoidNestedLoops(inner)
      return work(inner)
    })
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === STATEMENT_STOPPED)
      return null
    throw error
  }
}

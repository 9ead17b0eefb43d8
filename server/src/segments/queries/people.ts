/** SQL over contacts by a predicate: counting, sampling, listing. The predicate's text is ours, its values parameters. */
import { z } from 'zod'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
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
  /** The combinations that were too rare to be told apart. */
  isRest: boolean
}

/** Someone looked at for an estimate. */
export interface Probe extends ListedPerson {
  tier: string | null
  engagement: string
  spending: string | null
  revenueMinor: number
  matches: boolean
}

/** PostgreSQL's code of a statement that was stopped by its time limit. */
const STATEMENT_STOPPED = '57014'

/** The rarest combinations are folded into one when there are more than this. */
const GROUPS_MAX = 5_000

const LISTED = 'c.id, c.first_name, c.last_name, c.email, c.phone, c.country, c.language, c.created_at'

/** What a contact has become; one without a row has done nothing yet. */
const BECOME = `case when p.engagement_score >= 60 then 'high' when p.engagement_score >= 20 then 'medium'
        when p.engagement_score > 0 then 'low' else 'none' end as engagement, p.spending_level as spending`

const at = (firstParam: number): SqlPlace => ({ alias: 'c', orgIdParam: '$1', firstParam })

/**
 * Counts who matches, by properties.
 * One pass in parallel over the contacts; the groups are few, whatever the number of people.
 * @returns null when it took longer than `timeoutMs`
 */
export function selectGroups(ctx: Ctx, predicate: Predicate, timeoutMs: number): Promise<Group[] | null> {
  const { text, values } = predicate(at(3))
  return withinTime(ctx, timeoutMs, (inner) =>
    inner.db.query<Group>(
      `
      with grouped as (
        select c.country, c.language, c.subscription_tier as tier, ${BECOME}, count(*)::int as count,
          coalesce(sum(p.revenue_minor), 0)::float8 as revenue_minor
        from contact c
        left join contact_profile p on p.org_id = c.org_id and p.contact_id = c.id
        where c.org_id = $1 and (${text})
        group by 1, 2, 3, 4, 5
      ), ranked as (
        select grouped.*, row_number() over (order by count desc) <= $2 as is_shown from grouped
      )
      select country, language, tier, engagement, spending, count, revenue_minor, false as is_rest from ranked where is_shown
      union all
      select null, null, null, 'none', null, sum(count)::int, sum(revenue_minor), true from ranked where not is_shown
      having count(*) > 0`,
      [ctx.orgId, GROUPS_MAX, ...values],
    ),
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

/** How many of some people match. @returns null when it took longer than `timeoutMs` */
export async function countAmong(
  ctx: Ctx,
  ids: readonly ContactId[],
  predicate: Predicate,
  timeoutMs: number,
): Promise<number | null> {
  const { text, values } = predicate({ ...at(3), idsParam: '$2' })
  const rows = await withinTime(ctx, timeoutMs, (inner) =>
    inner.db.query<{ count: number }>(
      `select count(*)::int as count from contact c where c.org_id = $1 and c.id = any($2::bigint[]) and (${text})`,
      [ctx.orgId, ids, ...values],
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

/** Whether the organization has at least so many contacts; never counts further. */
export async function hasContacts(ctx: Ctx, atLeast: number): Promise<boolean> {
  const [row] = await ctx.db.named<{ count: number }>(
    'segments_contacts_at_least',
    'select count(*)::int as count from (select 1 from contact c where c.org_id = $1 limit $2) as present',
    [ctx.orgId, atLeast],
  )
  return (row?.count ?? 0) >= atLeast
}

/**
 * Looks at the contacts that have one of these ids, and whether each matches. Each id is as likely as any other, so
 * those found are a fair sample of all contacts, however unevenly their ids lie.
 * @returns null when it took longer than `timeoutMs`
 */
export function selectProbes(
  ctx: Ctx,
  ids: readonly string[],
  predicate: Predicate,
  timeoutMs: number,
): Promise<Probe[] | null> {
  const { text, values } = predicate({ ...at(3), idsParam: '$2' })
  return withinTime(ctx, timeoutMs, (inner) =>
    inner.db.query<Probe>(
      `
      select ${LISTED}, c.subscription_tier as tier, ${BECOME}, coalesce(p.revenue_minor, 0)::float8 as revenue_minor,
        (${text}) is true as matches
      from contact c
      left join contact_profile p on p.org_id = $1 and p.contact_id = c.id and p.contact_id = any($2::bigint[])
      where c.org_id = $1 and c.id = any($2::bigint[])`,
      [ctx.orgId, ids, ...values],
    ),
  )
}

/**
 * Right after an import no table has statistics: the planner then takes everybody for one person and compares all with
 * all. Hash joins are never far from best over lists; probes by index stay as they are. For the present transaction.
 */
export async function hashOnly(ctx: Ctx): Promise<void> {
  await ctx.db.query('set local enable_nestloop = off')
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
      await hashOnly(inner)
      return work(inner)
    })
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === STATEMENT_STOPPED)
      return null
    throw error
  }
}

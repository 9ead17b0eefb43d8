/** SQL over the membership of followed segments. */
import type { Ctx } from '../../platform/context.ts'
import { assert } from '../../platform/errors.ts'
import type { ContactId, SegmentId } from '../../platform/ids.ts'
import type { Reading } from '../rules/bind.ts'
import type { Rule } from '../rules/rule.ts'
import { bothRead, type EventsRead, type PlacedSql, type SqlPlace } from '../rules/sql-text.ts'

/** How long a look is put off whose own answer does not say when it changes: a safeguard against going in circles. */
const LOOK_AGAIN_MS = 60_000

/** A segment whose membership is kept. */
export interface FollowedSegment {
  id: SegmentId
  rule: Rule
  filledAt: Date | null
}

/** A rule and the segment that it is of. */
export interface RuleOfSegment {
  segmentId: SegmentId
  reading: Reading
}

/** Someone who came in or went out. */
export interface MembershipMove {
  segmentId: SegmentId
  contactId: ContactId
  isIn: boolean
}

/** Whom an evaluation looks at. */
export type Looked =
  | { kind: 'people'; ids: readonly ContactId[] }
  | { kind: 'slice'; after: string; through: string }

/** Takes the organization's turn until the transaction ends: evaluations come one after the other. */
export async function takeTurn(ctx: Ctx): Promise<void> {
  await ctx.db.named(
    'segments_turn_take',
    `
    insert into segment_turn (org_id, taken_at) values ($1, $2)
    on conflict (org_id) do update set taken_at = excluded.taken_at`,
    [ctx.orgId, ctx.now()],
  )
}

/** The organization's followed segments. */
export function selectFollowed(ctx: Ctx): Promise<FollowedSegment[]> {
  return ctx.db.named<FollowedSegment>(
    'segments_followed',
    `
    select id, rule, filled_at
    from segment
    where org_id = $1 and followed_at is not null and deleted_at is null and rule is not null
    order by followed_at, id`,
    [ctx.orgId],
  )
}

/**
 * Evaluates rules for some people, brings membership in line and notes when each has to be looked at again. The
 * answers travel as PostgreSQL writes arrays and go back unread. Two statements, because one that deletes must not
 * compute with the clock's functions (docs: shapes that distribute); whoever edits a person in between is followed by
 * an event. Most answers are what they were, and only the others are written. The caller has the organization's turn.
 * @returns who came in and who went out
 */
export async function evaluate(
  ctx: Ctx,
  rules: readonly RuleOfSegment[],
  looked: Looked,
): Promise<MembershipMove[]> {
  const answers = await selectAnswers(ctx, rules, looked)
  const segmentIds = rules.map(({ segmentId }) => segmentId)
  const { bounds, boundValues } = boundsOf(looked, 3)
  const next = 3 + boundValues.length
  const moves = await ctx.db.query<MembershipMove>(
    `
    with inside as materialized (
      select s.segment_id, l.id as contact_id
      from unnest($2::uuid[], $${next}::text[]) as s (segment_id, ids) cross join unnest(s.ids::bigint[]) as l (id)
    ), present as materialized (
      select m.segment_id, m.contact_id
      from segment_membership m
      where m.org_id = $1 and m.segment_id = any($2::uuid[]) and ${bounds('m.contact_id')}
    ), entered as (
      insert into segment_membership (org_id, segment_id, contact_id, entered_at)
      select $1, i.segment_id, i.contact_id, $${next + 1}::timestamptz
      from inside i
      where not exists (select 1 from present p where p.segment_id = i.segment_id and p.contact_id = i.contact_id)
      on conflict (org_id, segment_id, contact_id) do nothing
      returning segment_id, contact_id
    ), gone as (
      delete from segment_membership m
      where m.org_id = $1 and m.segment_id = any($2::uuid[]) and ${bounds('m.contact_id')}
        and not exists (select 1 from inside i where i.segment_id = m.segment_id and i.contact_id = m.contact_id)
      returning m.segment_id, m.contact_id
    )
    select segment_id, contact_id, true as is_in from entered
    union all
    select segment_id, contact_id, false from gone`,
    [ctx.orgId, segmentIds, ...boundValues, answers.map(({ inside }) => inside), ctx.now()],
  )
  await ctx.db.query(
    `
    with waking as materialized (
      select s.segment_id, l.id as contact_id, case when l.at > $${next + 2} then l.at else $${next + 3}::timestamptz end as wake_at
      from unnest($2::uuid[], $${next}::text[], $${next + 1}::text[]) as s (segment_id, ids, ats)
        cross join unnest(s.ids::bigint[], s.ats::timestamptz[]) as l (id, at)
    ), noted as (
      insert into segment_wake (org_id, segment_id, contact_id, wake_at)
      select $1, l.segment_id, l.contact_id, l.wake_at
      from waking l
      where not exists (
        select 1 from segment_wake w
        where w.org_id = $1 and w.segment_id = any($2::uuid[]) and ${bounds('w.contact_id')}
          and w.segment_id = l.segment_id and w.contact_id = l.contact_id and w.wake_at = l.wake_at)
      on conflict (org_id, segment_id, contact_id) do update set wake_at = excluded.wake_at
    )
    delete from segment_wake w
    where w.org_id = $1 and w.segment_id = any($2::uuid[]) and ${bounds('w.contact_id')}
      and not exists (select 1 from waking l where l.segment_id = w.segment_id and l.contact_id = w.contact_id)`,
    [
      ctx.orgId,
      segmentIds,
      ...boundValues,
      answers.map(({ waking }) => waking),
      answers.map(({ wakeAts }) => wakeAts),
      ctx.now(),
      new Date(ctx.now().getTime() + LOOK_AGAIN_MS),
    ],
  )
  return moves
}

/** What a rule says of some people, as PostgreSQL writes arrays. */
interface Answers {
  inside: string
  waking: string
  wakeAts: string
}

/**
 * Asks rules about some people, in their order. Of a few people the events that any of the rules reads are fetched
 * once, under the name of the log. Looked up by each rule for each person, over the partitions of a year, one rule with a
 * window took 14 s for 2,000 people with 18,000 events; now it is 13 ms. A whole slice is better read by each rule
 * through the index that suits it.
 */
async function selectAnswers(ctx: Ctx, rules: readonly RuleOfSegment[], looked: Looked): Promise<Answers[]> {
  const { bounds, boundValues, place } = boundsOf(looked, 2)
  const values: unknown[] = [ctx.orgId, ...boundValues]
  const placed = <P extends PlacedSql | null>(make: (at: SqlPlace) => P): P => {
    const made = make({ ...place, firstParam: values.length + 1 })
    values.push(...(made?.values ?? []))
    return made
  }
  let events: EventsRead | null = null
  const asked = rules.map(({ reading }, n) => {
    const predicate = placed(reading.toSql)
    const flips = placed(reading.flipsSql)
    events = bothRead(bothRead(events, predicate.events), flips?.events ?? null)
    return `
    select ${n} as n, coalesce(array_agg(id) filter (where is_in), '{}')::text as inside,
      coalesce(array_agg(id) filter (where wake_at is not null), '{}')::text as waking,
      coalesce(array_agg(wake_at) filter (where wake_at is not null), '{}')::text as wake_ats
    from (
      select c.id, (${predicate.text}) is true as is_in, ${flips?.text ?? 'null::timestamptz'} as wake_at
      from contact c ${flips?.joins ?? ''}
      where c.org_id = $1 and ${bounds('c.id')}
      offset 0
    ) looked`
  })
  const log =
    looked.kind === 'people' && events !== null ? eventsSql(events, values, bounds('e.contact_id')) : ''
  const answers = await ctx.db.query<Answers>(`${log}${asked.join(' union all ')} order by n`, values)
  assert(answers.length === rules.length, 'every rule answers')
  return answers
}

/** The events of the people looked at, under the name of the log: whatever follows reads these. */
function eventsSql({ types, from }: EventsRead, values: unknown[], isOfThem: string): string {
  const param = (value: unknown): string => `$${values.push(value)}`
  return `
    with event as materialized (
      select e.org_id, e.seq, e.at, e.type, e.contact_id, e.campaign_id, e.payload
      from event e
      where e.org_id = $1 and ${isOfThem} and e.type = any(${param([...types])}::text[])${from === null ? '' : ` and e.at >= ${param(from)}::timestamptz`}
    )`
}

interface Bound {
  bounds: (column: string) => string
  boundValues: unknown[]
  place: Omit<SqlPlace, 'firstParam'>
}

/** @param first  the number of the first parameter that the bounds may take */
function boundsOf(looked: Looked, first: number): Bound {
  const base = { alias: 'c', orgIdParam: '$1' }
  return looked.kind === 'people'
    ? {
        bounds: (column) => `${column} = any($${first}::bigint[])`,
        boundValues: [looked.ids],
        place: { ...base, idsParam: `$${first}` },
      }
    : {
        bounds: (column) => `${column} > $${first}::bigint and ${column} <= $${first + 1}::bigint`,
        boundValues: [looked.after, looked.through],
        place: { ...base, slice: { afterParam: `$${first}`, upToParam: `$${first + 1}` } },
      }
}

/** People of a slice whose membership is not what the rule says; nothing is changed. */
export async function selectDiffering(
  ctx: Ctx,
  segmentId: SegmentId,
  reading: Reading,
  looked: Looked,
  limit: number,
): Promise<ContactId[]> {
  const { bounds, boundValues, place } = boundsOf(looked, 4)
  const predicate = reading.toSql({ ...place, firstParam: 5 + boundValues.length })
  const rows = await ctx.db.query<{ contactId: ContactId }>(
    `
    with present as (
      select m.contact_id from segment_membership m
      where m.org_id = $1 and m.segment_id = $2 and ${bounds('m.contact_id')}
    ), expected as (
      select c.id as contact_id from contact c
      where c.org_id = $1 and ${bounds('c.id')} and $3::timestamptz is not null and (${predicate.text})
    )
    select coalesce(p.contact_id, e.contact_id) as contact_id
    from present p full join expected e on e.contact_id = p.contact_id
    where p.contact_id is null or e.contact_id is null
    limit $${4 + boundValues.length}`,
    [ctx.orgId, segmentId, ctx.now(), ...boundValues, limit, ...predicate.values],
  )
  return rows.map(({ contactId }) => contactId)
}

/** Forgets contacts in every followed segment. */
export async function forgetMembership(ctx: Ctx, contactIds: readonly string[]): Promise<void> {
  await ctx.db.named(
    'segments_membership_forget',
    'delete from segment_membership where org_id = $1 and contact_id = any($2::bigint[])',
    [ctx.orgId, contactIds],
  )
  await forgetWakes(ctx, contactIds)
}

/** Forgets when contacts have to be looked at again. */
export async function forgetWakes(ctx: Ctx, contactIds: readonly string[]): Promise<void> {
  await ctx.db.named(
    'segments_wakes_forget',
    'delete from segment_wake where org_id = $1 and contact_id = any($2::bigint[])',
    [ctx.orgId, contactIds],
  )
}

/** Contacts who have one of these addresses, by keyed hash in hex. */
export async function selectByAddressHash(ctx: Ctx, hashes: readonly string[]): Promise<ContactId[]> {
  const rows = await ctx.db.named<{ id: ContactId }>(
    'segments_contacts_by_hash',
    `
    select c.id
    from contact c
    where c.org_id = $1
      and (c.email_hash = any(select decode(h, 'hex') from unnest($2::text[]) as h)
        or c.phone_hash = any(select decode(h, 'hex') from unnest($2::text[]) as h))`,
    [ctx.orgId, hashes],
  )
  return rows.map(({ id }) => id)
}

/** Has people looked at for some segments at an instant, unless sooner already. */
export async function putWakes(
  ctx: Ctx,
  segmentIds: readonly SegmentId[],
  contactIds: readonly ContactId[],
  wakeAt: Date,
): Promise<void> {
  await ctx.db.named(
    'segments_wakes_put',
    `
    insert into segment_wake as w (org_id, segment_id, contact_id, wake_at)
    select $1, s.id, c.id, $4
    from contact c cross join unnest($2::uuid[]) as s (id)
    where c.org_id = $1 and c.id = any($3::bigint[])
    on conflict (org_id, segment_id, contact_id) do update set wake_at = excluded.wake_at where w.wake_at > excluded.wake_at`,
    [ctx.orgId, segmentIds, contactIds, wakeAt],
  )
}

/** People whose time to be looked at has come, the longest due first. */
export function selectDueWakes(
  ctx: Ctx,
  limit: number,
): Promise<{ segmentId: SegmentId; contactId: ContactId }[]> {
  return ctx.db.named(
    'segments_wakes_due',
    'select segment_id, contact_id from segment_wake where org_id = $1 and wake_at <= $2 order by wake_at limit $3',
    [ctx.orgId, ctx.now(), limit],
  )
}

/** Wakes of segments that are no longer followed. */
export async function deleteWakes(ctx: Ctx, segmentIds: readonly SegmentId[]): Promise<void> {
  await ctx.db.named(
    'segments_wakes_delete',
    'delete from segment_wake where org_id = $1 and segment_id = any($2::uuid[])',
    [ctx.orgId, segmentIds],
  )
}

/** When somebody has to be looked at next; null when nobody has to. */
export async function selectNextWake(ctx: Ctx): Promise<Date | null> {
  const [row] = await ctx.db.named<{ wakeAt: Date | null }>(
    'segments_wake_next',
    'select min(wake_at) as wake_at from segment_wake where org_id = $1',
    [ctx.orgId],
  )
  return row?.wakeAt ?? null
}

/** SQL over the membership of followed segments. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId, SegmentId } from '../../platform/ids.ts'
import type { Reading } from '../rules/bind.ts'
import type { Rule } from '../rules/rule.ts'
import type { PlacedSql, SqlPlace } from '../rules/sql-text.ts'

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

/** What stands written of some people and segments. */
export interface Standing {
  isIn(segmentId: SegmentId, contactId: ContactId): boolean
  /** When somebody is to be looked at, in milliseconds; undefined when time alone changes nothing. */
  wakeAt(segmentId: SegmentId, contactId: ContactId): number | undefined
}

/** What stands written. As lists of ids for each segment: a row for each of them would cost ten times as much. */
export async function selectStanding(
  ctx: Ctx,
  segmentIds: readonly SegmentId[],
  contactIds: readonly ContactId[],
): Promise<Standing> {
  const rows = await ctx.db.named<{ id: SegmentId; members: string; waking: string; wakeAts: string }>(
    'segments_standing',
    `
    select s.id, coalesce(m.ids, '') as members, coalesce(w.ids, '') as waking, coalesce(w.ats, '') as wake_ats
    from unnest($2::uuid[]) as s (id)
    cross join lateral (
      select string_agg(m.contact_id::text, ',') as ids
      from segment_membership m
      where m.org_id = $1 and m.segment_id = s.id and m.contact_id = any($3::bigint[])
    ) m
    cross join lateral (
      select string_agg(w.contact_id::text, ',') as ids, string_agg(round(date_part('epoch', w.wake_at) * 1000)::text, ',') as ats
      from segment_wake w
      where w.org_id = $1 and w.segment_id = s.id and w.contact_id = any($3::bigint[])
    ) w`,
    [ctx.orgId, segmentIds, contactIds],
  )
  // Ids as numbers: they are found twice as fast, and lie far below 2^53.
  const listed = (list: string): number[] => (list === '' ? [] : list.split(',').map(Number))
  const members = new Map(rows.map(({ id, members: ids }) => [id, new Set(listed(ids))]))
  const wakes = new Map(
    rows.map(({ id, waking, wakeAts }) => {
      const ats = listed(wakeAts)
      return [id, new Map(listed(waking).map((contactId, n) => [contactId, ats[n]]))]
    }),
  )
  return {
    isIn: (segmentId, contactId) => members.get(segmentId)?.has(Number(contactId)) ?? false,
    wakeAt: (segmentId, contactId) => wakes.get(segmentId)?.get(Number(contactId)),
  }
}

/** Somebody who is to be looked at for a segment at an instant, or at none any more. */
export interface Wake {
  segmentId: SegmentId
  contactId: ContactId
  wakeAt: Date | null
}

/** Writes what has changed. The caller has the organization's turn, in which it has read what stood written. */
export async function writeChanges(
  ctx: Ctx,
  moves: readonly MembershipMove[],
  wakes: readonly Wake[],
): Promise<void> {
  await write(
    ctx,
    moves.filter(({ isIn }) => isIn),
    'segments_enter',
    `
    insert into segment_membership (org_id, segment_id, contact_id, entered_at)
    select $1, s.segment_id, l.id, $4
    from unnest($2::uuid[], $3::text[]) as s (segment_id, ids) cross join unnest(s.ids::bigint[]) as l (id)
    on conflict (org_id, segment_id, contact_id) do nothing`,
    () => [ctx.now()],
  )
  await write(
    ctx,
    moves.filter(({ isIn }) => !isIn),
    'segments_leave',
    `
    delete from segment_membership m
    using (
      select s.segment_id, l.id from unnest($2::uuid[], $3::text[]) as s (segment_id, ids) cross join unnest(s.ids::bigint[]) as l (id)
    ) gone
    where m.org_id = $1 and m.segment_id = gone.segment_id and m.contact_id = gone.id`,
  )
  await write(
    ctx,
    wakes.filter(({ wakeAt }) => wakeAt !== null),
    'segments_wakes_note',
    `
    insert into segment_wake (org_id, segment_id, contact_id, wake_at)
    select $1, s.segment_id, l.id, l.at
    from unnest($2::uuid[], $3::text[], $4::text[]) as s (segment_id, ids, ats)
      cross join unnest(s.ids::bigint[], s.ats::timestamptz[]) as l (id, at)
    on conflict (org_id, segment_id, contact_id) do update set wake_at = excluded.wake_at`,
    (lists) => [lists.map((list) => arrayText(list.map(({ wakeAt }) => wakeAt?.toISOString() ?? '')))],
  )
  await write(
    ctx,
    wakes.filter(({ wakeAt }) => wakeAt === null),
    'segments_wakes_end',
    `
    delete from segment_wake w
    using (
      select s.segment_id, l.id from unnest($2::uuid[], $3::text[]) as s (segment_id, ids) cross join unnest(s.ids::bigint[]) as l (id)
    ) gone
    where w.org_id = $1 and w.segment_id = gone.segment_id and w.contact_id = gone.id`,
  )
}

/** One statement over lists of people by segment: a segment's id travels once, and not with each of them. */
async function write<R extends { segmentId: SegmentId; contactId: ContactId }>(
  ctx: Ctx,
  rows: readonly R[],
  name: string,
  sql: string,
  more: (lists: readonly (readonly R[])[]) => unknown[] = () => [],
): Promise<void> {
  if (rows.length === 0) return
  const bySegment = Map.groupBy(rows, ({ segmentId }) => segmentId)
  const lists = [...bySegment.values()]
  const ids = lists.map((list) => arrayText(list.map(({ contactId }) => contactId)))
  await ctx.db.named(name, sql, [ctx.orgId, [...bySegment.keys()], ids, ...more(lists)])
}

/** As PostgreSQL writes arrays of what needs no quotes. */
const arrayText = (items: readonly string[]): string => `{${items.join()}}`

/** When to look again at somebody whose answer may change by itself at an instant. */
export const wakeAtOf = (flipsAt: number, now: Date): number =>
  flipsAt > now.getTime() ? flipsAt : now.getTime() + LOOK_AGAIN_MS

/**
 * Has the database evaluate rules, for a slice of everybody or for people who did very much, bring membership in line
 * and note when each has to be looked at again. The answers travel as PostgreSQL writes arrays and go back unread.
 * Statements apart, because one that deletes must not compute with the clock's functions (docs: shapes that distribute);
 * whoever edits a person in between is followed by an event. Most answers are what they were, and only the others are
 * written. The caller has the organization's turn.
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
      using (
        select p.segment_id, p.contact_id
        from present p
        where not exists (select 1 from inside i where i.segment_id = p.segment_id and i.contact_id = p.contact_id)
      ) g
      where m.org_id = $1 and m.segment_id = g.segment_id and m.contact_id = g.contact_id
        and m.segment_id = any($2::uuid[]) and ${bounds('m.contact_id')}
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
    ), present as materialized (
      select w.segment_id, w.contact_id, w.wake_at
      from segment_wake w
      where w.org_id = $1 and w.segment_id = any($2::uuid[]) and ${bounds('w.contact_id')}
    ), noted as (
      insert into segment_wake (org_id, segment_id, contact_id, wake_at)
      select $1, l.segment_id, l.contact_id, l.wake_at
      from waking l
      where not exists (
        select 1 from present p
        where p.segment_id = l.segment_id and p.contact_id = l.contact_id and p.wake_at = l.wake_at)
      on conflict (org_id, segment_id, contact_id) do update set wake_at = excluded.wake_at
    )
    delete from segment_wake w
    using (
      select p.segment_id, p.contact_id
      from present p
      where not exists (select 1 from waking l where l.segment_id = p.segment_id and l.contact_id = p.contact_id)
    ) g
    where w.org_id = $1 and w.segment_id = g.segment_id and w.contact_id = g.contact_id
      and w.segment_id = any($2::uuid[]) and ${bounds('w.contact_id')}`,
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

const OF_NOBODY: Answers = { inside: '{}', waking: '{}', wakeAts: '{}' }
const ANSWERS = `
  coalesce(array_agg(id) filter (where is_in), '{}')::text as inside,
  coalesce(array_agg(id) filter (where wake_at is not null), '{}')::text as waking,
  coalesce(array_agg(wake_at) filter (where wake_at is not null), '{}')::text as wake_ats`

/** A rule at its place in the statement. */
interface Asked {
  predicate: PlacedSql
  flips: PlacedSql | null
}

/** Asks rules about some people, in their order: each reads what it needs through the index that suits it. */
async function selectAnswers(ctx: Ctx, rules: readonly RuleOfSegment[], looked: Looked): Promise<Answers[]> {
  const { bounds, boundValues, place } = boundsOf(looked, 2)
  const values: unknown[] = [ctx.orgId, ...boundValues]
  const placed = <P extends PlacedSql | null>(make: (at: SqlPlace) => P): P => {
    const made = make({ ...place, firstParam: values.length + 1 })
    values.push(...(made?.values ?? []))
    return made
  }
  const asked = rules.map(({ reading }): Asked => ({
    predicate: placed(reading.toSql),
    flips: placed(reading.flipsSql),
  }))
  const statements = asked.map(
    ({ predicate, flips }, n) => `
    select ${n} as n, ${ANSWERS}
    from (
      select c.id, (${predicate.text}) is true as is_in, ${flips?.text ?? 'null::timestamptz'} as wake_at
      from contact c ${flips?.joins ?? ''}
      where c.org_id = $1 and ${bounds('c.id')}
      offset 0
    ) looked`,
  )
  const answers = await ctx.db.query<Answers & { n: number }>(statements.join(' union all '), values)
  const byRule = new Map(answers.map(({ n, ...answer }) => [n, answer]))
  return rules.map((_, n) => byRule.get(n) ?? OF_NOBODY)
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

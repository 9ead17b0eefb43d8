/**
 * SQL of frequency caps. What was sent is counted from the ledger; what is on its way has a claim. Whoever arms a message
 * first locks all claims of its people and counts in a statement of its own, so that two workers or two campaigns at once
 * see each other whatever their order. Nothing here is asked per message.
 */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'
import { countedChannels, type FrequencyCap, type FullCap } from './frequency-caps.ts'
import type { RunChannel } from '../runs/run.ts'

export async function readFrequencyCaps(
  ctx: Ctx,
): Promise<{ caps: readonly FrequencyCap[]; updatedAt: Date | null }> {
  const [row] = await ctx.db.named<{ caps: FrequencyCap[]; updatedAt: Date }>(
    'delivery_frequency_caps',
    'select caps, updated_at from frequency_caps where org_id = $1',
    [ctx.orgId],
  )
  return row ?? { caps: [], updatedAt: null }
}

export const writeFrequencyCaps = (ctx: Ctx, caps: readonly FrequencyCap[], by: string): Promise<unknown> =>
  ctx.db.named(
    'delivery_write_frequency_caps',
    `
    insert into frequency_caps (org_id, caps, updated_by, created_at, updated_at) values ($1, $2, $3, $4, $4)
    on conflict (org_id) do update set caps = excluded.caps, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
    [ctx.orgId, JSON.stringify(caps), by, ctx.now()],
  )

/** Messages to people, each of a run or a run of its own. */
export interface Claims {
  channel: RunChannel
  priority: number
  contactIds: readonly ContactId[]
  /** In their order; a run's own id for each of its people. */
  runIds: readonly RunId[]
}

/** Claims places; those that are claimed already stay as they are. Commits before anything is counted. */
export const claimPlaces = (ctx: Ctx, { channel, priority, contactIds, runIds }: Claims): Promise<unknown> =>
  ctx.db.rows(
    'delivery_claim_places',
    `
    insert into cap_claim (org_id, contact_id, channel, run_id, priority, due_at, created_at)
    select $1, c.contact_id, $2, c.run_id, $3, $4, $4 from unnest($5::bigint[], $6::uuid[]) as c (contact_id, run_id)
    order by c.contact_id, c.run_id
    on conflict (org_id, contact_id, channel, run_id) do nothing`,
    [ctx.orgId, channel, priority, ctx.now(), contactIds, runIds],
  )

/** Claims places for everybody in fresh chunks of a run: what is of higher priority and due is then known to all others. */
export const claimChunks = (
  ctx: Ctx,
  runId: RunId,
  chunks: { channels: readonly RunChannel[]; from: number; through: number; priority: number },
): Promise<unknown> =>
  ctx.db.rows(
    'delivery_claim_chunks',
    `
    insert into cap_claim (org_id, contact_id, channel, run_id, priority, due_at, created_at)
    select $1, person.id, c.channel, $2, $3, c.due_at, $4
    from chunk c cross join lateral unnest(c.contact_ids) as person (id)
    where c.org_id = $1 and c.run_id = $2 and c.chunk_no between $5 and $6 and c.channel = any($7::text[])
    order by person.id, c.channel
    on conflict (org_id, contact_id, channel, run_id) do nothing`,
    [ctx.orgId, runId, chunks.priority, ctx.now(), chunks.from, chunks.through, chunks.channels],
  )

// Everybody locks in the order of the key, so that nobody waits in a circle.
export const lockClaims = (ctx: Ctx, contactIds: readonly ContactId[]): Promise<unknown> =>
  ctx.db.rows(
    'delivery_lock_claims',
    `
    with held as materialized (
      select 1 from cap_claim where org_id = $1 and contact_id = any($2::bigint[])
      order by org_id, contact_id, channel, run_id for update
    )
    select count(*)::int from held`,
    [ctx.orgId, contactIds],
  )

/**
 * People for whom a rule has no room. Counted are marketing messages that left within the window and may have arrived,
 * those being handed over at this moment, and those of runs of higher priority that are due within the window. A campaign's
 * own message on another channel counts as any other.
 */
export const fullCaps = (
  ctx: Ctx,
  { channel, priority, contactIds, runIds }: Claims,
  caps: readonly FrequencyCap[],
): Promise<(FullCap & { contactId: ContactId })[]> => {
  const nowMs = ctx.now().getTime()
  const longestMs = Math.max(...caps.map(({ windowHours }) => windowHours)) * HOUR_MS
  const since = (ms: number): Date => new Date(nowMs - ms)
  return ctx.db.named(
    'delivery_full_caps',
    `
    with asked as (
      select a.contact_id, a.run_id from unnest($2::bigint[], $3::uuid[]) as a (contact_id, run_id)
    ), cap as (
      select c.no, c.channel, c.most, c.since, c.until, c.topic
      from unnest($4::int[], $5::text[], $6::int[], $7::timestamptz[], $8::timestamptz[], $14::text[])
        as c (no, channel, most, since, until, topic)
    ), used as (
      select a.contact_id, m.channel, m.handed_over_at as at, coalesce(r.topic, d.topic) as topic
      from asked a
      cross join lateral (
        select m.channel, m.handed_over_at, m.run_id from message m
        where m.org_id = $1 and m.contact_id = a.contact_id and m.state_at > $9 and m.handed_over_at > $9 and m.month >= $10::date
          and m.state in ('sent', 'delivered', 'unknown') and m.channel = any($11::text[])
          and not (m.run_id = a.run_id and m.channel = $12)
      ) m
      left join run r on r.org_id = $1 and r.id = m.run_id
      left join direct_message d on d.org_id = $1 and d.id = m.run_id
      where coalesce(r.purpose, d.purpose, 'marketing') = 'marketing'
      union all
      select a.contact_id, c.channel, coalesce(c.armed_at, c.due_at), coalesce(r.topic, d.topic)
      from asked a
      join cap_claim c on c.org_id = $1 and c.contact_id = a.contact_id and c.channel = any($11::text[])
        and not (c.run_id = a.run_id and c.channel = $12)
      left join run r on r.org_id = $1 and r.id = c.run_id
      left join direct_message d on d.org_id = $1 and d.id = c.run_id
      where c.armed_at is not null or (c.priority > $13 and r.state in ('resolving', 'running'))
    )
    select u.contact_id, cap.no as cap_no, (array_agg(u.at order by u.at desc))[cap.most] as nth_latest_at
    from used u join cap on (cap.channel = u.channel or cap.channel = 'any') and u.at > cap.since and u.at < cap.until
      and (cap.topic is null or cap.topic = u.topic)
    group by u.contact_id, cap.no, cap.most
    having count(*) >= cap.most`,
    [
      ctx.orgId,
      contactIds,
      runIds,
      caps.map((_, no) => no),
      caps.map((cap) => cap.channel),
      caps.map(({ messages }) => messages),
      caps.map(({ windowHours }) => since(windowHours * HOUR_MS)),
      caps.map(({ windowHours }) => since(-windowHours * HOUR_MS)),
      since(longestMs),
      // Runs are booked in the month of their plan, and may be on their way for a while.
      since(longestMs + ON_THE_WAY_MAX_MS)
        .toISOString()
        .slice(0, 8) + '01',
      countedChannels(caps),
      channel,
      priority,
      caps.map(({ topic }) => topic ?? null),
    ],
  )
}

/** No run has this id: people are asked about before there is one. */
const NO_RUN = '00000000-0000-0000-0000-000000000000' as RunId

/**
 * The same before there is a run: for whom a rule would have no room.
 * @param earlier messages of the same run on channels before this one
 */
export async function roomlessIn(
  ctx: Ctx,
  { channel, priority, earlier }: { channel: RunChannel; priority: number; earlier: number },
  contactIds: readonly ContactId[],
  caps: readonly FrequencyCap[],
): Promise<(FullCap & { contactId: ContactId })[]> {
  const room = caps.map((cap) => cap.messages - (cap.channel === 'any' ? earlier : 0))
  // Where its own messages take all the room, nobody needs to be asked.
  const spent = room.flatMap((left, capNo) => (left <= 0 ? [{ capNo, nthLatestAt: ctx.now() }] : []))
  const open = caps.flatMap((cap, capNo) => {
    const messages = room[capNo] ?? 0
    return messages > 0 ? [{ capNo, cap: { ...cap, messages } }] : []
  })
  const claims: Claims = { channel, priority, contactIds, runIds: contactIds.map(() => NO_RUN) }
  const full =
    open.length === 0
      ? []
      : await fullCaps(
          ctx,
          claims,
          open.map(({ cap }) => cap),
        )
  return [
    ...contactIds.flatMap((contactId) => spent.map((cap) => ({ ...cap, contactId }))),
    ...full.map((found) => ({ ...found, capNo: open[found.capNo]?.capNo ?? found.capNo })),
  ]
}

const HOUR_MS = 3_600_000
/** Messages leave at most so long after the month that their run is booked in began to end. */
const ON_THE_WAY_MAX_MS = 62 * 24 * HOUR_MS

/** From now on these count against everybody else's. */
export const armClaims = (
  ctx: Ctx,
  channel: RunChannel,
  contactIds: readonly ContactId[],
  runIds: readonly RunId[],
): Promise<unknown> =>
  ctx.db.rows(
    'delivery_arm_claims',
    `
    update cap_claim c set armed_at = $5
    from unnest($3::bigint[], $4::uuid[]) as a (contact_id, run_id)
    where c.org_id = $1 and c.channel = $2 and c.contact_id = a.contact_id and c.run_id = a.run_id`,
    [ctx.orgId, channel, contactIds, runIds, ctx.now()],
  )

/** What becomes of claims when the outcome is known. */
export interface SettledClaims {
  /** The ledger tells from now on what became of them, and counts those that left. */
  ended: readonly ContactId[]
  /** Not sent: others may have the place, until they are handed over again. */
  released: readonly ContactId[]
}

/** Of one run; the caller's transaction writes the ledger. */
export const settleClaims = (
  ctx: Ctx,
  runId: RunId,
  channel: RunChannel,
  { ended, released }: SettledClaims,
): Promise<unknown> =>
  ctx.db.rows(
    'delivery_settle_claims',
    `
    with held as materialized (
      select contact_id from cap_claim
      where org_id = $1 and run_id = $2 and channel = $3 and contact_id = any($4::bigint[] || $5::bigint[])
      order by org_id, contact_id, channel, run_id for update
    ), released as (
      update cap_claim c set armed_at = null from held
      where c.org_id = $1 and c.run_id = $2 and c.channel = $3 and c.contact_id = held.contact_id and c.contact_id = any($5::bigint[])
    )
    delete from cap_claim c using held
    where c.org_id = $1 and c.run_id = $2 and c.channel = $3 and c.contact_id = held.contact_id and c.contact_id = any($4::bigint[])`,
    [ctx.orgId, runId, channel, ended, released],
  )

/** The same for messages that are each a run of their own. */
export const settleSingles = (
  ctx: Ctx,
  messages: readonly { runId: RunId; channel: RunChannel; contactId: ContactId; hasEnded: boolean }[],
): Promise<unknown> =>
  ctx.db.rows(
    'delivery_settle_singles',
    `
    with told as (
      select t.run_id, t.channel, t.contact_id, t.has_ended
      from unnest($2::uuid[], $3::text[], $4::bigint[], $5::boolean[]) as t (run_id, channel, contact_id, has_ended)
    ), held as materialized (
      select c.contact_id, c.channel, c.run_id, told.has_ended
      from cap_claim c join told on told.run_id = c.run_id and told.channel = c.channel and told.contact_id = c.contact_id
      where c.org_id = $1
      order by c.org_id, c.contact_id, c.channel, c.run_id for update of c
    ), released as (
      update cap_claim c set armed_at = null from held
      where c.org_id = $1 and c.contact_id = held.contact_id and c.channel = held.channel and c.run_id = held.run_id
        and not held.has_ended
    )
    delete from cap_claim c using held
    where c.org_id = $1 and c.contact_id = held.contact_id and c.channel = held.channel and c.run_id = held.run_id
      and held.has_ended`,
    [
      ctx.orgId,
      messages.map(({ runId }) => runId),
      messages.map(({ channel }) => channel),
      messages.map(({ contactId }) => contactId),
      messages.map(({ hasEnded }) => hasEnded),
    ],
  )

/** A deferred message is due later: until then it stands in nobody's way that would leave before. */
export const deferClaims = (
  ctx: Ctx,
  runId: RunId,
  channel: RunChannel,
  contactIds: readonly ContactId[],
  until: Date,
): Promise<unknown> =>
  ctx.db.named(
    'delivery_defer_claims',
    `
    update cap_claim set due_at = $5
    where org_id = $1 and run_id = $2 and channel = $3 and contact_id = any($4::bigint[])`,
    [ctx.orgId, runId, channel, contactIds, until],
  )

/** Releases everything that a run claimed: it will send nothing more. */
export const releaseRun = (ctx: Ctx, runId: RunId): Promise<unknown> =>
  ctx.db.named(
    'delivery_release_run',
    `
    with held as materialized (
      select contact_id, channel from cap_claim where org_id = $1 and run_id = $2
      order by org_id, contact_id, channel, run_id for update
    )
    delete from cap_claim c using held
    where c.org_id = $1 and c.run_id = $2 and c.contact_id = held.contact_id and c.channel = held.channel`,
    [ctx.orgId, runId],
  )

/** Forgets claims whose run or message has ended: what a change of the rules under way may leave behind. */
export const pruneClaims = (ctx: Ctx, before: Date): Promise<unknown> =>
  ctx.db.named(
    'delivery_prune_claims',
    `
    with held as materialized (
      select c.contact_id, c.channel, c.run_id from cap_claim c
      where c.org_id = $1 and c.created_at < $2
        and not exists (select 1 from run r where r.org_id = $1 and r.id = c.run_id and r.state in ('resolving', 'running', 'paused'))
        and not exists (select 1 from direct_message d where d.org_id = $1 and d.id = c.run_id and d.state <> 'ended')
      for update skip locked
    )
    delete from cap_claim c using held
    where c.org_id = $1 and c.contact_id = held.contact_id and c.channel = held.channel and c.run_id = held.run_id`,
    [ctx.orgId, before],
  )

/** A person who is erased is written to no more. */
export const forgetClaims = (ctx: Ctx, contactId: ContactId): Promise<unknown> =>
  ctx.db.named('delivery_forget_claims', 'delete from cap_claim where org_id = $1 and contact_id = $2', [
    ctx.orgId,
    contactId,
  ])

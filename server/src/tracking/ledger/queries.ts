/** Statements over the ledger. */
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId, ContactId, RunId } from '../../platform/ids.ts'
import {
  MOVE_ORDER,
  type HandedOverState,
  type LedgerCount,
  type LedgerRun,
  type LedgerState,
} from './states.ts'

/** What became of one message. */
export interface LedgerRow {
  contactId: ContactId
  state: LedgerState
  /** Why, for every state but sent and delivered: `withdrawn`, `hard`, `timeout`…; null for none. */
  reason: string | null
  variant?: number
}

/** People of a run who share what became of their message. */
export interface LedgerGroup {
  state: LedgerState
  /** Empty for none. */
  reason: string
  variant: number
  /** Their ids as PostgreSQL writes an array, `{1,2,3}`: a hundred thousand pass through without being read. */
  contactIds: string
}

const MESSAGES_OF_GROUP = `
      insert into message (org_id, run_id, contact_id, channel, month, campaign_id, variant, state, reason, chunk_no,
        handed_over_at, state_at)
      select $1, $2, g.contact_id, $3, $4::date, $5, $6, $7, $8, $9,
        case when $7 in ('skipped', 'held_out') then null else $10::timestamptz end, $10
      from unnest($11::bigint[]) as g (contact_id)`

const valuesOf = (ctx: Ctx, run: LedgerRun, group: LedgerGroup, chunkNo: number | null): unknown[] => [
  ctx.orgId,
  run.runId,
  run.channel,
  run.month,
  run.campaignId,
  group.variant,
  group.state,
  group.reason,
  chunkNo,
  ctx.now(),
  group.contactIds,
]

/** Rows that nobody has written yet. Where one is there after all, the statement breaks the unique key. */
export const insertNewGroup = (
  ctx: Ctx,
  run: LedgerRun,
  group: LedgerGroup,
  chunkNo: number | null,
): Promise<{ n: number }[]> =>
  ctx.db.named(
    'tracking_group_insert_new',
    `
    with written as (${MESSAGES_OF_GROUP}
    ), noted as (
      insert into handover_note (org_id, channel, at, contact_ids)
      select $1, $3, $10, $11::bigint[] where $7 in ('sent', 'delivered')
    )
    select cardinality($11::bigint[]) as n`,
    valuesOf(ctx, run, group, chunkNo),
  )

/** Rows of which some may be there: a chunk that is claimed again repeats its last sub-batch, a slice is resolved again. */
export const insertGroup = (
  ctx: Ctx,
  run: LedgerRun,
  group: LedgerGroup,
  chunkNo: number | null,
): Promise<{ n: number }[]> =>
  ctx.db.named(
    'tracking_group_insert',
    `
    with written as (${MESSAGES_OF_GROUP}
      on conflict (org_id, run_id, contact_id, channel, month) do nothing
      returning contact_id
    ), noted as (
      insert into handover_note (org_id, channel, at, contact_ids)
      select $1, $3, $10, array_agg(contact_id) from written where $7 in ('sent', 'delivered') having count(*) > 0
    )
    select count(*)::int as n from written`,
    valuesOf(ctx, run, group, chunkNo),
  )

/** What became of a message that is a run of its own. */
export interface SingleRow {
  run: LedgerRun
  contactId: ContactId
  state: LedgerState
  reason: string | null
}

/**
 * Rows of messages that are each a run of their own; an unknown one moves when its second hand-over was answered.
 * @returns the runs whose row was written or moved
 */
export const insertSingles = (ctx: Ctx, rows: readonly SingleRow[]): Promise<{ runId: RunId }[]> =>
  ctx.db.named(
    'tracking_singles_insert',
    `
    insert into message (org_id, run_id, contact_id, channel, month, campaign_id, state, reason, handed_over_at, state_at)
    select $1, o.run_id, o.contact_id, o.channel, o.month, o.campaign_id, o.state, o.reason,
      case when o.state = 'skipped' then null else $2::timestamptz end, $2
    from unnest($3::uuid[], $4::bigint[], $5::text[], $6::date[], $7::uuid[], $8::text[], $9::text[])
      as o (run_id, contact_id, channel, month, campaign_id, state, reason)
    on conflict (org_id, run_id, contact_id, channel, month) do update
      set state = excluded.state, state_at = excluded.state_at
      where message.state = 'unknown'
    returning run_id`,
    [
      ctx.orgId,
      ctx.now(),
      rows.map(({ run }) => run.runId),
      rows.map((row) => row.contactId),
      rows.map(({ run }) => run.channel),
      rows.map(({ run }) => run.month),
      rows.map(({ run }) => run.campaignId),
      rows.map((row) => row.state),
      rows.map((row) => row.reason ?? ''),
    ],
  )

/** Only unknown rows move. @returns who moved */
export const answerUnknown = (
  ctx: Ctx,
  run: LedgerRun,
  rows: readonly LedgerRow[],
): Promise<{ contactId: ContactId }[]> =>
  ctx.db.named(
    'tracking_unknown_answer',
    `
    with answered as (
      update message m
      set state = u.state, state_at = $5
      from unnest($6::bigint[], $7::text[]) as u (contact_id, state)
      where m.org_id = $1 and m.run_id = $2 and m.channel = $3 and m.month = $4::date
        and m.contact_id = u.contact_id and m.state = 'unknown'
      returning m.contact_id, m.state
    ), noted as (
      insert into handover_note (org_id, channel, at, contact_ids)
      select $1, $3, $5, array_agg(contact_id) from answered where state in ('sent', 'delivered') having count(*) > 0
    )
    select contact_id from answered`,
    [
      ctx.orgId,
      run.runId,
      run.channel,
      run.month,
      ctx.now(),
      rows.map((row) => row.contactId),
      rows.map((row) => row.state),
    ],
  )

/** Messages that were sent again: from what they were to what they are. */
export interface SentAgain {
  from: { state: LedgerState; reason: string }
  to: { state: LedgerState; reason: string }
  n: number
}

/**
 * Only rows that had ended without arriving, or without an answer, move: a repetition finds them moved, or moves them to
 * where they are. One that may have arrived before says so for ever: it may have arrived twice.
 */
export const replaceOutcomes = (
  ctx: Ctx,
  run: LedgerRun,
  rows: readonly LedgerRow[],
): Promise<{ was: LedgerState; wasReason: string; state: LedgerState; reason: string; n: number }[]> =>
  ctx.db.named(
    'tracking_outcomes_replace',
    `
    with held as (
      select m.contact_id, m.state as was, m.reason as was_reason, a.state,
        case when m.reason = 'outcome_unknown' then m.reason else a.reason end as reason
      from unnest($6::bigint[], $7::text[], $8::text[]) as a (contact_id, state, reason)
      join message m on m.org_id = $1 and m.run_id = $2 and m.channel = $3 and m.month = $4::date and m.contact_id = a.contact_id
      where m.state in ('failed', 'bounced', 'unknown')
      order by m.contact_id
      for update of m
    ), moved as (
      update message m set state = h.state, reason = h.reason, handed_over_at = $5, state_at = $5
      from held h
      where m.org_id = $1 and m.run_id = $2 and m.channel = $3 and m.month = $4::date and m.contact_id = h.contact_id
      returning m.contact_id, m.state
    ), noted as (
      insert into handover_note (org_id, channel, at, contact_ids)
      select $1, $3, $5, array_agg(contact_id) from moved where state in ('sent', 'delivered') having count(*) > 0
    )
    select was, was_reason, state, reason, count(*)::int as n
    from held group by was, was_reason, state, reason`,
    [
      ctx.orgId,
      run.runId,
      run.channel,
      run.month,
      ctx.now(),
      rows.map((row) => row.contactId),
      rows.map((row) => row.state),
      rows.map((row) => row.reason ?? ''),
    ],
  )

/** A provider's later word about one message. */
export interface Move {
  runId: RunId
  contactId: ContactId
  channel: string
  state: HandedOverState
  reason: string | null
  at: Date
}

/** A message that moved. */
export interface MovedMessage {
  runId: RunId
  contactId: ContactId
  channel: string
  campaignId: CampaignId
  variant: number
  from: HandedOverState
  wasReason: string
  to: HandedOverState
  reason: string
  at: Date
}

const ORDER = `array['${MOVE_ORDER.join(`', '`)}']`

/**
 * That an outcome was once unknown stays with the message: it may have arrived twice.
 * The rows are locked in the order of their key before they change, so that two batches of provider events about the
 * same messages wait for each other instead of deadlocking. A message named twice moves to the further state.
 */
export const moveRows = (ctx: Ctx, moves: readonly Move[]): Promise<MovedMessage[]> =>
  ctx.db.named(
    'tracking_messages_move',
    `
    with wanted as (
      select distinct on (w.run_id, w.contact_id, w.channel) w.run_id, w.contact_id, w.channel, w.state, w.reason, w.at
      from unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
        as w (run_id, contact_id, channel, state, reason, at)
      order by w.run_id, w.contact_id, w.channel, array_position(${ORDER}, w.state) desc, w.at
    ), held as (
      select m.run_id, m.contact_id, m.channel, m.month, m.state as was, m.reason as was_reason, w.state, w.reason,
        w.at
      from wanted w
      join message m on m.org_id = $1 and m.run_id = w.run_id and m.contact_id = w.contact_id and m.channel = w.channel
      where array_position(${ORDER}, m.state) < array_position(${ORDER}, w.state)
      order by m.run_id, m.contact_id, m.channel
      for update of m
    )
    update message m
    set state = h.state, state_at = h.at,
      reason = case when h.reason = '' and m.reason = 'outcome_unknown' then m.reason else h.reason end
    from held h
    where m.org_id = $1 and m.run_id = h.run_id and m.contact_id = h.contact_id and m.channel = h.channel
      and m.month = h.month
    returning m.run_id, m.contact_id, m.channel, m.campaign_id, m.variant, h.was as "from", h.was_reason,
      m.state as "to", m.reason, m.state_at as at`,
    [
      ctx.orgId,
      moves.map((move) => move.runId),
      moves.map((move) => move.contactId),
      moves.map((move) => move.channel),
      moves.map((move) => move.state),
      moves.map((move) => move.reason ?? ''),
      moves.map((move) => move.at),
    ],
  )

/** Rows of a run by state, reason and variant; on one channel or, for null, on all. */
export const countRows = (ctx: Ctx, runId: RunId, channel: string | null): Promise<LedgerCount[]> =>
  ctx.db.named(
    'tracking_ledger_count',
    `
    select state, reason, variant, count(*)::int as n
    from message
    where org_id = $1 and run_id = $2 and ($3::text is null or channel = $3)
    group by state, reason, variant
    order by state, reason, variant`,
    [ctx.orgId, runId, channel],
  )

/** Which of these contacts have a row in the run already, in a state or, for null, in any. */
export const selectRecorded = async (
  ctx: Ctx,
  run: LedgerRun,
  contactIds: readonly ContactId[],
  state: LedgerState | null,
): Promise<ContactId[]> =>
  (
    await ctx.db.rows(
      'tracking_ledger_recorded',
      `
    select contact_id from message
    where org_id = $1 and run_id = $2 and channel = $3 and month = $4::date and contact_id = any($5::bigint[])
      and ($6::text is null or state = $6)`,
      [ctx.orgId, run.runId, run.channel, run.month, contactIds, state],
    )
  ).map(([contactId]) => contactId as ContactId) // the select list has one column

/** Which of these messages, each a run of its own, are still unknown. */
export const selectUnknownSingles = (ctx: Ctx, runIds: readonly RunId[]): Promise<{ runId: RunId }[]> =>
  ctx.db.named(
    'tracking_ledger_unknown_singles',
    `select run_id from message where org_id = $1 and run_id = any($2::uuid[]) and state = 'unknown'`,
    [ctx.orgId, runIds],
  )

/** A person behind a number of the ledger; one who got several messages stands there once for each. */
export interface PersonRow {
  contactId: ContactId
  channel: string
  state: LedgerState
  /** Empty for none. */
  reason: string
  stateAt: Date
}

/** Where a list of people goes on. */
export type PersonPlace = Pick<PersonRow, 'contactId' | 'channel'>

/** People of a run in some states, by id and channel. */
export const selectPeople = (
  ctx: Ctx,
  runId: RunId,
  wanted: {
    states: readonly LedgerState[]
    reason: string | null
    channel: string | null
    after: PersonPlace | null
    limit: number
  },
): Promise<PersonRow[]> =>
  ctx.db.named(
    'tracking_ledger_people',
    `
    select contact_id, channel, state, reason, state_at
    from message
    where org_id = $1 and run_id = $2 and state = any($3::text[]) and ($4::text is null or reason = $4)
      and ($5::text is null or channel = $5) and (contact_id, channel) > (coalesce($6::bigint, 0), $7::text)
    order by contact_id, channel
    limit $8`,
    [
      ctx.orgId,
      runId,
      wanted.states,
      wanted.reason,
      wanted.channel,
      wanted.after?.contactId ?? null,
      wanted.after?.channel ?? '',
      wanted.limit,
    ],
  )

/** A row of the ledger as a profile lists it. */
export interface ContactMessageRow {
  campaignId: CampaignId
  runId: RunId
  channel: string
  state: LedgerState
  reason: string | null
  handedOverAt: Date | null
  stateAt: Date
}

/** A person's messages, latest first; ties by run and channel. */
export const selectMessagesOf = (
  ctx: Ctx,
  contactId: ContactId,
  page: { after: { at: Date; key: string } | null; limit: number },
): Promise<ContactMessageRow[]> =>
  ctx.db.named(
    'tracking_messages_of',
    `
    select campaign_id, run_id, channel, state, nullif(reason, '') as reason, handed_over_at, state_at
    from message
    where org_id = $1 and contact_id = $2
      and ($3::timestamptz is null or (state_at, run_id::text || channel) < ($3, $4::text))
    order by state_at desc, run_id::text || channel desc
    limit $5`,
    [ctx.orgId, contactId, page.after?.at ?? null, page.after?.key ?? null, page.limit],
  )

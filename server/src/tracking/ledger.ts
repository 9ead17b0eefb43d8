/**
 * The ledger: one row per message, written when it is handed over or skipped, then only moved on. These verbs are the
 * only ones that write it; delivery calls them inside its own transactions.
 */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, ContactId, RunId } from '../platform/ids.ts'

/** Where a message stands. */
export const MESSAGE_STATES = [
  'sent',
  'delivered',
  'bounced',
  'failed',
  'skipped',
  'held_out',
  'unknown',
] as const
export type MessageState = (typeof MESSAGE_STATES)[number]

/** The run that messages belong to. `month` is fixed by the run (`YYYY-MM-01`). */
export interface LedgerRun {
  runId: RunId
  campaignId: CampaignId
  channel: string
  month: string
}

/** One message as it enters the ledger or moves on. */
export interface LedgerRow {
  contactId: ContactId
  state: MessageState
  /** A short word; null when the state says everything. */
  reason: string | null
}

/** Contacts of one reason, as PostgreSQL wrote them: `{1,2,3}`. Hundreds of thousands pass through unread. */
export interface LedgerSkips {
  reason: string
  contactIds: string
}

// A batch that is claimed again repeats its rows; the unique key makes the repetition harmless.
export const recordMessages = (
  ctx: Ctx,
  run: LedgerRun,
  chunkNo: number,
  rows: readonly LedgerRow[],
): Promise<unknown> =>
  ctx.db.rows(
    'tracking_record_messages',
    `
    insert into message (org_id, run_id, contact_id, channel, month, campaign_id, state, reason, chunk_no, handed_over_at, state_at)
    select $1, $2, m.contact_id, $3, $4, $5, m.state, m.reason, $6, $7, $7
    from unnest($8::bigint[], $9::text[], $10::text[]) as m (contact_id, state, reason)
    on conflict (org_id, run_id, contact_id, channel, month) do nothing`,
    [
      ctx.orgId,
      run.runId,
      run.channel,
      run.month,
      run.campaignId,
      chunkNo,
      ctx.now(),
      rows.map((row) => row.contactId),
      rows.map((row) => row.state),
      rows.map((row) => row.reason),
    ],
  )

// The ids come from a query and go back into one: they are never read in between.
export const recordSkipped = (ctx: Ctx, run: LedgerRun, skips: LedgerSkips): Promise<unknown> =>
  ctx.db.rows(
    'tracking_record_skipped',
    `
    insert into message (org_id, run_id, contact_id, channel, month, campaign_id, state, reason, state_at)
    select $1, $2, s.contact_id, $3, $4, $5, 'skipped', $6, $7
    from unnest($8::bigint[]) as s (contact_id)
    on conflict (org_id, run_id, contact_id, channel, month) do nothing`,
    [ctx.orgId, run.runId, run.channel, run.month, run.campaignId, skips.reason, ctx.now(), skips.contactIds],
  )

// Only `unknown` moves here: what a provider says later about a sent message has its own verb. The reason of an
// unknown outcome stays, so that a message that was handed over twice is listed for ever.
export const resolveUnknown = (ctx: Ctx, run: LedgerRun, rows: readonly LedgerRow[]): Promise<unknown> =>
  ctx.db.rows(
    'tracking_resolve_unknown',
    `
    update message m set state = u.state, state_at = $5
    from unnest($6::bigint[], $7::text[]) as u (contact_id, state)
    where m.org_id = $1 and m.run_id = $2 and m.channel = $3 and m.month = $4
      and m.contact_id = u.contact_id and m.state = 'unknown'`,
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

/** Those of the contacts whom the ledger already holds for this run. Asked only after a crash. */
export async function alreadyRecorded(
  ctx: Ctx,
  run: LedgerRun,
  contactIds: readonly ContactId[],
): Promise<Set<ContactId>> {
  const rows = await ctx.db.rows(
    'tracking_already_recorded',
    `
    select contact_id from message
    where org_id = $1 and run_id = $2 and channel = $3 and month = $4 and contact_id = any($5::bigint[])`,
    [ctx.orgId, run.runId, run.channel, run.month, contactIds],
  )
  return new Set(rows.map(([contactId]) => contactId as ContactId)) // int8 arrives as text, the form of a ContactId
}

/** How many messages of a run stand in each state, by reason. Reads an index over the whole run: for its end, not for screens. */
export const countMessages = (
  ctx: Ctx,
  run: LedgerRun,
): Promise<{ state: MessageState; reason: string | null; messages: number }[]> =>
  ctx.db.named(
    'tracking_count_messages',
    `
    select state, reason, count(*)::int as messages from message
    where org_id = $1 and run_id = $2 and month = $3 and channel = $4
    group by state, reason`,
    [ctx.orgId, run.runId, run.month, run.channel],
  )

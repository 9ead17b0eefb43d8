/** Appending to the event log, as the last step of a transaction. */
import type { Ctx } from '../context.ts'
import type { CampaignId, ContactId, RunId } from '../ids.ts'

/** What an event is about, beside its payload. */
export interface EventSubject {
  contactId?: ContactId
  campaignId?: CampaignId
  runId?: RunId
  channel?: string
  /** When it happened; the present instant unless said otherwise. */
  at?: Date
}

/** An event that waits for the end of its transaction. */
export interface PendingEvent extends EventSubject {
  type: string
  version: number
  payload: unknown
}

/** Events of one transaction go to the log in one statement. @returns the new end of the log */
export async function writeEvents(ctx: Ctx, events: readonly PendingEvent[], pos: bigint): Promise<bigint> {
  if (events.length === 0) return pos
  const now = ctx.now()
  await ctx.db.named(
    'platform_event_append',
    `
    insert into event (org_id, seq, recorded_at, at, type, version, contact_id, campaign_id, run_id, channel, payload)
    select $1, $2::bigint + e.n, $3, e.at, e.type, e.version, e.contact_id, e.campaign_id, e.run_id, e.channel, e.payload
    from unnest($4::timestamptz[], $5::text[], $6::smallint[], $7::bigint[], $8::uuid[], $9::uuid[], $10::text[], $11::jsonb[])
      with ordinality as e (at, type, version, contact_id, campaign_id, run_id, channel, payload, n)`,
    [
      ctx.orgId,
      pos,
      now,
      events.map((e) => e.at ?? now),
      events.map((e) => e.type),
      events.map((e) => e.version),
      events.map((e) => e.contactId ?? null),
      events.map((e) => e.campaignId ?? null),
      events.map((e) => e.runId ?? null),
      events.map((e) => e.channel ?? null),
      events.map((e) => JSON.stringify(e.payload)),
    ],
  )
  return pos + BigInt(events.length)
}

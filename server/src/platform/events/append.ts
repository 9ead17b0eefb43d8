/** Appending to the event log, as the last step of a transaction. */
import type { Ctx } from '../context.ts'
import { instantArray } from '../db/binary-array.ts'
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
  /** In JSON. */
  payload: string
}

/** Events of one transaction go to the log in one statement. @returns the new end of the log */
export async function writeEvents(ctx: Ctx, events: readonly PendingEvent[], pos: bigint): Promise<bigint> {
  if (events.length === 0) return pos
  const now = ctx.now()
  // Thousands of events are of a few types: these are sent once.
  const typeNumbers = new Map<string, number>()
  for (const { type } of events) if (!typeNumbers.has(type)) typeNumbers.set(type, typeNumbers.size + 1)
  await ctx.db.named(
    'platform_event_append',
    `
    insert into event (org_id, seq, recorded_at, at, type, version, contact_id, campaign_id, run_id, channel, payload)
    select $1, $2::bigint + e.n, $3, e.at, ($5::text[])[e.type_no], e.version, e.contact_id, e.campaign_id, e.run_id, e.channel, e.payload
    from rows from (
      unnest($4::timestamptz[], $12::int[], $6::smallint[], $7::bigint[], $8::uuid[], $9::uuid[], $10::text[]),
      jsonb_array_elements($11::jsonb)
    ) with ordinality as e (at, type_no, version, contact_id, campaign_id, run_id, channel, payload, n)`,
    [
      ctx.orgId,
      pos,
      now,
      instantArray(events.map((e) => e.at ?? now)),
      [...typeNumbers.keys()],
      plainArray(events, (e) => e.version),
      plainArray(events, (e) => e.contactId),
      plainArray(events, (e) => e.campaignId),
      plainArray(events, (e) => e.runId),
      events.some((e) => e.channel !== undefined) ? events.map((e) => e.channel ?? null) : '{}',
      jsonList(events.map((e) => e.payload)),
      plainArray(events, (e) => typeNumbers.get(e.type)),
    ],
  )
  return pos + BigInt(events.length)
}

/** A JSON list of JSON texts. Joined with its brackets: put around it, they would copy a megabyte once more. */
function jsonList(texts: string[]): string {
  const last = texts.length - 1
  texts[0] = `[${texts[0]}`
  texts[last] = `${texts[last]}]`
  return texts.join(',')
}

/**
 * An array of PostgreSQL whose elements need no quotes; the driver would look at each twice. One without any element
 * gives nothing but nulls, which is what most columns of most batches hold.
 */
function plainArray(
  events: readonly PendingEvent[],
  value: (event: PendingEvent) => string | number | undefined,
): string {
  let isEmpty = true
  const elements = events.map((event) => {
    const element = value(event)
    if (element === undefined) return 'NULL'
    isEmpty = false
    return element
  })
  return isEmpty ? '{}' : `{${elements.join(',')}}`
}

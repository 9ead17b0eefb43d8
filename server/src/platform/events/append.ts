/** Appending to the event log, as the last step of a transaction. */
import type { Ctx } from '../context.ts'
import { instantArray, jsonbArray } from '../db/binary-array.ts'
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

/**
 * The columns of the log from lists of what differs, behind a position. Sets in the select list are walked side by side;
 * in `from`, each would be stored whole before the first row is read.
 */
const rowsAfter = (pos: string, from: string): string => `
    insert into event (org_id, seq, recorded_at, at, type, version, contact_id, campaign_id, run_id, channel, payload)
    select $1, ${pos} + e.n, $3, e.at, ($5::text[])[e.kind_no], ($6::smallint[])[e.kind_no], e.contact_id,
      ($7::uuid[])[e.kind_no], ($8::uuid[])[e.kind_no], ($9::text[])[e.kind_no], e.payload
    from ${from}(
      select generate_series(1, $2::int) as n, unnest($4::timestamptz[]) as at, unnest($10::int[]) as kind_no,
        unnest($11::bigint[]) as contact_id, unnest($12::jsonb[]) as payload
    ) as e`

/** Events of one transaction go to the log in one statement. @returns the new end of the log */
export async function writeEvents(ctx: Ctx, events: readonly PendingEvent[], pos: bigint): Promise<bigint> {
  if (events.length === 0) return pos
  await ctx.db.named('platform_event_append', rowsAfter('$13::bigint', ''), [...columnsOf(ctx, events), pos])
  return pos + BigInt(events.length)
}

/**
 * The same with places taken at the head of the log, whose row is locked from then on: events alone need no more of it.
 * @returns false when the organization has no log yet: then nothing is written
 */
export async function writeEventsAtHead(ctx: Ctx, events: readonly PendingEvent[]): Promise<boolean> {
  const heads = await ctx.db.rows(
    'platform_event_append_at_head',
    `
    with head as (
      update org_log set pos = pos + $2::int where org_id = $1 returning pos - $2::int as pos
    ), written as (${rowsAfter('head.pos', 'head cross join ')}
    )
    select 1 from head`,
    columnsOf(ctx, events),
  )
  return heads.length > 0
}

/** What the statements say beside a position. */
function columnsOf(ctx: Ctx, events: readonly PendingEvent[]): unknown[] {
  const now = ctx.now()
  const { kinds, kindNos } = kindsOf(events)
  return [
    ctx.orgId,
    events.length,
    now,
    instantArray(events.map((e) => e.at ?? now)),
    kinds.map((kind) => kind.type),
    kinds.map((kind) => kind.version),
    kinds.map((kind) => kind.campaignId ?? null),
    kinds.map((kind) => kind.runId ?? null),
    kinds.map((kind) => kind.channel ?? null),
    `{${kindNos.join(',')}}`,
    // Numbers need no quotes; the driver would look at each twice.
    `{${events.map(({ contactId }) => contactId ?? 'NULL').join(',')}}`,
    jsonbArray(events, (e) => e.payload),
  ]
}

/** Thousands of events differ in person, time and payload only: what they share is sent once. */
function kindsOf(events: readonly PendingEvent[]): { kinds: PendingEvent[]; kindNos: number[] } {
  const kinds: PendingEvent[] = []
  const numbers = new Map<string, number>()
  const kindNos = events.map((event) => {
    const { type, version, campaignId, runId, channel } = event
    // Nearly all that pours in is of its type alone, whose name is the cheapest key.
    const key =
      campaignId === undefined && runId === undefined && channel === undefined && version === 1
        ? type
        : JSON.stringify([type, version, campaignId, runId, channel])
    const known = numbers.get(key)
    if (known !== undefined) return known
    const number = kinds.push(event)
    numbers.set(key, number)
    return number
  })
  return { kinds, kindNos }
}

/** Statements about messages that are hit. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'
import type { TokenMessage } from '../token/read.ts'
import { messageClicked, messageClicksReclassified } from '../events.ts'

/** What the ledger knows about a message that is hit. */
export interface HitMessage {
  runId: RunId
  contactId: ContactId
  channel: string
  variant: number
  handedOverAt: Date | null
}

/** The ledger's rows of some messages. */
export const selectMessages = (ctx: Ctx, messages: readonly TokenMessage[]): Promise<HitMessage[]> =>
  ctx.db.named(
    'tracking_hit_messages',
    `
    select m.run_id, m.contact_id, m.channel, m.variant, m.handed_over_at
    from (
      select distinct run_id, contact_id, channel, month
      from unnest($2::uuid[], $3::bigint[], $4::text[], $5::date[]) as u (run_id, contact_id, channel, month)
    ) w
    join message m on m.org_id = $1 and m.run_id = w.run_id and m.contact_id = w.contact_id and m.channel = w.channel
      and m.month = w.month`,
    [
      ctx.orgId,
      messages.map((message) => message.runId),
      messages.map((message) => message.contactId),
      messages.map((message) => message.channel),
      messages.map((message) => message.month),
    ],
  )

/** A click that the log already holds. */
export interface PastClick {
  seq: string
  runId: RunId
  contactId: ContactId
  channel: string
  at: Date
  linkNo: number
  machine: boolean
}

/** Clicks of one person that the rule about bursts looks back on: more is a machine's in any case. */
const CLICKS_SEEN_MAX = 100

/**
 * Clicks of some people since an instant, in order; those taken back meanwhile are a machine's. Looked up person by
 * person: as one condition over all of them it read the whole log (320 ms for a batch of 2,000, against 11).
 */
export const selectRecentClicks = (
  ctx: Ctx,
  contactIds: readonly ContactId[],
  since: Date,
): Promise<PastClick[]> =>
  ctx.db.named(
    'tracking_recent_clicks',
    `
    with recent as materialized (
      select e.seq, e.type, e.run_id, e.contact_id, e.channel, e.at, e.payload
      from unnest($2::bigint[]) as w (contact_id)
      cross join lateral (
        select seq, type, run_id, contact_id, channel, at, payload
        from event
        where org_id = $1 and contact_id = w.contact_id and at >= $3 and recorded_at >= $3 and type in ($4, $5)
          and run_id is not null
        order by at desc, seq desc
        limit ${CLICKS_SEEN_MAX}
      ) e
    ), taken_back as (
      select (click->>'seq')::bigint as seq
      from recent r
      cross join lateral jsonb_array_elements(r.payload->'clicks') click
      where r.type = $5
    )
    select seq, run_id, contact_id, channel, at, (payload->>'linkNo')::int as link_no,
      (payload->>'machine')::boolean or seq in (select seq from taken_back) as machine
    from recent
    where type = $4
    order by seq`,
    [ctx.orgId, contactIds, since, messageClicked.type, messageClicksReclassified.type],
  )

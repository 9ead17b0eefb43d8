/** SQL of what providers tell. */
import type { Ctx } from '../../../platform/context.ts'
import type { ContactId, RunId } from '../../../platform/ids.ts'
import type { TokenMessage } from '../../../tracking/index.ts'
import type { ProviderId } from '../../providers/provider.ts'
import type { EventOrigin } from './apply.ts'
import type { VendorEvent } from './vendor-event.ts'

/** A type of event that we do not know. */
export interface UnknownEvent {
  providerId: ProviderId
  type: string
  times: number
  example: string
  lastAt: Date
}

export const unknownEvents = (ctx: Ctx): Promise<UnknownEvent[]> =>
  ctx.db.named(
    'delivery_unknown_events',
    `
    select provider_id, type, times::int, example, last_at from vendor_unknown where org_id = $1
    order by last_at desc, type
    limit 100`,
    [ctx.orgId],
  )

export const countUnknown = (
  ctx: Ctx,
  providerId: ProviderId,
  unknown: readonly { type: string; example: string }[],
): Promise<unknown> =>
  ctx.db.named(
    'delivery_count_unknown',
    `
    insert into vendor_unknown as v (org_id, provider_id, type, times, example, first_at, last_at)
    select $1, $2, u.type, count(*), min(u.example), $5, $5
    from unnest($3::text[], $4::text[]) as u (type, example)
    group by u.type
    on conflict (org_id, provider_id, type) do update set times = v.times + excluded.times, last_at = excluded.last_at`,
    [
      ctx.orgId,
      providerId,
      unknown.map(({ type }) => type),
      unknown.map(({ example }) => example),
      ctx.now(),
    ],
  )

/** Takes events that are to be acted on once. @returns the ids that nobody had taken before */
export async function claimEvents(
  ctx: Ctx,
  providerId: ProviderId,
  eventIds: readonly string[],
): Promise<Set<string>> {
  const rows = await ctx.db.named<{ eventId: string }>(
    'delivery_claim_events',
    `
    insert into vendor_event (org_id, provider_id, event_id, received_at)
    select distinct $1::uuid, $2::uuid, e.event_id, $4::timestamptz from unnest($3::text[]) as e (event_id)
    on conflict (org_id, provider_id, event_id) do nothing
    returning event_id`,
    [ctx.orgId, providerId, eventIds, ctx.now()],
  )
  return new Set(rows.map(({ eventId }) => eventId))
}

/** Gives claimed events back, to be acted on again: nothing came of them. */
export const releaseEvents = (
  ctx: Ctx,
  providerId: ProviderId,
  eventIds: readonly string[],
): Promise<unknown> =>
  ctx.db.named(
    'delivery_release_events',
    'delete from vendor_event where org_id = $1 and provider_id = $2 and event_id = any($3::text[])',
    [ctx.orgId, providerId, eventIds],
  )

export const forgetOldEvents = (ctx: Ctx, before: Date): Promise<unknown> =>
  ctx.db.named('delivery_forget_events', 'delete from vendor_event where org_id = $1 and received_at < $2', [
    ctx.orgId,
    before,
  ])

/** What a message's later event needs of its contact and its row. */
export interface EventSubjectRow {
  runId: RunId
  contactId: ContactId
  variant: number
  emailHash: Buffer | null
  phoneHash: Buffer | null
  emailDomain: string | null
}

export const subjectsOf = (
  ctx: Ctx,
  channel: string,
  messages: readonly { runId: RunId; contactId: ContactId }[],
): Promise<EventSubjectRow[]> =>
  ctx.db.named(
    'delivery_event_subjects',
    `
    select m.run_id, m.contact_id, m.variant, c.email_hash, c.phone_hash,
      split_part(c.email, '@', 2) as email_domain
    from unnest($3::uuid[], $4::bigint[]) as e (run_id, contact_id)
    join message m on m.org_id = $1 and m.run_id = e.run_id and m.contact_id = e.contact_id and m.channel = $2
    left join contact c on c.org_id = $1 and c.id = m.contact_id`,
    [ctx.orgId, channel, messages.map(({ runId }) => runId), messages.map(({ contactId }) => contactId)],
  )

/** An event that waits for its message, as it is stored: its instant is a text. */
export interface EarlyEvent {
  origin: EventOrigin
  event: Omit<VendorEvent, 'at'> & { at: string }
}

export const insertEarly = (
  ctx: Ctx,
  origin: EventOrigin,
  early: readonly { message: TokenMessage; event: VendorEvent }[],
): Promise<unknown> =>
  ctx.db.named(
    'delivery_early_insert',
    `
    insert into early_event (org_id, run_id, contact_id, channel, origin, event, received_at)
    select $1, e.run_id, e.contact_id, e.channel, $2, e.event, $3
    from unnest($4::uuid[], $5::bigint[], $6::text[], $7::jsonb[]) as e (run_id, contact_id, channel, event)`,
    [
      ctx.orgId,
      JSON.stringify(origin),
      ctx.now(),
      early.map(({ message }) => message.runId),
      early.map(({ message }) => message.contactId),
      early.map(({ message }) => message.channel),
      early.map(({ event }) => JSON.stringify(event)),
    ],
  )

/** Takes events whose message the ledger has by now, in the order in which they came. */
export const takeEarly = (ctx: Ctx, limit: number): Promise<EarlyEvent[]> =>
  ctx.db.named(
    'delivery_early_take',
    `
    with ready as (
      select e.seq from early_event e
      where e.org_id = $1 and exists (
        select from message m
        where m.org_id = $1 and m.run_id = e.run_id and m.contact_id = e.contact_id and m.channel = e.channel)
      order by e.seq
      limit $2
      for update skip locked
    ), taken as (
      delete from early_event e using ready where e.org_id = $1 and e.seq = ready.seq
      returning e.seq, e.origin, e.event
    )
    select origin, event from taken order by seq`,
    [ctx.orgId, limit],
  )

/** Since when the oldest waits; null when none does. */
export async function oldestEarly(ctx: Ctx): Promise<Date | null> {
  const [row] = await ctx.db.named<{ receivedAt: Date }>(
    'delivery_early_oldest',
    'select received_at from early_event where org_id = $1 order by seq limit 1',
    [ctx.orgId],
  )
  return row?.receivedAt ?? null
}

export const forgetEarly = (ctx: Ctx, before: Date): Promise<unknown> =>
  ctx.db.named('delivery_early_forget', 'delete from early_event where org_id = $1 and received_at < $2', [
    ctx.orgId,
    before,
  ])

/** Takes a person out of what waits. */
export const forgetEarlyOf = (ctx: Ctx, contactId: ContactId): Promise<unknown> =>
  ctx.db.named(
    'delivery_early_forget_person',
    'delete from early_event where org_id = $1 and contact_id = $2',
    [ctx.orgId, contactId],
  )

/** Examples in which one of these texts stands, whatever its case. */
export const forgetInExamples = (ctx: Ctx, texts: readonly string[]): Promise<unknown> =>
  ctx.db.named(
    'delivery_examples_forget',
    `
    update vendor_unknown set example = ''
    where org_id = $1
      and exists (select from unnest($2::text[]) as t (text) where position(lower(t.text) in lower(example)) > 0)`,
    [ctx.orgId, texts],
  )

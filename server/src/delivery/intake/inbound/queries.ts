/** SQL of inbound messages. */
import type { Ctx } from '../../../platform/context.ts'
import type { ContactId, Id } from '../../../platform/ids.ts'
import type { SmsIntent } from '../../channels/sms/keywords.ts'
import type { ProviderId } from '../../providers/provider.ts'

export type InboundId = Id<'inbound_message'>

/** Somebody who has the number that wrote. */
export interface InboundSender {
  id: ContactId
  language: string | null
}

/** Contacts by the telephone numbers that they have. */
export async function sendersOf(ctx: Ctx, numbers: readonly string[]): Promise<Map<string, InboundSender[]>> {
  const rows = await ctx.db.named<InboundSender & { phone: string }>(
    'delivery_inbound_senders',
    `
    select id, language, phone from contact
    where org_id = $1 and phone = any($2::text[])
    order by id
    limit 1000`,
    [ctx.orgId, numbers],
  )
  return Map.groupBy(rows, ({ phone }) => phone)
}

/** Keeps messages. @returns the ids of those that were not known before, by their event ids */
export async function insertInbound(
  ctx: Ctx,
  source: { providerId: ProviderId; channel: 'sms' | 'whatsapp' },
  messages: readonly {
    eventId: string
    contactId: ContactId | null
    from: string
    text: string
    intent: string
    at: Date
  }[],
): Promise<Map<string, InboundId>> {
  const rows = await ctx.db.named<{ eventId: string; id: InboundId }>(
    'delivery_insert_inbound',
    `
    insert into inbound_message (org_id, provider_id, channel, event_id, contact_id, sender, text, intent, received_at)
    select $1, $2, $3, m.event_id, m.contact_id, m.sender, m.text, m.intent, m.at
    from unnest($4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::timestamptz[])
      as m (event_id, contact_id, sender, text, intent, at)
    on conflict (org_id, provider_id, event_id) do nothing
    returning event_id, id`,
    [
      ctx.orgId,
      source.providerId,
      source.channel,
      messages.map(({ eventId }) => eventId),
      messages.map(({ contactId }) => contactId),
      messages.map(({ from }) => from),
      messages.map(({ text }) => text.replaceAll('\0', '')),
      messages.map(({ intent }) => intent),
      messages.map(({ at }) => at),
    ],
  )
  return new Map(rows.map(({ eventId, id }) => [eventId, id]))
}

/**
 * An inbound message that is to be answered; null once it is forgotten. `isOvertaken`: the person has said the contrary since,
 * on the same channel. Looked for by contact, as there is an index of: words of strangers change nothing.
 */
export async function readInbound(
  ctx: Ctx,
  id: InboundId,
): Promise<{ providerId: ProviderId; sender: string; receivedAt: Date; isOvertaken: boolean } | null> {
  const [row] = await ctx.db.named<{
    providerId: ProviderId
    sender: string
    receivedAt: Date
    isOvertaken: boolean
  }>(
    'delivery_read_inbound',
    `
    select i.provider_id, i.sender, i.received_at, exists (
      select 1 from inbound_message n
      where n.org_id = $1 and n.contact_id = i.contact_id and n.channel = i.channel and n.id > i.id
        and n.intent in ('stop', 'unclear', 'start') and (n.intent = 'start') <> (i.intent = 'start')) as is_overtaken
    from inbound_message i
    where i.org_id = $1 and i.id = $2`,
    [ctx.orgId, id],
  )
  return row ?? null
}

/** An inbound message, as people see it. */
export interface InboundRow {
  id: InboundId
  channel: 'sms' | 'whatsapp'
  contactId: ContactId | null
  sender: string
  text: string
  intent: SmsIntent
  receivedAt: Date
}

export const listInbound = (ctx: Ctx, before: string | null, limit: number): Promise<InboundRow[]> =>
  ctx.db.named(
    'delivery_list_inbound',
    `
    select id, channel, contact_id, sender, text, intent, received_at from inbound_message
    where org_id = $1 and ($2::bigint is null or id < $2)
    order by id desc
    limit $3`,
    [ctx.orgId, before, limit],
  )

/** When these people last wrote to this number: WhatsApp's window is counted from there. */
export async function lastInbound(
  ctx: Ctx,
  contactIds: readonly ContactId[],
  since: Date,
): Promise<Set<ContactId>> {
  const rows = await ctx.db.named<{ contactId: ContactId }>(
    'delivery_last_inbound',
    `
    select distinct contact_id from inbound_message
    where org_id = $1 and channel = 'whatsapp' and contact_id = any($2::bigint[]) and received_at > $3`,
    [ctx.orgId, contactIds, since],
  )
  return new Set(rows.map(({ contactId }) => contactId))
}

export const forgetInbound = (ctx: Ctx, contactId: ContactId): Promise<unknown> =>
  ctx.db.named(
    'delivery_forget_inbound',
    'delete from inbound_message where org_id = $1 and contact_id = $2',
    [ctx.orgId, contactId],
  )

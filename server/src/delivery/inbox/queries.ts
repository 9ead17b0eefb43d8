/** SQL of the inboxes that people have on the organization's own site. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'

/** A message in somebody's inbox. */
export interface InboxMessage {
  /** Names it. */
  token: string
  title: string
  body: string
  actionLabel: string | null
  actionUrl: string | null
  iconUrl: string | null
  imageUrl: string | null
  createdAt: Date
  readAt: Date | null
}

/** A new one. */
export interface NewInboxMessage extends Omit<InboxMessage, 'createdAt' | 'readAt'> {
  contactId: ContactId
  runId: RunId | null
}

/** Puts messages into inboxes; the same message twice is one. */
export const insertInboxMessages = (ctx: Ctx, messages: readonly NewInboxMessage[]): Promise<unknown> =>
  ctx.db.named(
    'delivery_insert_inbox',
    `
    insert into in_app_message (org_id, contact_id, token, run_id, title, body, action_label, action_url, icon_url,
      image_url, created_at)
    select $1, m.contact_id, m.token, m.run_id, m.title, m.body, m.action_label, m.action_url, m.icon_url, m.image_url, $2
    from unnest($3::bigint[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[])
      as m (contact_id, token, run_id, title, body, action_label, action_url, icon_url, image_url)
    on conflict (org_id, contact_id, token) do nothing`,
    [
      ctx.orgId,
      ctx.now(),
      messages.map(({ contactId }) => contactId),
      messages.map(({ token }) => token),
      messages.map(({ runId }) => runId),
      messages.map(({ title }) => title),
      messages.map(({ body }) => body),
      messages.map(({ actionLabel }) => actionLabel),
      messages.map(({ actionUrl }) => actionUrl),
      messages.map(({ iconUrl }) => iconUrl),
      messages.map(({ imageUrl }) => imageUrl),
    ],
  )

/** The newest messages of an inbox. */
export const listInbox = (ctx: Ctx, contactId: ContactId, limit: number): Promise<InboxMessage[]> =>
  ctx.db.named(
    'delivery_list_inbox',
    `
    select token, title, body, action_label, action_url, icon_url, image_url, created_at, read_at from in_app_message
    where org_id = $1 and contact_id = $2
    order by created_at desc, token
    limit $3`,
    [ctx.orgId, contactId, limit],
  )

/** @returns the tokens of those that had not been read before */
export async function markRead(ctx: Ctx, contactId: ContactId, tokens: readonly string[]): Promise<string[]> {
  const rows = await ctx.db.named<{ token: string }>(
    'delivery_read_inbox',
    `
    update in_app_message set read_at = $4
    where org_id = $1 and contact_id = $2 and token = any($3::text[]) and read_at is null
    returning token`,
    [ctx.orgId, contactId, tokens, ctx.now()],
  )
  return rows.map(({ token }) => token)
}

export const forgetInbox = (ctx: Ctx, contactId: ContactId): Promise<unknown> =>
  ctx.db.named('delivery_forget_inbox', 'delete from in_app_message where org_id = $1 and contact_id = $2', [
    ctx.orgId,
    contactId,
  ])

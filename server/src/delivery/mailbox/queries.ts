/** SQL of the built-in mailbox. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId, Id, RunId } from '../../platform/ids.ts'

export type MailboxMessageId = Id<'mailbox_message'>

/** A mail as it arrives. */
export interface NewMail {
  sender: string
  recipient: string
  subject: string
  messageId: string
  runId: RunId | null
  contactId: ContactId | null
  /** Notices carry links that grant something (resets, invitations): only owners see them. */
  isNotice: boolean
  source: Buffer
}

/** A mail as the list shows it. */
export interface MailboxEntry {
  id: MailboxMessageId
  receivedAt: Date
  sender: string
  recipient: string
  subject: string
  bytes: number
  runId: RunId | null
  contactId: ContactId | null
}

export const insertMails = (ctx: Ctx, mails: readonly NewMail[]): Promise<unknown> =>
  ctx.db.named(
    'delivery_insert_mails',
    `
    insert into mailbox_message (org_id, received_at, sender, recipient, subject, message_id, run_id, contact_id, is_notice, source)
    select $1, $2, m.* from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::bigint[], $9::boolean[], $10::bytea[]) as m`,
    [
      ctx.orgId,
      ctx.now(),
      mails.map((mail) => mail.sender),
      mails.map((mail) => mail.recipient),
      mails.map((mail) => mail.subject),
      mails.map((mail) => mail.messageId),
      mails.map((mail) => mail.runId),
      mails.map((mail) => mail.contactId),
      mails.map((mail) => mail.isNotice),
      mails.map((mail) => mail.source),
    ],
  )

/** Forgets what is too old, and the oldest beyond the number that is kept. */
export const pruneMails = (ctx: Ctx, before: Date, kept: number): Promise<unknown> =>
  ctx.db.named(
    'delivery_prune_mails',
    `
    delete from mailbox_message
    where org_id = $1 and (received_at < $2 or id <= (
      select id from mailbox_message where org_id = $1 order by id desc offset $3 limit 1))`,
    [ctx.orgId, before, kept],
  )

export interface MailboxPage {
  limit: number
  after: MailboxMessageId | null
  /** Part of the recipient or the subject. */
  text: string | null
  runId: RunId | null
  withNotices: boolean
}

export const listMails = (ctx: Ctx, page: MailboxPage): Promise<MailboxEntry[]> =>
  ctx.db.named<MailboxEntry>(
    'delivery_list_mails',
    `
    select id, received_at, sender, recipient, subject, octet_length(source) as bytes, run_id, contact_id
    from mailbox_message
    where org_id = $1 and ($2::bigint is null or id < $2) and ($3::uuid is null or run_id = $3) and ($4 or not is_notice)
      and ($5::text is null or position(lower($5) in lower(recipient)) > 0 or position(lower($5) in lower(subject)) > 0)
    order by id desc limit $6`,
    [ctx.orgId, page.after, page.runId, page.withNotices, page.text, page.limit],
  )

export async function readMailRow(
  ctx: Ctx,
  id: MailboxMessageId,
  withNotices: boolean,
): Promise<(MailboxEntry & { source: Buffer }) | null> {
  const [row] = await ctx.db.named<MailboxEntry & { source: Buffer }>(
    'delivery_read_mail',
    `
    select id, received_at, sender, recipient, subject, octet_length(source) as bytes, run_id, contact_id, source
    from mailbox_message where org_id = $1 and id = $2 and ($3 or not is_notice)`,
    [ctx.orgId, id, withNotices],
  )
  return row ?? null
}

export const deleteMails = (ctx: Ctx): Promise<unknown> =>
  ctx.db.named('delivery_delete_mails', 'delete from mailbox_message where org_id = $1', [ctx.orgId])

export async function countMails(ctx: Ctx): Promise<number> {
  const [row] = await ctx.db.named<{ mails: number }>(
    'delivery_count_mails',
    'select count(*)::int as mails from mailbox_message where org_id = $1',
    [ctx.orgId],
  )
  return row?.mails ?? 0
}

/** Forgets a person's mails, also those to the address that went to no run. */
export const forgetMails = (ctx: Ctx, contactId: ContactId): Promise<unknown> =>
  ctx.db.named(
    'delivery_forget_mails',
    `
    delete from mailbox_message
    where org_id = $1 and (contact_id = $2 or recipient = (select email from contact where org_id = $1 and id = $2))`,
    [ctx.orgId, contactId],
  )

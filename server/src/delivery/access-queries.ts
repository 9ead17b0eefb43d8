/** Statements for a person's archive. */
import type { Ctx } from '../platform/context.ts'
import type { ContactId } from '../platform/ids.ts'

/** A message and the mail that it was made from. */
export interface MailOfPerson {
  runId: string
  campaignId: string
  campaignName: string
  handedOverAt: Date | null
  state: string
  subject: string | null
  fromName: string | null
  fromEmail: string | null
  body: string | null
}

/**
 * A page of the mails of one person, oldest first. A run that says several things names the mail of each variant in its
 * contents and has no version of its own that means anything; a message sent by itself stands under its own id.
 */
export const selectMailsOf = (
  ctx: Ctx,
  contactId: ContactId,
  offset: number,
  limit: number,
): Promise<MailOfPerson[]> =>
  ctx.db.named(
    'delivery_access_mails',
    `
    select m.run_id, m.campaign_id, v.campaign_name, m.handed_over_at, m.state, v.source->>'subject' as subject,
      v.source->>'fromName' as from_name, v.source->>'fromEmail' as from_email, v.source->>'body' as body
    from message m
    left join run r on r.org_id = $1 and r.id = m.run_id
    left join direct_message d on d.org_id = $1 and d.id = m.run_id
    join mail_version v on v.org_id = $1 and v.id = coalesce(
      d.version_id,
      (
        select (c.content->>'versionId')::uuid from jsonb_array_elements(r.contents) as c (content)
        where c.content->>'channel' = m.channel and (c.content->>'variant')::int = m.variant
      ),
      r.version_id
    )
    where m.org_id = $1 and m.contact_id = $2 and m.channel = 'email' and m.state not in ('skipped', 'held_out')
    order by m.state_at, m.run_id
    offset $3 limit $4`,
    [ctx.orgId, contactId, offset, limit],
  )

/** A page of a person's mails in the built-in mailbox. */
export const selectMailboxSources = (
  ctx: Ctx,
  contactId: ContactId,
  offset: number,
  limit: number,
): Promise<{ receivedAt: Date; sender: string; recipient: string; subject: string; source: Buffer }[]> =>
  ctx.db.named(
    'delivery_access_mailbox',
    `
    select received_at, sender, recipient, subject, source
    from mailbox_message
    where org_id = $1 and contact_id = $2
    order by id
    offset $3 limit $4`,
    [ctx.orgId, contactId, offset, limit],
  )

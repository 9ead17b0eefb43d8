/** SQL of alerts about sending domains. */
import type { Ctx } from '../../../platform/context.ts'
import type { MailVersionId } from '../../../platform/ids.ts'
import type { DomainRefusal } from './alerts.ts'

/** An alert, as people see it. */
export interface SendingAlert extends DomainRefusal {
  times: number
  firstAt: Date
  lastAt: Date
  heldUntil: Date
}

export const noteAlerts = (ctx: Ctx, refusals: readonly DomainRefusal[], heldUntil: Date): Promise<unknown> =>
  ctx.db.named(
    'delivery_note_alerts',
    `
    insert into sending_alert as a (org_id, domain, receiver, reason, text, times, first_at, last_at, held_until)
    select $1, r.domain, r.receiver, min(r.reason), min(left(r.text, 500)), count(*), $6, $6, $7
    from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as r (domain, receiver, reason, text)
    group by r.domain, r.receiver
    on conflict (org_id, domain, receiver) do update
    set reason = excluded.reason, text = excluded.text, times = a.times + excluded.times, last_at = excluded.last_at,
      held_until = excluded.held_until`,
    [
      ctx.orgId,
      refusals.map(({ domain }) => domain),
      refusals.map(({ receiver }) => receiver),
      refusals.map(({ reason }) => reason),
      refusals.map(({ text }) => text),
      ctx.now(),
      heldUntil,
    ],
  )

export const listAlerts = (ctx: Ctx): Promise<SendingAlert[]> =>
  ctx.db.named(
    'delivery_list_alerts',
    `
    select domain, receiver, reason, text, times::int, first_at, last_at, held_until from sending_alert where org_id = $1
    order by last_at desc, domain, receiver
    limit 100`,
    [ctx.orgId],
  )

/** Receivers that are left alone at present, for mails of a domain. */
export async function heldReceivers(ctx: Ctx, domain: string): Promise<Set<string>> {
  const rows = await ctx.db.named<{ receiver: string }>(
    'delivery_held_receivers',
    `
    select receiver from sending_alert where org_id = $1 and domain = $2 and held_until > $3
    limit 10000`,
    [ctx.orgId, domain, ctx.now()],
  )
  return new Set(rows.map(({ receiver }) => receiver))
}

/** A member put it right: hand-over goes on at once. */
export const deleteAlert = (ctx: Ctx, domain: string, receiver: string): Promise<{ domain: string }[]> =>
  ctx.db.named(
    'delivery_delete_alert',
    'delete from sending_alert where org_id = $1 and domain = $2 and receiver = $3 returning domain',
    [ctx.orgId, domain, receiver],
  )

/** The domains that mail versions are sent from. */
export async function senderDomains(
  ctx: Ctx,
  versionIds: readonly MailVersionId[],
): Promise<Map<MailVersionId, string>> {
  const rows = await ctx.db.named<{ id: MailVersionId; domain: string }>(
    'delivery_sender_domains',
    `
    select id, lower(split_part(compiled->>'fromEmail', '@', 2)) as domain from mail_version
    where org_id = $1 and id = any($2::uuid[])`,
    [ctx.orgId, versionIds],
  )
  return new Map(rows.map(({ id, domain }) => [id, domain]))
}

/** Words of receivers in which one of these texts stands, whatever its case. */
export const forgetInAlerts = (ctx: Ctx, texts: readonly string[]): Promise<unknown> =>
  ctx.db.named(
    'delivery_alerts_forget',
    `
    update sending_alert a set text = ''
    where a.org_id = $1
      and exists (select from unnest($2::text[]) as t (said) where position(lower(t.said) in lower(a.text)) > 0)`,
    [ctx.orgId, texts],
  )

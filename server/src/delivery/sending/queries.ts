/** SQL of sending settings: mail servers, domains, keys, senders. */
import type { Ctx } from '../../platform/context.ts'
import type { Id } from '../../platform/ids.ts'
import type { DkimAlgorithm } from '../channels/email/dkim.ts'
import type { SmtpSecurity } from '../channels/email/smtp-client/smtp-settings.ts'

export type SenderId = Id<'sender'>
export type SendingDomainId = Id<'sending_domain'>

/** An organization's mail server as stored. */
export interface SmtpAccountRow {
  host: string
  port: number
  security: SmtpSecurity
  username: string | null
  passwordSealed: Buffer | null
  acceptsAnyCertificate: boolean
  heloName: string
  connectionsMax: number
  messagesPerConnectionMax: number
  version: number
  updatedBy: string
  updatedAt: Date
}

export async function readSmtpAccount(ctx: Ctx): Promise<SmtpAccountRow | null> {
  const [row] = await ctx.db.named<SmtpAccountRow>(
    'delivery_read_smtp_account',
    `
    select host, port, security, username, password_sealed, accepts_any_certificate, helo_name, connections_max,
      messages_per_connection_max, version, updated_by, updated_at
    from smtp_account where org_id = $1`,
    [ctx.orgId],
  )
  return row ?? null
}

export const saveSmtpAccount = (
  ctx: Ctx,
  account: Omit<SmtpAccountRow, 'version' | 'updatedBy' | 'updatedAt'>,
): Promise<unknown> =>
  ctx.db.named(
    'delivery_save_smtp_account',
    `
    insert into smtp_account (org_id, host, port, security, username, password_sealed, accepts_any_certificate, helo_name,
      connections_max, messages_per_connection_max, version, updated_by, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12, $12)
    on conflict (org_id) do update set host = excluded.host, port = excluded.port, security = excluded.security,
      username = excluded.username, password_sealed = excluded.password_sealed,
      accepts_any_certificate = excluded.accepts_any_certificate, helo_name = excluded.helo_name,
      connections_max = excluded.connections_max, messages_per_connection_max = excluded.messages_per_connection_max,
      version = smtp_account.version + 1, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
    [
      ctx.orgId,
      account.host,
      account.port,
      account.security,
      account.username,
      account.passwordSealed,
      account.acceptsAnyCertificate,
      account.heloName,
      account.connectionsMax,
      account.messagesPerConnectionMax,
      ctx.actor.id,
      ctx.now(),
    ],
  )

export const deleteSmtpAccount = (ctx: Ctx): Promise<{ host: string }[]> =>
  ctx.db.named('delivery_delete_smtp_account', 'delete from smtp_account where org_id = $1 returning host', [
    ctx.orgId,
  ])

/** What DNS said about one record that a domain should publish. */
export interface DnsFinding {
  /** `dkim`, `spf`, `dmarc` or `return_path`. */
  kind: 'dkim' | 'spf' | 'dmarc' | 'return_path'
  type: 'TXT' | 'MX'
  name: string
  /** What is to be published there. */
  expected: string
  /** What is there; null when nothing is. */
  found: string | null
  /** Of a DMARC policy: the name that it stands at, which is the domain's or one above it. */
  foundAt?: string
  isRight: boolean
}

export interface SendingDomainRow {
  id: SendingDomainId
  domain: string
  returnPathHost: string | null
  checkedAt: Date | null
  findings: DnsFinding[] | null
  /** When people were last told that its keys are old. */
  keysRemindedAt: Date | null
  createdAt: Date
}

export interface DkimKeyRow {
  domainId: SendingDomainId
  selector: string
  algorithm: DkimAlgorithm
  privateSealed: Buffer
  record: string
  /** Null: it waits for its record to be seen. */
  signsSince: Date | null
  /** Since when another key signs in its place. */
  replacedAt: Date | null
  createdAt: Date
}

const DOMAIN_COLUMNS = 'id, domain, return_path_host, checked_at, findings, keys_reminded_at, created_at'
const DOMAINS_MAX = 200

export const listDomains = (ctx: Ctx): Promise<SendingDomainRow[]> =>
  ctx.db.named<SendingDomainRow>(
    'delivery_list_domains',
    `select ${DOMAIN_COLUMNS} from sending_domain where org_id = $1 order by domain limit ${DOMAINS_MAX}`,
    [ctx.orgId],
  )

export async function readDomain(ctx: Ctx, id: SendingDomainId): Promise<SendingDomainRow | null> {
  const [row] = await ctx.db.named<SendingDomainRow>(
    'delivery_read_domain',
    `select ${DOMAIN_COLUMNS} from sending_domain where org_id = $1 and id = $2`,
    [ctx.orgId, id],
  )
  return row ?? null
}

/** @returns false when the organization has the domain already */
export async function insertDomain(
  ctx: Ctx,
  domain: { id: SendingDomainId; domain: string },
): Promise<boolean> {
  const rows = await ctx.db.named(
    'delivery_insert_domain',
    `
    insert into sending_domain (org_id, id, domain, created_by, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)
    on conflict (org_id, domain) do nothing returning id`,
    [ctx.orgId, domain.id, domain.domain, ctx.actor.id, ctx.now()],
  )
  return rows.length > 0
}

export const setReturnPathHost = (ctx: Ctx, id: SendingDomainId, host: string | null): Promise<unknown> =>
  ctx.db.named(
    'delivery_set_return_path',
    'update sending_domain set return_path_host = $3, updated_at = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, host, ctx.now()],
  )

export const saveFindings = (
  ctx: Ctx,
  id: SendingDomainId,
  findings: readonly DnsFinding[],
): Promise<unknown> =>
  ctx.db.named(
    'delivery_save_findings',
    'update sending_domain set findings = $3, checked_at = $4, updated_at = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, JSON.stringify(findings), ctx.now()],
  )

export const deleteDomain = (ctx: Ctx, id: SendingDomainId): Promise<{ domain: string }[]> =>
  ctx.db.named(
    'delivery_delete_domain',
    'delete from sending_domain where org_id = $1 and id = $2 returning domain',
    [ctx.orgId, id],
  )

export const insertDkimKey = (
  ctx: Ctx,
  key: Omit<DkimKeyRow, 'createdAt' | 'replacedAt'>,
): Promise<unknown> =>
  ctx.db.named(
    'delivery_insert_dkim_key',
    `
    insert into dkim_key (org_id, domain_id, selector, algorithm, private_sealed, record, signs_since, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ctx.orgId,
      key.domainId,
      key.selector,
      key.algorithm,
      key.privateSealed,
      key.record,
      key.signsSince,
      ctx.now(),
    ],
  )

/** Serialises what is done to the keys of a domain. */
export async function lockDomain(ctx: Ctx, id: SendingDomainId): Promise<boolean> {
  const rows = await ctx.db.named(
    'delivery_lock_domain',
    'select id from sending_domain where org_id = $1 and id = $2 for update',
    [ctx.orgId, id],
  )
  return rows.length > 0
}

/** Every selector that the domain ever had: a record may still be cached under it. */
export const selectorsEver = (ctx: Ctx, domainId: SendingDomainId): Promise<{ selector: string }[]> =>
  ctx.db.named(
    'delivery_selectors_ever',
    'select selector from dkim_key where org_id = $1 and domain_id = $2',
    [ctx.orgId, domainId],
  )

/** These keys sign from now on, in the place of those that signed with the same algorithms. @returns the latter */
export async function switchKeys(
  ctx: Ctx,
  domainId: SendingDomainId,
  keys: readonly Pick<DkimKeyRow, 'selector' | 'algorithm'>[],
): Promise<{ selector: string }[]> {
  const replaced = await ctx.db.named<{ selector: string }>(
    'delivery_replace_keys',
    `
    update dkim_key set replaced_at = $4
    where org_id = $1 and domain_id = $2 and algorithm = any($3::text[]) and signs_since is not null
      and replaced_at is null and retired_at is null
    returning selector`,
    [ctx.orgId, domainId, keys.map(({ algorithm }) => algorithm), ctx.now()],
  )
  await ctx.db.named(
    'delivery_start_signing',
    `
    update dkim_key set signs_since = $4
    where org_id = $1 and domain_id = $2 and selector = any($3::text[]) and signs_since is null`,
    [ctx.orgId, domainId, keys.map(({ selector }) => selector), ctx.now()],
  )
  return replaced
}

/** Ends keys that were replaced before an instant; nothing can sign with them any more. */
export const retireKeys = (
  ctx: Ctx,
  replacedBefore: Date,
): Promise<{ domainId: SendingDomainId; selector: string }[]> =>
  ctx.db.named(
    'delivery_retire_keys',
    `
    update dkim_key set retired_at = $3, private_sealed = ''::bytea
    where org_id = $1 and replaced_at <= $2 and retired_at is null
    returning domain_id, selector`,
    [ctx.orgId, replacedBefore, ctx.now()],
  )

/** Notes that people were reminded now. */
export const markReminded = (ctx: Ctx, id: SendingDomainId): Promise<unknown> =>
  ctx.db.named(
    'delivery_mark_reminded',
    'update sending_domain set keys_reminded_at = $3 where org_id = $1 and id = $2',
    [ctx.orgId, id, ctx.now()],
  )

/** Keys that are not retired, of one domain or of all. */
export const listDkimKeys = (ctx: Ctx, domainId: SendingDomainId | null = null): Promise<DkimKeyRow[]> =>
  ctx.db.named<DkimKeyRow>(
    'delivery_list_dkim_keys',
    `
    select domain_id, selector, algorithm, private_sealed, record, signs_since, replaced_at, created_at from dkim_key
    where org_id = $1 and retired_at is null and ($2::uuid is null or domain_id = $2)
    order by domain_id, algorithm desc, selector`,
    [ctx.orgId, domainId],
  )

export interface SenderRow {
  id: SenderId
  name: string
  email: string
  replyTo: string | null
  createdAt: Date
  updatedAt: Date
}

const SENDERS_MAX = 500

export const listSenders = (ctx: Ctx): Promise<SenderRow[]> =>
  ctx.db.named<SenderRow>(
    'delivery_list_senders',
    `select id, name, email, reply_to, created_at, updated_at from sender where org_id = $1 order by name, email limit ${SENDERS_MAX}`,
    [ctx.orgId],
  )

/** @returns null when a sender of this name and address exists */
export async function insertSender(
  ctx: Ctx,
  sender: Pick<SenderRow, 'id' | 'name' | 'email' | 'replyTo'>,
): Promise<SenderRow | null> {
  const [row] = await ctx.db.named<SenderRow>(
    'delivery_insert_sender',
    `
    insert into sender (org_id, id, name, email, reply_to, created_by, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $7) on conflict (org_id, email, name) do nothing
    returning id, name, email, reply_to, created_at, updated_at`,
    [ctx.orgId, sender.id, sender.name, sender.email, sender.replyTo, ctx.actor.id, ctx.now()],
  )
  return row ?? null
}

export const deleteSender = (ctx: Ctx, id: SenderId): Promise<{ email: string }[]> =>
  ctx.db.named('delivery_delete_sender', 'delete from sender where org_id = $1 and id = $2 returning email', [
    ctx.orgId,
    id,
  ])

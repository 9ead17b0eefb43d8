/** The mail server of an organization: set, tested, removed. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { ownInLanguage } from '../../platform/http/index.ts'
import { dialUnder } from '../channels/email/smtp-client/dial.ts'
import { SmtpPool } from '../channels/email/smtp-client/smtp-pool.ts'
import type { SmtpSecurity } from '../channels/email/smtp-client/smtp-settings.ts'
import type { Trouble } from '../channels/outcome.ts'
import { kindSpec } from '../providers/kinds.ts'
import { rankedProviders } from '../providers/queries.ts'
import { deleteSmtpAccount, readSmtpAccount, saveSmtpAccount, type SmtpAccountRow } from './queries.ts'
import { passwordPlace, settingsOf } from './transports.ts'

/** A mail server as it is entered. Without a password the stored one stays. */
export interface SmtpAccountInput {
  host: string
  port: number
  security: SmtpSecurity
  username: string | null
  password?: string | undefined
  acceptsAnyCertificate: boolean
  heloName: string
  connectionsMax: number
  messagesPerConnectionMax: number
}

/** As it is shown: whether there is a password, never which. */
export type SmtpAccount = Omit<SmtpAccountRow, 'passwordSealed' | 'version' | 'updatedBy'> & {
  hasPassword: boolean
}

/** Where mail goes. */
export interface Outlet {
  kind: 'provider' | 'organization' | 'installation' | 'mailbox'
  host: string | null
  port: number | null
}

/** The organization's own server; null when it has none. */
export async function smtpAccount(ctx: Ctx): Promise<SmtpAccount | null> {
  const row = await readSmtpAccount(ctx)
  return row && shown(row)
}

/** Sets it. Runs under way use it within seconds. */
export function setSmtpAccount(ctx: Ctx, input: SmtpAccountInput): Promise<SmtpAccount | null> {
  return inTransaction(ctx, async (ctx) => {
    const before = await readSmtpAccount(ctx)
    await saveSmtpAccount(ctx, await rowOf(ctx, input, before))
    const { password, ...visible } = input
    audit(
      ctx,
      'smtp_account.set',
      { kind: 'smtp_account', id: ctx.orgId },
      { before: before && shown(before), after: visible, passwordChanged: password !== undefined },
    )
    return smtpAccount(ctx)
  })
}

/** Goes back to the installation's server. */
export function removeSmtpAccount(ctx: Ctx): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const [removed] = await deleteSmtpAccount(ctx)
    if (removed)
      audit(ctx, 'smtp_account.removed', { kind: 'smtp_account', id: ctx.orgId }, { host: removed.host })
  })
}

/** Connects, secures and signs in, and sends nothing. @returns what is wrong; null when mail can leave */
export async function testSmtpAccount(ctx: Ctx, input: SmtpAccountInput): Promise<Trouble | null> {
  const row = await rowOf(ctx, input, await readSmtpAccount(ctx))
  const pool = new SmtpPool(await settingsOf(ctx, row), dialUnder('public'))
  const trouble = await pool.probe()
  pool.close()
  return trouble && { ...trouble, text: ownInLanguage(trouble.text, ctx.locale) }
}

/** Where mail goes at present. */
export async function currentOutlet(ctx: Ctx): Promise<Outlet> {
  const [provider] = await rankedProviders(ctx, 'email')
  if (provider) return { kind: 'provider', host: kindSpec(provider.kind).name, port: null }
  const own = await readSmtpAccount(ctx)
  if (own) return { kind: 'organization', host: own.host, port: own.port }
  const { smtpUrl, mailStaysHere } = ctx.platform.config
  if (mailStaysHere) return { kind: 'mailbox', host: null, port: null }
  const url = URL.parse(smtpUrl)
  return {
    kind: 'installation',
    host: url?.hostname ?? null,
    port: url === null || url.port === '' ? null : Number(url.port),
  }
}

async function rowOf(
  ctx: Ctx,
  input: SmtpAccountInput,
  before: SmtpAccountRow | null,
): Promise<Omit<SmtpAccountRow, 'version' | 'updatedBy' | 'updatedAt'>> {
  const { password, username, ...rest } = input
  const keys = await ctx.platform.secrets.of(ctx)
  const isSameServer = before?.host === input.host && before.username === username
  // A stored password follows neither to another server nor to another account: it would be handed to strangers.
  const kept = isSameServer ? before.passwordSealed : null
  return {
    ...rest,
    username: username === '' ? null : username,
    passwordSealed: password === undefined ? kept : keys.seal(passwordPlace(ctx), password),
  }
}

const shown = ({
  passwordSealed,
  version: _version,
  updatedBy: _updatedBy,
  ...row
}: SmtpAccountRow): SmtpAccount => ({ ...row, hasPassword: passwordSealed !== null })

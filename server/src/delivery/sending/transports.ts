/** The mail server that an organization's mails go to, and the one pool of connections that a process keeps to it. */
import type { Ctx } from '../../platform/context.ts'
import type { Platform } from '../../platform/platform.ts'
import { organizationOf } from '../../team/index.ts'
import { discardTransport } from '../channels/discard.ts'
import { dialUnder } from '../channels/email/smtp-client/dial.ts'
import type { MailMessage } from '../channels/email/mail-message.ts'
import { SmtpPool } from '../channels/email/smtp-client/smtp-pool.ts'
import {
  parseSmtpUrl,
  SMTP_DEFAULTS,
  type SmtpSettings,
} from '../channels/email/smtp-client/smtp-settings.ts'
import type { NoLine, Outlet } from '../channels/line.ts'
import type { Trouble } from '../channels/outcome.ts'
import { providerOutlet } from '../providers/outlets.ts'
import { isProven } from './identity.ts'
import { readSmtpAccount, type SmtpAccountRow } from './queries.ts'

/** What is written and waits takes some 10 kB a mail, so this is what three chunks at once may hold. */
const BATCH_MAX_SMTP = 500
const BATCH_MAX_DISCARD = 1_000
/** A mail server of this name sends nothing: a rehearsal. Names under .invalid lead nowhere by RFC 6761. */
const DISCARD_HOST = 'discard.invalid'

const INSTALLATION = 'installation'

/** Where mails go. */
export interface MailOutlet extends Outlet<MailMessage> {
  /**
   * Absent: mails as bytes. One that takes them in parts makes them itself: nothing need be composed, and nothing signed. A
   * rehearsal looks at nothing.
   */
  takes?: 'bytes' | 'parts' | 'nothing'
}

/**
 * Where the organization's mails go: its default provider, else its own server, else the installation's. Those of a
 * sample workspace reach nobody: they go to the built-in mailbox, or nowhere.
 * @param domain  of the sender's address
 */
export async function mailTransport(ctx: Ctx, domain: string): Promise<MailOutlet | NoLine> {
  const { isSample } = await organizationOf(ctx)
  if (isSample && !ctx.platform.config.mailStaysHere) return REHEARSED
  const own = isSample ? null : await ownMailTransport(ctx)
  if (own) return own
  const trouble = await unprovenSender(ctx, domain)
  return trouble ? { trouble } : installationOutlet(ctx)
}

/**
 * The server of the installation signs for, or is named in the SPF of, several organizations: what one of them writes in
 * the name of another would pass as theirs. Asked where the operator wants it (`FANFARE_SENDERS`).
 */
export async function unprovenSender(ctx: Ctx, domain: string): Promise<Trouble | null> {
  const { senders, mailStaysHere } = ctx.platform.config
  if (senders === 'any' || mailStaysHere || (await isProven(ctx, domain))) return null
  return {
    kind: 'sender_refused',
    text: `Mails from ${domain} leave here once it is a sending domain of yours whose keys are published.`,
  }
}

/** The organization's default provider, else its own server; null where it has neither. */
export async function ownMailTransport(ctx: Ctx): Promise<MailOutlet | null> {
  const provider = isRehearsal(ctx.platform) ? null : await providerOutlet(ctx, 'email')
  if (provider) return { ...provider, takes: 'parts' }
  const account = await readSmtpAccount(ctx)
  if (account) {
    const settings = await settingsOf(ctx, account)
    return {
      transport: poolFor(ctx.platform, ctx.orgId, String(account.version), settings, 'public'),
      batchMax: BATCH_MAX_SMTP,
    }
  }
  return null
}

const REHEARSED: MailOutlet = { transport: discardTransport, batchMax: BATCH_MAX_DISCARD, takes: 'nothing' }

function installationOutlet(ctx: Ctx): MailOutlet | NoLine {
  const { smtpUrl } = ctx.platform.config
  const settings = parseSmtpUrl(smtpUrl)
  if (typeof settings === 'string') return { trouble: { kind: 'unreachable', text: settings } }
  if (settings.host === DISCARD_HOST) return REHEARSED
  return {
    transport: poolFor(ctx.platform, INSTALLATION, smtpUrl, settings, 'any'),
    batchMax: BATCH_MAX_SMTP,
  }
}

/** Does nothing leave this installation at all, on any channel? */
export function isRehearsal(platform: Platform): boolean {
  return URL.parse(platform.config.smtpUrl)?.hostname === DISCARD_HOST
}

/** A stored account as the client takes it. */
export async function settingsOf(
  ctx: Ctx,
  account: Omit<SmtpAccountRow, 'version' | 'updatedBy' | 'updatedAt'>,
): Promise<SmtpSettings> {
  const keys = await ctx.platform.secrets.of(ctx)
  const password =
    account.passwordSealed === null ? '' : keys.open(passwordPlace(ctx), account.passwordSealed)
  return {
    ...SMTP_DEFAULTS,
    host: account.host,
    port: account.port,
    security: account.security,
    credentials: account.username === null ? null : { username: account.username, password },
    acceptsAnyCertificate: account.acceptsAnyCertificate,
    heloName: account.heloName,
    connectionsMax: account.connectionsMax,
    messagesPerConnectionMax: account.messagesPerConnectionMax,
  }
}

/** Where a sealed password belongs, so that it cannot be moved to another organization's row. */
export const passwordPlace = (ctx: Ctx): string => `smtp_account.password:${ctx.orgId}`

interface KeptPool {
  version: string
  pool: SmtpPool
}
const kept = new WeakMap<Platform, Map<string, KeptPool>>()

/** Changed settings make a new pool; the old one ends what it has begun. */
function poolFor(
  platform: Platform,
  owner: string,
  version: string,
  settings: SmtpSettings,
  policy: 'any' | 'public',
): SmtpPool {
  const pools = kept.get(platform) ?? new Map<string, KeptPool>()
  kept.set(platform, pools)
  const known = pools.get(owner)
  if (known?.version === version) return known.pool
  known?.pool.retire()
  const pool = new SmtpPool(settings, dialUnder(policy))
  pools.set(owner, { version, pool })
  return pool
}

/** The domain of an organization's own that its short links stand on: set, checked, used while it works. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { systemLookup } from '../../platform/dns.ts'
import { defineSchedule } from '../../platform/jobs/index.ts'
import type { Platform } from '../../platform/platform.ts'
import { errors } from '../errors.ts'
import {
  expectedFindings,
  isUsable,
  lookAtLinkDomain,
  type LinkDomainFinding,
  type Outside,
} from './check-link-domain.ts'
import { deleteLinkDomain, readLinkDomain, saveLinkDomain, saveLinkFindings } from './queries.ts'

/** Where short links stand, and what their domain still needs. */
export interface LinkDomain {
  /** Null: links stand on the installation's own address. */
  host: string | null
  /** Of the last look. */
  findings: LinkDomainFinding[]
  checkedAt: Date | null
  liveSince: Date | null
  /** Under which address links leave now. */
  origin: string
}

const MARK_CHARS = 32
const PROBE_TIMEOUT_MS = 5_000

/** Where short links stand at present. */
export async function linkDomainOf(ctx: Ctx): Promise<LinkDomain> {
  const row = await readLinkDomain(ctx)
  const origin = originOf(ctx, row)
  if (!row) return { host: null, findings: [], checkedAt: null, liveSince: null, origin }
  return { ...row, findings: row.findings ?? expected(ctx, row.host), origin }
}

/** The origin of links that leave now: the organization's domain when it works, otherwise the installation's. */
export const linkOrigin = async (ctx: Ctx): Promise<string> => originOf(ctx, await readLinkDomain(ctx))

/** Sets the domain; links stand on it once a look finds everything in place. */
export function setLinkDomain(ctx: Ctx, host: string): Promise<LinkDomain> {
  return inTransaction(ctx, async (ctx) => {
    const before = await readLinkDomain(ctx)
    if (before?.host !== host) {
      await saveLinkDomain(ctx, host)
      audit(ctx, 'link_domain.set', target(ctx), { before: before?.host ?? null, after: host })
    }
    return linkDomainOf(ctx)
  })
}

/** Links stand on the installation's address again. Those sent before keep the domain. */
export function removeLinkDomain(ctx: Ctx): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const [removed] = await deleteLinkDomain(ctx)
    if (!removed) throw errors.link_domain_missing()
    audit(ctx, 'link_domain.removed', target(ctx), { host: removed.host })
  })
}

/** Looks at the domain now, and uses it from now on, or no longer. @throws tracking.link_domain_missing */
export async function checkLinkDomain(ctx: Ctx, outside: Outside = systemOutside(ctx)): Promise<LinkDomain> {
  const row = await readLinkDomain(ctx)
  if (!row) throw errors.link_domain_missing()
  const findings = await lookAtLinkDomain(expected(ctx, row.host), outside)
  const liveSince = isUsable(findings) ? (row.liveSince ?? ctx.now()) : null
  return inTransaction(ctx, async (ctx) => {
    await saveLinkFindings(ctx, row.host, { findings, liveSince })
    if ((liveSince === null) !== (row.liveSince === null))
      audit(ctx, liveSince === null ? 'link_domain.rested' : 'link_domain.used', target(ctx), {
        host: row.host,
        wrong: findings.filter(({ isRight }) => !isRight).map(({ kind }) => kind),
      })
    return linkDomainOf(ctx)
  })
}

/** Every six hours: a domain that expired or lost its certificate is used for no further message. */
export const watchLinkDomains = defineSchedule({
  name: 'tracking.watch_link_domains',
  everyMs: 6 * 3_600_000,
  perOrganization: true,
  handle: async (ctx) => {
    if (await readLinkDomain(ctx)) await checkLinkDomain(ctx)
  },
})

/** What this installation answers when it is asked under a name. */
export const probeMark = (platform: Platform, host: string): string =>
  `fanfare ${markOf(platform.secrets.sign('tracking.link_probe', Buffer.from(host.toLowerCase())))}`

function expected(ctx: Ctx, host: string): LinkDomainFinding[] {
  const mark = ctx.platform.secrets.sign('tracking.link_owner', Buffer.from(`${ctx.orgId} ${host}`))
  return expectedFindings(host, {
    trackingHost: new URL(ctx.platform.config.trackingUrl).hostname,
    ownershipMark: `fanfare-links=${markOf(mark)}`,
    probeMark: probeMark(ctx.platform, host),
  })
}

const markOf = (bytes: Buffer): string => bytes.toString('hex').slice(0, MARK_CHARS)

const originOf = (ctx: Ctx, row: { host: string; liveSince: Date | null } | null): string =>
  row?.liveSince ? `https://${row.host}` : ctx.platform.config.trackingUrl.replace(/\/$/, '')

const systemOutside = (ctx: Ctx): Outside => ({
  lookup: systemLookup(),
  probe: async (url) => {
    const outcome = await ctx.platform.egress.call(url, { timeoutMs: PROBE_TIMEOUT_MS })
    return outcome.kind === 'answer' && outcome.answer.status === 200 ? outcome.answer.body : null
  },
})

const target = (ctx: Ctx): { kind: 'organization'; id: string } => ({ kind: 'organization', id: ctx.orgId })

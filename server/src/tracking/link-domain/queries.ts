/** Statements about the domain that short links stand on. */
import type { Ctx } from '../../platform/context.ts'
import type { LinkDomainFinding } from './check-link-domain.ts'

/** A link domain as stored. */
export interface LinkDomainRow {
  host: string
  findings: LinkDomainFinding[] | null
  checkedAt: Date | null
  /** Null while it is not used. */
  liveSince: Date | null
}

export async function readLinkDomain(ctx: Ctx): Promise<LinkDomainRow | null> {
  const [row] = await ctx.db.named<LinkDomainRow>(
    'tracking_link_domain_read',
    'select host, findings, checked_at, live_since from link_domain where org_id = $1',
    [ctx.orgId],
  )
  return row ?? null
}

/** Sets the domain; another one begins unchecked and unused. */
export const saveLinkDomain = (ctx: Ctx, host: string): Promise<unknown> =>
  ctx.db.named(
    'tracking_link_domain_save',
    `
    insert into link_domain (org_id, host, set_by, created_at, updated_at) values ($1, $2, $3, $4, $4)
    on conflict (org_id) do update set host = excluded.host, findings = null, checked_at = null, live_since = null,
      set_by = excluded.set_by, updated_at = excluded.updated_at`,
    [ctx.orgId, host, `${ctx.actor.kind}:${ctx.actor.id}`, ctx.now()],
  )

/** Keeps what was found; only of the host that was looked at. */
export const saveLinkFindings = (
  ctx: Ctx,
  host: string,
  found: { findings: readonly LinkDomainFinding[]; liveSince: Date | null },
): Promise<unknown> =>
  ctx.db.named(
    'tracking_link_domain_found',
    `
    update link_domain set findings = $3, live_since = $4, checked_at = $5, updated_at = $5
    where org_id = $1 and host = $2`,
    [ctx.orgId, host, JSON.stringify(found.findings), found.liveSince, ctx.now()],
  )

export const deleteLinkDomain = (ctx: Ctx): Promise<{ host: string }[]> =>
  ctx.db.named('tracking_link_domain_delete', 'delete from link_domain where org_id = $1 returning host', [
    ctx.orgId,
  ])

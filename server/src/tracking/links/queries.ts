/** Statements over the frozen links of mail versions. */
import type { Ctx } from '../../platform/context.ts'
import type { MailVersionId } from '../../platform/ids.ts'

/** A link as frozen with its version. */
export interface TrackedLink {
  linkNo: number
  /** Absolute. May hold variables in path and query, which the room content fills in when it is followed. */
  url: string
  /** What the reader saw of it. */
  label: string
}

/** Freezes links; those of a version never change, so a repetition is harmless. */
export const insertLinks = (
  ctx: Ctx,
  versionId: MailVersionId,
  links: readonly TrackedLink[],
): Promise<unknown> =>
  ctx.db.named(
    'tracking_links_insert',
    `
    insert into tracked_link (org_id, version_id, link_no, url, label)
    select $1, $2, l.link_no, l.url, l.label
    from unnest($3::smallint[], $4::text[], $5::text[]) as l (link_no, url, label)
    on conflict (org_id, version_id, link_no) do nothing`,
    [
      ctx.orgId,
      versionId,
      links.map((link) => link.linkNo),
      links.map((link) => link.url),
      links.map((link) => link.label),
    ],
  )

/** The links of some versions, by number. */
export const selectLinks = (
  ctx: Ctx,
  versionIds: readonly MailVersionId[],
): Promise<(TrackedLink & { versionId: MailVersionId })[]> =>
  ctx.db.named(
    'tracking_links_select',
    `
    select version_id, link_no, url, label
    from tracked_link
    where org_id = $1 and version_id = any($2::uuid[])
    order by version_id, link_no`,
    [ctx.orgId, versionIds],
  )

/** The versions that went out in a run, with their channels. */
export const selectRunVersions = (
  ctx: Ctx,
  runId: string,
): Promise<{ versionId: MailVersionId; channel: string }[]> =>
  ctx.db.named(
    'tracking_run_versions',
    'select distinct version_id, channel from token_source where org_id = $1 and run_id = $2',
    [ctx.orgId, runId],
  )

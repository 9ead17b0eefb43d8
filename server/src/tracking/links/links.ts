/** The frozen links of mails: where a click may lead, and nowhere else. */
import type { Ctx } from '../../platform/context.ts'
import { assert } from '../../platform/errors.ts'
import type { MailVersionId, RunId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { LINKS_MAX } from '../token/format.ts'
import type { MessageToken } from '../token/read.ts'
import { insertLinks, selectLinks, selectRunVersions, type TrackedLink } from './queries.ts'
import { viewRenderer } from './view-renderer.ts'

/** Versions whose links a process remembers. */
const VERSIONS_MAX = 1_000
const caches = new WeakMap<Platform, Map<string, readonly TrackedLink[]>>()

/** Freezes the links of a mail version. Called when a campaign is launched, before its first message. */
export async function freezeLinks(
  ctx: Ctx,
  versionId: MailVersionId,
  links: readonly TrackedLink[],
): Promise<void> {
  assert(links.length <= LINKS_MAX, 'a mail has no more links than a token can number')
  if (links.length > 0) await insertLinks(ctx, versionId, links)
}

/** The links of all versions that went out in a run, for reports. */
export async function linksOfRun(
  ctx: Ctx,
  runId: RunId,
): Promise<(TrackedLink & { versionId: MailVersionId; channel: string })[]> {
  const channels = new Map(
    (await selectRunVersions(ctx, runId)).map(({ versionId, channel }) => [versionId, channel]),
  )
  const links = channels.size === 0 ? [] : await selectLinks(ctx, [...channels.keys()])
  return links.map((link) => ({ ...link, channel: channels.get(link.versionId) ?? '' }))
}

/**
 * Where a click leads: the stored address, with the person's values filled in where it has variables.
 * @returns null when there is no such link, or its values cannot be had any more
 */
export async function destinationOf(ctx: Ctx, { message, linkNo }: MessageToken): Promise<string | null> {
  const link = (await linksOfVersion(ctx, message.versionId)).find((candidate) => candidate.linkNo === linkNo)
  if (!link) return null
  if (!/\{\{|\{%/.test(link.url)) return absolute(link.url)
  const filled = await viewRenderer().url(ctx, message, link.linkNo)
  const url = filled === null ? null : absolute(filled)
  // Values may fill path and query, never the place that a link leads to. Source: ASVS 3.7.2
  return url !== null && originOf(url) === originOf(link.url) ? url : null
}

async function linksOfVersion(ctx: Ctx, versionId: MailVersionId): Promise<readonly TrackedLink[]> {
  const cache = caches.get(ctx.platform) ?? new Map<string, readonly TrackedLink[]>()
  caches.set(ctx.platform, cache)
  const key = `${ctx.orgId} ${versionId}`
  const known = cache.get(key)
  if (known) return known
  const links = await selectLinks(ctx, [versionId])
  // Nothing found is not remembered: the version may be frozen in this very moment.
  if (links.length > 0) cache.set(key, links)
  if (cache.size > VERSIONS_MAX) cache.delete(cache.keys().next().value ?? '')
  return links
}

/** As a header can carry it. */
const absolute = (url: string): string | null => URL.parse(url)?.href ?? null

/** Scheme and host, as written before any variable. */
const originOf = (url: string): string =>
  /^[a-z][a-z0-9+.-]*:(?:\/\/[^/?#{]*)?/i.exec(url)?.[0].toLowerCase() ?? ''

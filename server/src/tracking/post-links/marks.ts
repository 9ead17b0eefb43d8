/**
 * The marks of a post's link (UTM): written into addresses here, and read back from what visitors' browsers report. Pure.
 * Source: issue 5, tracked links and UTM for posts and pages; Segment spec, context.campaign
 */
import { fromWire, toWire, wirePattern, type CampaignId } from '../../platform/ids.ts'
import type { Properties } from '../intake/message.ts'
import { POST_PLATFORMS, type PostPlatform } from './platforms.ts'

const MARK_CHARS_MAX = 60
const CAMPAIGN_WIRE = wirePattern('campaign')

/** What a visit came from. */
export interface PostSource {
  campaignId: CampaignId
  platform: PostPlatform
}

/** The destination with its marks. Those that it had of the same names give way; everything else of it stays. */
export function markedUrl(
  destination: string,
  link: PostSource & { campaignName: string; name: string },
): string {
  const url = new URL(destination)
  const marks = {
    utm_source: link.platform,
    utm_medium: 'social',
    utm_campaign: slugOf(link.campaignName),
    utm_id: toWire('campaign', link.campaignId),
    utm_content: slugOf(link.name),
  }
  for (const [mark, value] of Object.entries(marks)) url.searchParams.set(mark, value)
  return url.href
}

/** Letters and digits of any script, words joined by dashes: reports of others group by it. */
const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, '-')
    .slice(0, MARK_CHARS_MAX)
    .replaceAll(/^-+|-+$/g, '')

/**
 * What an event says of the post that it came by: `context.campaign`, as clients of the protocol write it, else the
 * address of the page. A source that is no platform of ours is none: links in mails are counted as clicks already.
 */
export function postSourceOf(context: Properties | null, properties: Properties): PostSource | null {
  const told = objectIn(context, 'campaign')
  if (told !== null && typeof told['id'] === 'string') return sourceFrom(told['id'], told['source'])
  const page = objectIn(context, 'page')
  for (const place of [page?.['search'], page?.['url'], properties['search'], properties['url']])
    if (typeof place === 'string' && place.includes('utm_id=')) {
      const query = new URLSearchParams(place.replace(/^[^?]*\?/, '').replace(/#.*$/, ''))
      return sourceFrom(query.get('utm_id'), query.get('utm_source'))
    }
  return null
}

function sourceFrom(id: unknown, source: unknown): PostSource | null {
  if (typeof id !== 'string' || typeof source !== 'string' || !CAMPAIGN_WIRE.test(id)) return null
  const named = source.trim().toLowerCase()
  const platform = POST_PLATFORMS.find((known) => known === named)
  return platform === undefined ? null : { campaignId: fromWire('campaign', id) as CampaignId, platform } // its form was matched
}

function objectIn(object: Properties | null, name: string): Properties | null {
  const value = object?.[name]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Properties) : null
}

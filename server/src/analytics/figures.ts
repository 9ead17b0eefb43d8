/** Reading figures: exact at every look, because deltas that wait are added. */
import type { Ctx } from '../platform/context.ts'
import type { SendChannel } from '../consent/index.ts'
import type { CampaignId, RunId } from '../platform/ids.ts'
import { isPlatform, linksOfRun, type LedgerState } from '../tracking/index.ts'
import { countOfState, deliveredIn, handedOverIn } from './counts.ts'
import { countsByChannel, countsByRun, countsOf, hoursOf, lastRunOf, totalsOfMany } from './figure-queries.ts'
import { ATTRIBUTION_MODELS } from './attribution/models.ts'
import { PARTS } from './conversions/rules.ts'
import type { Figures, HourFigures, LinkFigures } from './schema.ts'

/** Below this share of what was handed over, a report warns. Source: CS-011.6 */
const DELIVERY_LOW = 0.95
/** A handful of bounces among a few first mails says nothing. */
const DELIVERY_JUDGED_FROM = 20

/** Everything counted of a campaign, or of one of its runs. Source: FR-006.1, CS-012.1 */
export async function campaignFigures(
  ctx: Ctx,
  campaignId: CampaignId,
  runId: RunId | null = null,
): Promise<Figures> {
  return figuresFrom(await countsOf(ctx, campaignId, runId))
}

/** The same apart for each channel of messages, in the order of their names. */
export async function channelFigures(
  ctx: Ctx,
  campaignId: CampaignId,
  runId: RunId | null = null,
): Promise<{ channel: SendChannel; figures: Figures }[]> {
  const byChannel = Map.groupBy(await countsByChannel(ctx, campaignId, runId), ({ channel }) => channel)
  const ofMessages = [...byChannel].filter(([channel]) => !isPlatform(channel))
  return ofMessages.map(([channel, rows]) => ({
    channel,
    figures: figuresFrom(new Map(rows.map(({ name, n }) => [name, n]))),
  }))
}

/** The same apart for each of the latest runs, latest first. Source: FR-006.1, CS-012.1 */
export async function runFigures(
  ctx: Ctx,
  campaignId: CampaignId,
  limit: number,
): Promise<{ runId: RunId; figures: Figures }[]> {
  const byRun = Map.groupBy(await countsByRun(ctx, campaignId, limit), ({ runId }) => runId)
  return [...byRun].map(([runId, rows]) => ({
    runId,
    figures: figuresFrom(new Map(rows.map(({ name, n }) => [name, n]))),
  }))
}

/** A few figures of many campaigns, for lists. Campaigns that nothing was counted of are left out. */
export async function figuresOf(
  ctx: Ctx,
  campaignIds: readonly CampaignId[],
): Promise<Map<CampaignId, { sent: number; openRate: number | null; clickRate: number | null }>> {
  if (campaignIds.length === 0) return new Map()
  const byCampaign = Map.groupBy(await totalsOfMany(ctx, campaignIds), (row) => row.campaignId)
  return new Map(
    [...byCampaign].map(([campaignId, rows]) => {
      const { handedOver, rates } = figuresFrom(new Map(rows.map((row) => [row.name, row.n])))
      return [campaignId, { sent: handedOver, openRate: rates.open.ratio, clickRate: rates.click.ratio }]
    }),
  )
}

/** Hour by hour, oldest first; hours in which nothing happened are left out. Source: CS-012.2 */
export async function hourlyFigures(
  ctx: Ctx,
  campaignId: CampaignId,
  runId: RunId | null = null,
): Promise<HourFigures[]> {
  const rows = await hoursOf(ctx, campaignId, runId)
  const byHour = Map.groupBy(rows, (row) => row.hour.getTime())
  return [...byHour]
    .toSorted(([a], [b]) => a - b)
    .map(([hour, counts]) => {
      const named = new Map(counts.map((row) => [row.name, row.n]))
      return {
        hour: new Date(hour),
        sent: handedOverIn(named),
        opened: named.get('opened') ?? 0,
        clicked: named.get('clicked') ?? 0,
        unsubscribed: named.get('unsubscribed') ?? 0,
      }
    })
}

/** The links of a run, or of the latest with the clicks of all, most clicked first. `share` is of the people who clicked at all on the link's channel. */
export async function linkFiguresOf(
  ctx: Ctx,
  campaignId: CampaignId,
  of: RunId | null = null,
): Promise<LinkFigures[]> {
  const runId = of ?? (await lastRunOf(ctx, campaignId))
  if (runId === null) return []
  // Each channel's content numbers its own links.
  const counts = new Map(
    (await countsByChannel(ctx, campaignId, of)).map(({ channel, name, n }) => [`${channel}/${name}`, n]),
  )
  const links = await linksOfRun(ctx, runId)
  return links
    .map(({ linkNo, url, label, channel }) => {
      const counted = (name: string): number => counts.get(`${channel}/${name}`) ?? 0
      const people = counted(`link.${linkNo}`)
      const clickers = counted('clicked')
      return {
        channel,
        linkNo,
        url,
        label,
        people,
        times: counted(`link.${linkNo}.total`),
        machineTimes: counted(`link.${linkNo}.machine`),
        whole: clickers,
        share: clickers === 0 ? null : people / clickers,
      }
    })
    .toSorted((a, b) => b.people - a.people || a.channel.localeCompare(b.channel) || a.linkNo - b.linkNo)
}

/** Everything that counts by name say. Pure. */
export function figuresFrom(counts: ReadonlyMap<string, number>): Figures {
  const of = (name: string): number => counts.get(name) ?? 0
  const state = (name: LedgerState): number => countOfState(counts, name)
  const handedOver = handedOverIn(counts)
  const [bounced, failed, unknown] = [state('bounced'), state('failed'), state('unknown')]
  const delivered = deliveredIn(counts)
  const [opened, clicked] = [engagementOf(counts, 'opened'), engagementOf(counts, 'clicked')]
  const [unsubscribed, complained, converted] = [of('unsubscribed'), of('complained'), of('converted')]
  const rates = ratesFrom(counts)
  const { delivery } = rates
  return {
    audience: of('audience'),
    skipped: state('skipped'),
    skippedByReason: reasonsOf(counts, 'skipped'),
    heldOut: state('held_out'),
    handedOver,
    delivered,
    measured: of('measured'),
    bounced,
    bouncedByReason: reasonsOf(counts, 'bounced'),
    failed,
    failedByReason: reasonsOf(counts, 'failed'),
    unknown,
    opened,
    clicked,
    replied: { people: of('replied'), times: of('replied.total') },
    unsubscribed,
    complained,
    converted,
    attributed: ATTRIBUTION_MODELS.map((model) => ({
      model,
      conversions: of(`conversions.${model}`) / PARTS,
      revenueMinor: of(`revenue.${model}`),
    })),
    rates,
    isDeliveryLow:
      delivery.whole >= DELIVERY_JUDGED_FROM && delivery.ratio !== null && delivery.ratio < DELIVERY_LOW,
  }
}

/** The rates alone: for lists of a thousand campaigns. */
export function ratesFrom(counts: ReadonlyMap<string, number>): Figures['rates'] {
  const of = (name: string): number => counts.get(name) ?? 0
  const [handedOver, delivered] = [handedOverIn(counts), deliveredIn(counts)]
  const [opened, clicked] = [of('opened'), of('clicked')]
  return {
    // Refused for the sender's sake counts as not delivered: it is what the alert is about.
    delivery: rateOf(delivered, handedOver + countOfState(counts, 'failed')),
    bounce: rateOf(countOfState(counts, 'bounced'), handedOver),
    // Whoever did not agree to a pixel cannot be seen opening: they are no part of this rate.
    open: rateOf(opened, Math.min(of('measured'), delivered)),
    click: rateOf(clicked, delivered),
    clickToOpen: rateOf(clicked, opened),
    reply: rateOf(of('replied'), delivered),
    unsubscribe: rateOf(of('unsubscribed'), delivered),
    complaint: rateOf(of('complained'), delivered),
    // Of everybody who was sent to. Source: KPI-4
    conversion: rateOf(of('converted'), handedOver),
  }
}

function reasonsOf(counts: ReadonlyMap<string, number>, state: string): { reason: string; people: number }[] {
  return [...counts]
    .filter(([name, n]) => name.startsWith(`${state}.`) && n !== 0)
    .map(([name, people]) => ({ reason: name.slice(state.length + 1), people }))
    .toSorted((a, b) => b.people - a.people || (a.reason < b.reason ? -1 : 1))
}

function engagementOf(counts: ReadonlyMap<string, number>, name: 'opened' | 'clicked'): Figures['opened'] {
  return {
    people: counts.get(name) ?? 0,
    times: counts.get(`${name}.total`) ?? 0,
    machinePeople: counts.get(`machine_${name}`) ?? 0,
    machineTimes: counts.get(`machine_${name}.total`) ?? 0,
  }
}

const rateOf = (part: number, whole: number): Figures['rates']['open'] => ({
  part,
  whole,
  ratio: whole === 0 ? null : part / whole,
})

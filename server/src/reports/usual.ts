/** What is usual for an organization: the rates of its own earlier campaigns. */
import { countsOfEach, countsOfEachChannel, deliveredIn, type Counts } from '../analytics/index.ts'
import type { Ctx } from '../platform/context.ts'
import type { CampaignId } from '../platform/ids.ts'
import { campaignOf } from './money.ts'
import {
  selectEarlier,
  selectEarlierOnEach,
  selectLaunched,
  selectOthersOn,
  type CampaignFacts,
} from './queries.ts'
import { ratesOf } from './rates.ts'
import { RATES, type RateName, type Usual } from './schema.ts'

/** Earlier campaigns that are looked at. */
const CAMPAIGNS_MAX = 50
/** Fewer have no middle worth a name. */
const CAMPAIGNS_MIN = 5
/** A rate over fewer messages is mostly chance. */
const MESSAGES_MIN = 100

/**
 * The usual rates beside those of a campaign: of the latest fifty that were launched before it on the same channels.
 * @throws reports.campaign_not_found
 */
export async function usualRates(ctx: Ctx, id: CampaignId): Promise<Usual> {
  const campaign = await campaignOf(ctx, id)
  return usualOf(ctx, await selectEarlier(ctx, campaign, CAMPAIGNS_MAX))
}

/** The same beside several: of the latest fifty that share a channel with them and are none of them. */
export const usualBeside = async (ctx: Ctx, campaigns: readonly CampaignFacts[]): Promise<Usual> =>
  usualOf(
    ctx,
    await selectOthersOn(ctx, {
      channels: [...new Set(campaigns.flatMap(({ channels }) => channels))],
      except: campaigns.map(({ id }) => id),
      limit: CAMPAIGNS_MAX,
    }),
  )

/** The same beside a period: of the latest fifty that were launched before it, whatever their channels. */
export async function usualBefore(ctx: Ctx, before: Date): Promise<Usual> {
  const campaigns = await selectLaunched(ctx, { from: null, to: before, limit: CAMPAIGNS_MAX })
  return usualOf(
    ctx,
    campaigns.map(({ id }) => id),
  )
}

/**
 * The same of each channel of some campaigns: of what the latest fifty others sent over it, launched before the first of
 * them where it is one alone.
 */
export async function usualByChannel(
  ctx: Ctx,
  campaigns: readonly CampaignFacts[],
): Promise<ReadonlyMap<string, Usual>> {
  const alone = campaigns.length === 1 ? campaigns[0] : undefined
  const earlier = await selectEarlierOnEach(ctx, {
    channels: [...new Set(campaigns.flatMap(({ channels }) => channels))],
    except: campaigns.map(({ id }) => id),
    before: alone?.launchedAt ?? ctx.now(),
    limit: CAMPAIGNS_MAX,
  })
  const isEarlier = new Set(earlier.map(({ channel, id }) => `${channel} ${id}`))
  const counts = await countsOfEachChannel(ctx, [...new Set(earlier.map(({ id }) => id))])
  const own = counts.filter(({ campaignId, channel }) => isEarlier.has(`${channel} ${campaignId}`))
  return new Map(
    [...Map.groupBy(own, ({ channel }) => channel)].map(([channel, rows]) => [
      channel,
      usualAmong(rows.map(({ counts }) => counts)),
    ]),
  )
}

/** The same of each run of a campaign, by the fifty before it. @param runs  counts, the latest first. Pure. */
export const usualOfRuns = (runs: readonly Counts[]): Usual[] =>
  runs.map((_run, at) => usualAmong(runs.slice(at + 1, at + 1 + CAMPAIGNS_MAX)))

const usualOf = async (ctx: Ctx, ids: readonly CampaignId[]): Promise<Usual> =>
  usualAmong([...(await countsOfEach(ctx, ids)).values()])

/** What is usual among campaigns, or among others that were sent, by the counts of each. Pure. */
function usualAmong(counts: readonly Counts[]): Usual {
  const measured = counts.filter((own) => deliveredIn(own) >= MESSAGES_MIN)
  const rates = measured.map(ratesOf)
  return Object.fromEntries(
    RATES.map((name) => [name, spreadOf(rates.flatMap((own) => own[name].ratio ?? []))]),
  ) as Record<RateName, Usual[RateName]> // one entry per name
}

/** Median with the middle half of some ratios; null when they are too few. Pure. */
export function spreadOf(ratios: readonly number[]): Usual[RateName] {
  if (ratios.length < CAMPAIGNS_MIN) return null
  const sorted = ratios.toSorted((a, b) => a - b)
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    campaigns: sorted.length,
  }
}

/** Between the two nearest, in proportion. @param sorted  ascending, not empty */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0]
  return below + (above - below) * (at - Math.floor(at))
}

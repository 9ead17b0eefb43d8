/** Journeys of a period as a report: what each channel or campaign is credited by each model. */
import { journeysOf, OTHER_STOPS, type StopCredit } from '../analytics/index.ts'
import type { Ctx } from '../platform/context.ts'
import type { CampaignId } from '../platform/ids.ts'
import { toMajor } from '../platform/money.ts'
import { organizationOf } from '../team/index.ts'
import { channelName } from './papers/channel-name.ts'
import { WORDS } from './papers/words.ts'
import { periodOf } from './period.ts'
import { selectCampaigns } from './queries.ts'
import type { JourneyReport } from './schema.ts'

/** Without a wish: long enough for ways to repeat. */
const USUAL_DAYS = 90
const OTHER_NAMES = { en: 'Others', fr: 'Autres' } as const

/** Source: CS-013.3, CS-013.4, statistics §11 @throws reports.period_invalid */
export async function journeyReport(
  ctx: Ctx,
  { by, ...asked }: { by: 'channel' | 'campaign'; from?: string | undefined; to?: string | undefined },
): Promise<JourneyReport> {
  const { currency } = await organizationOf(ctx)
  const period = await periodOf(ctx, asked, USUAL_DAYS)
  const found = await journeysOf(ctx, { from: period.from, to: period.to, stop: by, currency })
  const nameOf = await names(ctx, by, found.stops)
  const major = (minor: number): number => toMajor(Math.round(minor), currency) ?? 0
  return {
    period: { from: period.fromOn, to: period.toOn },
    by,
    currency,
    journeys: found.journeys,
    conversions: found.conversions,
    value: major(found.valueMinor),
    conversionProbability: found.conversionProbability,
    isThin: found.isThin,
    items: found.stops.map((one, index) => ({
      stop: one.stop === OTHER_STOPS || by === 'channel' ? one.stop : String(index),
      name: nameOf(one.stop),
      conversions: one.conversions,
      value: {
        first: major(one.valueMinor.first),
        last: major(one.valueMinor.last),
        linear: major(one.valueMinor.linear),
        shapley: major(one.valueMinor.shapley),
        markov: major(one.valueMinor.markov),
      },
      removalEffect: one.removalEffect,
      markovInterval: one.markovInterval,
    })),
  }
}

async function names(
  ctx: Ctx,
  by: 'channel' | 'campaign',
  stops: readonly StopCredit[],
): Promise<(stop: string) => string> {
  const other = OTHER_NAMES[ctx.locale]
  if (by === 'channel') return (stop) => (stop === OTHER_STOPS ? other : channelName(stop, WORDS[ctx.locale]))
  const ids = stops.flatMap(({ stop }) => (stop === OTHER_STOPS ? [] : [stop as CampaignId])) // as the credits have them
  const known = new Map((await selectCampaigns(ctx, ids)).map(({ id, name }) => [id as string, name]))
  return (stop) => known.get(stop) ?? other
}

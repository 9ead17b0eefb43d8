/** Journeys of a period, credited by every model that looks at many of them. */
import type { Ctx } from '../../platform/context.ts'
import { selectWays, type JourneyStop, type Way } from './journey-queries.ts'
import {
  firstTouchCredit,
  lastTouchCredit,
  linearCredit,
  markovCredit,
  shapleyCredit,
  type JourneyGroup,
} from './journeys.ts'

/** Models beside each other. */
export const JOURNEY_MODELS = ['first', 'last', 'linear', 'shapley', 'markov'] as const
export type JourneyModel = (typeof JOURNEY_MODELS)[number]

/** Stops that are told apart; rarer ones stand together, because each costs the chain an equation. */
const STOPS_MAX = 25
/** The rarer ones. */
export const OTHER_STOPS = 'other'
/** Below this many conversions the effects of weak channels are noise. Source: statistics §11 */
const CONVERSIONS_MIN = 100
const RESAMPLES = 100
const INTERVAL_TAIL = 0.025
/** Ways that a resample draws one by one; the rest is a remainder of rare ones, drawn alike. */
const POISSON_LARGE = 50

/** One stop with its credit by each model. */
export interface StopCredit {
  stop: string
  conversions: Record<JourneyModel, number>
  /** Minor units. Markov's share of the value is that of its conversions. */
  valueMinor: Record<JourneyModel, number>
  /** By how much fewer conversions there would be, as a share, if it led nowhere. */
  removalEffect: number
  /** 95 % of Markov's conversions over resamples of the journeys; null where there are none. */
  markovInterval: { low: number; high: number } | null
}

export interface Journeys {
  journeys: number
  conversions: number
  valueMinor: number
  /** That a journey ends in a conversion. */
  conversionProbability: number | null
  /** Too few conversions for Markov to say much. */
  isThin: boolean
  stops: StopCredit[]
}

/**
 * Reads and credits. Both data-driven models describe; what a channel causes only a holdout shows.
 * Source: statistics §11, CS-013.3
 */
export async function journeysOf(
  ctx: Ctx,
  question: { from: Date; to: Date; stop: JourneyStop; currency: string },
): Promise<Journeys> {
  const groups = withOthers(await selectWays(ctx, question))
  return creditJourneys(groups, () => ctx.random())
}

/** Credits journeys by every model. @param dice  of the resamples */
export function creditJourneys(groups: readonly JourneyGroup[], dice: () => number): Journeys {
  const conversions = sumOf(groups, (group) => group.conversions)
  const valueMinor = sumOf(groups, (group) => group.value)
  const journeys = conversions + sumOf(groups, (group) => group.lost)
  const simple = {
    first: firstTouchCredit(groups),
    last: lastTouchCredit(groups),
    linear: linearCredit(groups),
    shapley: shapleyCredit(groups),
  }
  const markov = markovCredit(groups)
  const intervals = conversions === 0 ? null : resample(groups, dice)
  const stops = [...new Set(groups.flatMap(({ channels }) => channels))]
  return {
    journeys,
    conversions,
    valueMinor,
    conversionProbability: journeys === 0 ? null : markov.conversionProbability,
    isThin: conversions < CONVERSIONS_MIN,
    stops: stops
      .map((stop) => {
        const share = conversions === 0 ? 0 : (markov.conversions.get(stop) ?? 0) / conversions
        return {
          stop,
          conversions: {
            ...byModel((model) => simple[model].conversions.get(stop) ?? 0),
            markov: markov.conversions.get(stop) ?? 0,
          },
          valueMinor: {
            ...byModel((model) => simple[model].value.get(stop) ?? 0),
            markov: share * valueMinor,
          },
          removalEffect: markov.removalEffect.get(stop) ?? 0,
          markovInterval: intervals?.get(stop) ?? null,
        }
      })
      .toSorted((a, b) => b.conversions.markov - a.conversions.markov || (a.stop < b.stop ? -1 : 1)),
  }
}

const byModel = <T>(of: (model: Exclude<JourneyModel, 'markov'>) => T) => ({
  first: of('first'),
  last: of('last'),
  linear: of('linear'),
  shapley: of('shapley'),
})

const sumOf = (groups: readonly JourneyGroup[], of: (group: JourneyGroup) => number): number =>
  groups.reduce((sum, group) => sum + of(group), 0)

/** The most frequent stops by their names, the others by one. */
function withOthers(ways: readonly Way[]): JourneyGroup[] {
  const times = new Map<string, number>()
  for (const { stops, conversions, lost } of ways)
    for (const stop of stops) times.set(stop, (times.get(stop) ?? 0) + conversions + lost)
  const kept = new Set(
    [...times]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, STOPS_MAX)
      .map(([stop]) => stop),
  )
  return ways.map(({ stops, conversions, valueMinor, lost }) => ({
    channels: stops.map((stop) => (kept.has(stop) ? stop : OTHER_STOPS)),
    conversions,
    value: valueMinor,
    lost,
  }))
}

/** Markov's credit over journeys drawn again, each kind as often as chance would have it. */
function resample(
  groups: readonly JourneyGroup[],
  dice: () => number,
): Map<string, { low: number; high: number }> {
  const drawn = new Map<string, number[]>()
  for (let run = 0; run < RESAMPLES; run += 1) {
    const again = groups.map((group) => ({
      ...group,
      conversions: poisson(group.conversions, dice),
      lost: poisson(group.lost, dice),
    }))
    for (const [stop, credit] of markovCredit(again).conversions)
      drawn.set(stop, [...(drawn.get(stop) ?? []), credit])
  }
  return new Map(
    [...drawn].map(([stop, credits]) => {
      const sorted = credits.toSorted((a, b) => a - b)
      const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0
      return [stop, { low: at(INTERVAL_TAIL), high: at(1 - INTERVAL_TAIL) }]
    }),
  )
}

/** A count drawn around a mean: by its product of uniform numbers, or by the normal curve where it is large. */
function poisson(mean: number, dice: () => number): number {
  if (mean > POISSON_LARGE) {
    const normal = Math.sqrt(-2 * Math.log(1 - dice())) * Math.cos(2 * Math.PI * dice())
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal))
  }
  let count = 0
  for (let product = dice(); product > Math.exp(-mean); product *= dice()) count += 1
  return count
}

/** What is watched, when, and from where on something is unusual. Pure. */
import { figuresFrom, type Counts } from '../../analytics/index.ts'
import { studentQuantile, studentTwoSided } from '../../experiments/index.ts'
import type { AnomalyMetric } from '../schema.ts'
import { logOddsOf, predictCount, type Count } from './predict.ts'

/** When a run or a day is looked at: so many hours after its first message, or after its last, or its end. */
export const STAGES = {
  silent: { after: 'last', hours: 0 },
  early: { after: 'first', hours: 3 },
  day: { after: 'last', hours: 25 },
  days3: { after: 'last', hours: 73 },
} as const satisfies Record<string, { after: 'first' | 'last'; hours: number }>
export type Stage = keyof typeof STAGES

/** What each look judges. Rates that need time to ripen wait for the later ones. */
export const LOOKS: Record<Stage, readonly AnomalyMetric[]> = {
  silent: ['volume'],
  early: ['failure', 'bounce', 'complaint', 'unsubscribe'],
  day: ['failure', 'bounce', 'complaint', 'unsubscribe', 'open', 'click', 'conversion', 'volume'],
  days3: ['complaint', 'conversion', 'order_value'],
}

/**
 * The stated rate of false alarms: of a hundred runs on a channel that are like the earlier ones, at most so many times
 * this raises any alarm. All looks at a run share it in equal parts (Bonferroni: holds however they depend on each other);
 * a silent day has one look instead of them.
 */
export const FALSE_ALARMS_PER_RUN = 0.01
const LEVEL = FALSE_ALARMS_PER_RUN / [...LOOKS.early, ...LOOKS.day, ...LOOKS.days3].length

/** Fewer earlier runs say nothing about what is usual; more than these are not asked. */
export const PEERS_MIN = 8
export const PEERS_MAX = 30
/** A rate over fewer is mostly chance. */
export const WHOLE_MIN = 100
/** Where fewer messages a day are usual, a day with none is chance. */
const DAILY_MIN = 30
/** A mean over fewer orders is one of some orders, not of a campaign. */
const BUYERS_MIN = 30

/** More of these is bad and less is no news; of the others both are. */
const HIGH_ONLY: ReadonlySet<AnomalyMetric> = new Set(['failure', 'bounce', 'complaint', 'unsubscribe'])

/** Something unusual. Shares for rates, messages for `volume`, minor units per buyer for `order_value`. */
export interface Unusual {
  metric: AnomalyMetric
  direction: 'high' | 'low'
  observed: Count
  median: number
  low: number
  high: number
  peers: number
  /** Chance of something as far off in a run like the others. */
  p: number
}

/**
 * Judges one figure of a run against comparable ones.
 * @param peers    counts of earlier runs at the same age on the same channel, latest first
 * @param isDaily  they are days, of which each says something of how many messages are usual
 */
export function judge(
  metric: AnomalyMetric,
  own: Counts,
  peers: readonly Counts[],
  isDaily = false,
): Unusual | null {
  const observed = measureOf(metric, own)
  const measured = peers.map((peer) => measureOf(metric, peer))
  const isDailyVolume = isDaily && metric === 'volume'
  const others = (isDailyVolume ? measured : measured.filter((count) => isEnough(metric, count))).slice(
    0,
    PEERS_MAX,
  )
  // However little it was: of a volume that is the news.
  if ((metric !== 'volume' && !isEnough(metric, observed)) || others.length < PEERS_MIN) return null
  if (isDailyVolume && middleOf(others.map(({ part }) => part)) < DAILY_MIN) return null
  const found = isMean(metric) ? judgeMean(observed, others) : judgeRate(observed, others)
  const sides = HIGH_ONLY.has(metric) ? 1 : 2
  const direction = HIGH_ONLY.has(metric) || found.upper < found.lower ? 'high' : 'low'
  const p = Math.min(1, sides * (direction === 'high' ? found.upper : found.lower))
  const { median, low, high } = found
  return p < LEVEL ? { metric, direction, observed, median, low, high, peers: others.length, p } : null
}

const middleOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** What a figure is a share of: `volume` of one run, `order_value` of buyers. */
export function measureOf(metric: AnomalyMetric, counts: Counts): Count {
  const { rates, failed, handedOver, converted } = figuresFrom(counts)
  const bare = ({ part, whole }: Count): Count => ({ part: Math.max(0, Math.min(part, whole)), whole })
  switch (metric) {
    case 'failure':
      return bare({ part: failed, whole: handedOver + failed })
    case 'volume':
      return { part: handedOver, whole: 1 }
    case 'order_value':
      return { part: counts.get('revenue.last') ?? 0, whole: converted }
    default:
      return bare(rates[metric])
  }
}

/** Not a share of people, but a size. */
export const isMean = (metric: AnomalyMetric): boolean => metric === 'volume' || metric === 'order_value'

function isEnough(metric: AnomalyMetric, { part, whole }: Count): boolean {
  if (metric === 'volume') return part >= WHOLE_MIN
  return metric === 'order_value' ? whole >= BUYERS_MIN && part > 0 : whole >= WHOLE_MIN
}

interface Judged {
  upper: number
  lower: number
  median: number
  low: number
  high: number
}

/** Within so many deviations of the others nothing can be unusual: no need to work it out. */
const PLAIN_DEVIATIONS = 1.5
/** More than that tells nothing further of a rate that moves from run to run. */
const WEIGHT_MAX = 400

function judgeRate(own: Count, others: readonly Count[]): Judged {
  return isPlain(own, others)
    ? { upper: 0.5, lower: 0.5, median: 0, low: 0, high: 0 }
    : predictCount(others, own)
}

function isPlain(own: Count, others: readonly Count[]): boolean {
  const weights = others.map(({ part, whole }) => 1 + Math.min(WEIGHT_MAX, part, whole - part))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const meanOf = (values: readonly number[]): number =>
    values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0) / total
  const mean = meanOf(others.map(logOddsOf))
  const variance = meanOf(others.map((other) => (logOddsOf(other) - mean) ** 2))
  return Math.abs(logOddsOf(own) - mean) < PLAIN_DEVIATIONS * Math.sqrt(variance)
}

/** Differences below this are nobody's alarm, however even the earlier runs were. */
const LOG_SPREAD_MIN = 0.05

/** None has no logarithm: it counts as half of one. */
const NONE = 0.5
const logMean = ({ part, whole }: Count): number => Math.log(Math.max(NONE, part) / whole)

/** A mean among means: logarithms by Student's prediction interval, which counts how few there are. */
function judgeMean(own: Count, others: readonly Count[]): Judged {
  const logs = others.map(logMean)
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (logs.length - 1)
  const spread = Math.sqrt(variance + LOG_SPREAD_MIN ** 2) * Math.sqrt(1 + 1 / logs.length)
  const t = (logMean(own) - mean) / spread
  const tail = studentTwoSided(t, logs.length - 1) / 2
  const reach = studentQuantile(0.975, logs.length - 1) * spread
  return {
    upper: t > 0 ? tail : 1 - tail,
    lower: t > 0 ? 1 - tail : tail,
    median: Math.exp(mean),
    low: Math.exp(mean - reach),
    high: Math.exp(mean + reach),
  }
}

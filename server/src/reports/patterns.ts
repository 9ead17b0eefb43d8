/**
 * What goes with success. Campaigns are the units, not messages: a list of a million people is still one subject line.
 * Pure.
 */
import { benjaminiHochberg, READING_CONFIDENCE, welchTest, type Moments } from '../experiments/index.ts'
import type { Features } from './features.ts'
import { assert } from '../platform/errors.ts'
import { PATTERN_METRICS, type PatternMetric, type PatternOnWire } from './schema.ts'

/** Campaigns with fewer messages say nothing of their own. */
export const MESSAGES_MIN = 100
/** A group of fewer campaigns is no pattern. */
export const GROUP_MIN = 5
/** Floors of either side of a comparison: people, and those of them who did it. Source: statistics §13 */
export const RECIPIENTS_MIN = 200
export const EVENTS_MIN = 20
/** Share of false claims among all that are made. Source: statistics §13 */
export const FALSE_SHARE_MAX = 1 - READING_CONFIDENCE
/** An effect that may be smaller than this is too small to matter. Source: statistics §13 */
export const LIFT_MIN = 0.05

/** A comparison as it is found; what it is called is the reader's language's to say. */
export type Pattern = Omit<PatternOnWire, 'label'>

/** One campaign as patterns see it. */
export interface Observed {
  /** In milliseconds. */
  at: number
  delivered: number
  events: Readonly<Record<PatternMetric, number>>
  features: Features
}

/** What was found, surest first. */
export interface Found {
  /** Comparisons that were made, for which the findings are corrected. */
  looks: number
  /** Comparisons that were not: too few campaigns, people or events on either side. */
  belowFloors: number
  patterns: Pattern[]
}

/** A campaign's rate on the scale of logarithms. */
interface Point {
  at: number
  log: number
  variance: number
}

/** A comparison before it is corrected and shrunk. */
interface Look extends Omit<Pattern, 'lift' | 'interval' | 'q' | 'verdict'> {
  log: number
  se: number
  /** Half of the interval of `log`. */
  reach: number
  p: number
  holdsInNewer: boolean
}

/**
 * Compares, for each value of each feature, the campaigns that have it with those that do not: logarithms of their
 * rates, weighed by what chance and the spread between campaigns leave uncertain, by Welch's test; false claims among
 * all claims kept below one in twenty (Benjamini and Hochberg over all comparisons); lifts shrunk by as much as the
 * spread of all comparisons is explained by chance (empirical Bayes). One is clear when its interval also leaves ±5 %
 * out and the newer half of the campaigns says the same.
 * Source: CB-8.4, MA-7.3, statistics §13
 */
export function findPatterns(observed: readonly Observed[]): Found {
  const middle = middleOf(observed.map(({ at }) => at))
  const cells = cellsOf(observed)
  const looks = cells.flatMap((cell) => lookAt(cell, middle) ?? [])
  const q = benjaminiHochberg(looks.map(({ p }) => p))
  const spread = new Map(
    PATTERN_METRICS.map((metric) => [metric, spreadOf(looks.filter((look) => look.metric === metric))]),
  )
  return {
    looks: looks.length,
    belowFloors: cells.length - looks.length,
    patterns: looks
      .map((look, at) => patternOf(look, q[at] ?? 1, spread.get(look.metric) ?? 0))
      .toSorted((a, b) => a.q - b.q || Math.abs(b.lift) - Math.abs(a.lift)),
  }
}

/** Those who have a value of a feature, and the others of whom it is known. */
interface Cell {
  metric: PatternMetric
  feature: Pattern['feature']
  value: string
  inside: readonly Observed[]
  outside: readonly Observed[]
}

function cellsOf(observed: readonly Observed[]): Cell[] {
  const seen = new Map<string, { feature: Pattern['feature']; value: string }>()
  for (const { features } of observed)
    for (const [feature, values] of Object.entries(features))
      for (const value of values)
        seen.set(`${feature}\0${value}`, { feature: feature as Pattern['feature'], value }) // entries forget the keys
  return [...seen.values()].flatMap(({ feature, value }) => {
    // A campaign without a subject is no example of subjects that ask nothing.
    const known = observed.filter(({ features }) => features[feature] !== undefined)
    const { has = [], lacks = [] } = Object.groupBy(known, ({ features }) =>
      features[feature]?.includes(value) ? 'has' : 'lacks',
    )
    return PATTERN_METRICS.map((metric) => ({ metric, feature, value, inside: has, outside: lacks }))
  })
}

/** Null below the floors. */
function lookAt({ metric, feature, value, inside, outside }: Cell, middle: number): Look | null {
  const [messages, otherMessages] = [sumOf(inside.map(deliveredOf)), sumOf(outside.map(deliveredOf))]
  const [events, otherEvents] = [sumOf(inside.map(eventsOf(metric))), sumOf(outside.map(eventsOf(metric)))]
  if (
    Math.min(inside.length, outside.length) < GROUP_MIN ||
    Math.min(messages, otherMessages) < RECIPIENTS_MIN ||
    Math.min(events, otherEvents) < EVENTS_MIN
  )
    return null
  const [has, lacks] = [inside.map(pointOf(metric)), outside.map(pointOf(metric))]
  const between = Math.max(betweenOf(has), betweenOf(lacks))
  const [own, others] = [pooled(has, between), pooled(lacks, between)]
  const test = welchTest(others, own, READING_CONFIDENCE)
  // Chance alone leaves every mean some variance.
  assert(test.se !== null && test.interval !== null, 'two groups of several campaigns can be compared')
  const isNew = ({ at }: Point): boolean => at >= middle
  const [newer, otherNewer] = [has.filter(isNew), lacks.filter(isNew)]
  return {
    metric,
    feature,
    value,
    campaigns: inside.length,
    others: outside.length,
    messages,
    otherMessages,
    events,
    otherEvents,
    rate: Math.exp(own.mean),
    otherRate: Math.exp(others.mean),
    log: test.diff,
    se: test.se,
    reach: (test.interval.upper - test.interval.lower) / 2,
    p: test.p,
    holdsInNewer:
      newer.length > 0 &&
      otherNewer.length > 0 &&
      Math.sign(pooled(newer, between).mean - pooled(otherNewer, between).mean) === Math.sign(test.diff),
  }
}

const deliveredOf = ({ delivered }: Observed): number => delivered
const eventsOf =
  (metric: PatternMetric) =>
  ({ events }: Observed): number =>
    events[metric]

/** Half an event more keeps campaigns without any on the scale. */
const pointOf =
  (metric: PatternMetric) =>
  ({ at, delivered, events }: Observed): Point => {
    const [some, all] = [Math.min(events[metric], delivered) + 0.5, delivered + 1]
    return { at, log: Math.log(some / all), variance: 1 / some - 1 / all }
  }

/** The variance between campaigns, beyond chance. Source: DerSimonian & Laird 1986 */
function betweenOf(points: readonly Point[]): number {
  const weights = points.map(({ variance }) => 1 / variance)
  const total = sumOf(weights)
  const mean = sumOf(points.map(({ log }, at) => log * (weights[at] ?? 0))) / total
  const q = sumOf(points.map(({ log }, at) => (weights[at] ?? 0) * (log - mean) ** 2))
  const scale = total - sumOf(weights.map((weight) => weight * weight)) / total
  return scale > 0 ? Math.max(0, (q - (points.length - 1)) / scale) : 0
}

/**
 * The weighed mean of some campaigns, as if it were of equal ones. Its uncertainty is what the campaigns themselves
 * show, and never less than chance alone leaves. Source: Hartung & Knapp 2001
 */
function pooled(points: readonly Point[], between: number): Moments {
  const n = points.length
  const weights = points.map(({ variance }) => 1 / (variance + between))
  const total = sumOf(weights)
  const mean = sumOf(points.map(({ log }, at) => log * (weights[at] ?? 0))) / total
  const shown =
    n < 2 ? 0 : sumOf(points.map(({ log }, at) => (weights[at] ?? 0) * (log - mean) ** 2)) / ((n - 1) * total)
  const chance = 1 / sumOf(points.map(({ variance }) => 1 / variance))
  return { n, mean, variance: n * Math.max(shown, chance) }
}

/** How far lifts truly differ from none: their spread beyond chance. */
function spreadOf(looks: readonly Look[]): number {
  return looks.length === 0
    ? 0
    : Math.max(0, sumOf(looks.map(({ log, se }) => log * log - se * se)) / looks.length)
}

function patternOf(
  { log, se, reach, p: _p, holdsInNewer, ...look }: Look,
  q: number,
  spread: number,
): Pattern {
  const kept = spread === 0 ? 0 : spread / (spread + se * se)
  const [middle, half] = [kept * log, Math.sqrt(kept) * reach]
  const [low, high] = [Math.expm1(middle - half), Math.expm1(middle + half)]
  const isBeyond = low > LIFT_MIN || high < -LIFT_MIN
  return {
    ...look,
    lift: Math.expm1(middle),
    interval: { low, high },
    q,
    verdict: q > FALSE_SHARE_MAX ? 'chance' : !isBeyond ? 'small' : holdsInNewer ? 'clear' : 'unsteady',
  }
}

/** What divides the newer half from the older. */
function middleOf(instants: readonly number[]): number {
  return instants.toSorted((a, b) => a - b)[Math.floor(instants.length / 2)] ?? 0
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

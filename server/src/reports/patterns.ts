/**
 * What goes with success. Campaigns are the units, not messages: a list of a million people is still one subject line.
 * Pure.
 */
import { holm, momentsOf, welchTest } from '../experiments/index.ts'
import { CONFIDENCE } from './rates.ts'
import type { Insights } from './schema.ts'

/** Campaigns with fewer messages say nothing of their own. */
export const MESSAGES_MIN = 100
/** A group of fewer campaigns is no pattern. */
const GROUP_MIN = 5
/** Below this, a p-value corrected for all looks is called clear. */
const ALPHA = 1 - CONFIDENCE
const HOURS_OF_DAY = 24

/** One campaign as patterns see it. */
export interface Observed {
  delivered: number
  clicked: number
  /** Name → value, such as `weekday` → `2`. */
  features: Readonly<Record<string, string>>
}

/**
 * Compares, for each value of each feature, the campaigns that have it with those that do not: Welch's test over
 * log-odds of campaigns, Holm over all looks, rates pulled towards the common mean by as much as chance explains
 * (DerSimonian and Laird's between-campaign variance).
 * Source: CB-8.4, MA-7.3, statistics §12; Holm 1979
 */
export function findPatterns(observed: readonly Observed[]): Pick<Insights, 'looks' | 'patterns'> {
  const shrunk = shrink(observed)
  const looks = featureValues(observed).flatMap(({ feature, value }) => {
    const has = observed.map(({ features }) => features[feature] === value)
    const inside = shrunk.filter((_one, at) => has[at])
    const outside = shrunk.filter((_one, at) => !has[at])
    if (inside.length < GROUP_MIN || outside.length < GROUP_MIN) return []
    const test = welchTest(momentsOf(outside), momentsOf(inside), CONFIDENCE)
    const [clickRate, otherClickRate] = [rateFrom(meanOf(inside)), rateFrom(meanOf(outside))]
    return [
      {
        feature,
        value,
        campaigns: inside.length,
        others: outside.length,
        messages: observed.reduce((sum, one, at) => sum + (has[at] ? one.delivered : 0), 0),
        clickRate,
        otherClickRate,
        lift: clickRate / otherClickRate - 1,
        p: test.p,
      },
    ]
  })
  const corrected = holm(looks.map(({ p }) => p))
  return {
    looks: looks.length,
    patterns: looks
      .map((look, at) => ({ ...look, p: corrected[at] ?? 1, isClear: (corrected[at] ?? 1) < ALPHA }))
      .toSorted((a, b) => a.p - b.p || Math.abs(b.lift) - Math.abs(a.lift)),
  }
}

function featureValues(observed: readonly Observed[]): { feature: string; value: string }[] {
  const seen = new Map<string, { feature: string; value: string }>()
  for (const { features } of observed)
    for (const [feature, value] of Object.entries(features))
      seen.set(`${feature}\0${value}`, { feature, value })
  return [...seen.values()]
}

/** Log-odds of clicking, each pulled towards the mean of all by how uncertain it is. */
function shrink(observed: readonly Observed[]): number[] {
  const points = observed.map(({ clicked, delivered }) => {
    // Half a click more on either side keeps campaigns without any on the scale.
    const [yes, no] = [clicked + 0.5, Math.max(0, delivered - clicked) + 0.5]
    return { logit: Math.log(yes / no), variance: 1 / yes + 1 / no }
  })
  const weights = points.map(({ variance }) => 1 / variance)
  const total = sumOf(weights)
  const mean = sumOf(points.map(({ logit }, at) => logit * (weights[at] ?? 0))) / total
  const q = sumOf(points.map(({ logit }, at) => (weights[at] ?? 0) * (logit - mean) ** 2))
  const scale = total - sumOf(weights.map((weight) => weight * weight)) / total
  const between = scale > 0 ? Math.max(0, (q - (points.length - 1)) / scale) : 0
  return points.map(({ logit, variance }) => {
    const kept = between / (between + variance)
    return mean + kept * (logit - mean)
  })
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
const meanOf = (values: readonly number[]): number => sumOf(values) / values.length
const rateFrom = (logit: number): number => 1 / (1 + Math.exp(-logit))

/** Features of a launch, in the organization's zone. */
export function featuresOf(campaign: {
  type: string
  channels: readonly string[]
  launchedAt: Date
  subject: string
  timeZone: string
}): Record<string, string> {
  const local = Temporal.Instant.fromEpochMilliseconds(campaign.launchedAt.getTime()).toZonedDateTimeISO(
    campaign.timeZone,
  )
  return {
    type: campaign.type,
    channel: campaign.channels.toSorted().join('+'),
    weekday: String(local.dayOfWeek),
    daypart: daypartOf(local.hour),
    ...(campaign.subject === ''
      ? {}
      : {
          subjectLength: lengthOf(campaign.subject),
          subjectNumber: /\d/.test(campaign.subject) ? 'yes' : 'no',
          subjectQuestion: campaign.subject.includes('?') ? 'yes' : 'no',
          subjectEmoji: /\p{Extended_Pictographic}/u.test(campaign.subject) ? 'yes' : 'no',
          subjectPersonal: campaign.subject.includes('{{') ? 'yes' : 'no',
        }),
  }
}

const daypartOf = (hour: number): string =>
  (['night', 'morning', 'afternoon', 'evening'] as const)[Math.floor((hour / HOURS_OF_DAY) * 4)] ?? 'night'
const lengthOf = (subject: string): string => {
  const length = [...new Intl.Segmenter().segment(subject)].length
  return length <= 30 ? 'short' : length <= 60 ? 'medium' : 'long'
}

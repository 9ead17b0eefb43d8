/** What a rule, a segment or an audience would hold: size, sentence, people, make-up. */
import type { Ctx } from '../../platform/context.ts'
import { avoidNestedLoops, inTransaction } from '../../platform/db/index.ts'
import type { SegmentId } from '../../platform/ids.ts'
import { toMajor } from '../../platform/money.ts'
import { organizationOf } from '../../team/index.ts'
import { errors } from '../errors.ts'
import {
  countReachable,
  type Group,
  type ListedPerson,
  type Predicate,
  selectGroups,
  selectNewest,
} from '../queries/people.ts'
import { selectSegment } from '../queries/segments.ts'
import type { Rule } from '../rules/rule.ts'
import { countryOptions, languageOptions, optionLabel } from '../rules/options.ts'
import type { Reading } from '../rules/bind.ts'
import type { Words } from '../rules/words.ts'
import { refuseCostly } from './cost.ts'
import { type Finding, findPeople, Z } from './estimate.ts'
import { readGiven, readSaved } from './read.ts'
import { ruleOf } from './size.ts'

/** Values shown of each property. */
const VALUES_SHOWN = 6

interface MakeUp {
  values: { value: string | null; label: string | null; count: number }[]
  others: number
}

/** A preview as the screens show it. */
export interface Preview {
  size: Finding['size']
  sentence: string
  people: ListedPerson[]
  makeUp: {
    of: number
    /** How far off a share may be, from 0 to 1, with 95 % certainty; 0 when everybody was looked at. */
    margin: number
    country: MakeUp
    language: MakeUp
    tier: MakeUp
    engagement: MakeUp
    spending: MakeUp
    /** Of everybody, in major units of the organization's currency, and how far off it may be. */
    revenue: number
    revenueMargin: number
    currency: string
    /** How many of so many may be written to, per channel. */
    reachable: { channel: ReachableChannel; count: number; of: number }[]
  }
}

/** What an unsaved rule would hold. @throws segments.rule_invalid, too_costly, took_too_long */
export async function previewRule(ctx: Ctx, rule: Rule, precision: 'quick' | 'exact'): Promise<Preview> {
  const reading = await readGiven(ctx, rule)
  await refuseCostly(ctx, reading)
  return preview(ctx, reading, precision)
}

/** What a segment holds as it stands. @throws segments.not_found, rule_broken, took_too_long */
export async function previewSegment(
  ctx: Ctx,
  id: SegmentId,
  precision: 'quick' | 'exact',
): Promise<Preview> {
  const stored = await selectSegment(ctx, id)
  if (!stored || stored.deletedAt !== null) throw errors.not_found({ id })
  return preview(ctx, await readSaved(ctx, ruleOf(stored)), precision)
}

/** What a rule that has been read holds. @throws segments.took_too_long */
export async function preview(
  ctx: Ctx,
  reading: Pick<Reading, 'describe'> & { toSql: Predicate },
  precision: 'quick' | 'exact',
): Promise<Preview> {
  const { size, ids } = await findPeople(ctx, reading.toSql, precision)
  return inTransaction(ctx, async (inner) => {
    const { currency } = await organizationOf(inner)
    await avoidNestedLoops(inner)
    const groups = await selectGroups(inner, ids)
    const of = groups.reduce((sum, group) => sum + group.count, 0)
    const reachable = of === 0 ? [] : await countReachable(inner, ids, CHANNELS)
    return {
      size,
      sentence: reading.describe(ctx.locale),
      people: of === 0 ? [] : await selectNewest(inner, ids, PEOPLE_SHOWN),
      makeUp: {
        of,
        margin: of < size.count ? largestMargin(of, size.count) : 0,
        ...makeUpOf(inner, groups),
        ...revenueOf(groups, size.count, currency),
        currency,
        reachable: CHANNELS.map((channel) => ({
          channel,
          count: reachable.find((one) => one.channel === channel)?.count ?? 0,
          of,
        })),
      },
    }
  })
}

/** Channels whose reach is shown. */
const CHANNELS = ['email', 'sms'] as const
type ReachableChannel = (typeof CHANNELS)[number]
/** People shown. */
const PEOPLE_SHOWN = 10

/** How far off a share of a sample may be, with 95 % certainty: that of one half, which is the worst. */
const largestMargin = (of: number, all: number): number =>
  of === 0 ? 1 : (Z / 2 / Math.sqrt(of)) * restOf(of, all)

/** The less of everybody is left unseen, the less can be off. Source: Cochran 1977, Sampling Techniques, §2.5 */
const restOf = (of: number, all: number): number => Math.sqrt(1 - of / all)

/** What everybody brought in, from those looked at: their mean times everybody, with a 95 % margin. */
function revenueOf(
  groups: readonly Group[],
  all: number,
  currency: string,
): { revenue: number; revenueMargin: number } {
  const of = sumOf(groups, ({ count }) => count)
  const sum = sumOf(groups, ({ revenueMinor }) => revenueMinor)
  if (of === 0 || of >= all) return { revenue: toMajor(sum, currency) ?? 0, revenueMargin: 0 }
  const mean = sum / of
  const variance = Math.max(0, sumOf(groups, ({ revenueSquares }) => revenueSquares) / of - mean * mean)
  return {
    revenue: toMajor(Math.round(mean * all), currency) ?? 0,
    revenueMargin: toMajor(Math.round(all * Z * Math.sqrt(variance / of) * restOf(of, all)), currency) ?? 0,
  }
}

const sumOf = (groups: readonly Group[], of: (group: Group) => number): number =>
  groups.reduce((sum, group) => sum + of(group), 0)

function makeUpOf(
  ctx: Ctx,
  groups: readonly Group[],
): Pick<Preview['makeUp'], 'country' | 'language' | 'tier' | 'engagement' | 'spending'> {
  const named = (labels: (value: string) => Words) => (value: string) => labels(value)[ctx.locale]
  return {
    country: shares(
      groups,
      ({ country }) => country,
      named((value) => optionLabel(countryOptions(), value)),
    ),
    language: shares(
      groups,
      ({ language }) => language,
      named((value) => optionLabel(languageOptions(), value)),
    ),
    tier: shares(
      groups,
      ({ tier }) => tier,
      (value) => value,
    ),
    engagement: shares(
      groups,
      ({ engagement }) => engagement,
      named((value) => LEVEL_WORDS[value] ?? { en: value, fr: value }),
    ),
    spending: shares(
      groups,
      ({ spending }) => spending,
      named((value) => LEVEL_WORDS[value] ?? { en: value, fr: value }),
    ),
  }
}

const LEVEL_WORDS: Readonly<Record<string, Words>> = {
  high: { en: 'High', fr: 'Élevé' },
  medium: { en: 'Medium', fr: 'Moyen' },
  low: { en: 'Low', fr: 'Faible' },
  none: { en: 'None', fr: 'Aucun' },
}

/** How often each value occurs; the rarest are others. */
function shares(
  groups: readonly Group[],
  valueOf: (group: Group) => string | null,
  labelOf: (value: string) => string,
): MakeUp {
  const counts = new Map<string | null, number>()
  let others = 0
  for (const group of groups) {
    const value = valueOf(group)
    const key = value === '' ? null : value
    counts.set(key, (counts.get(key) ?? 0) + group.count)
  }
  const ranked = [...counts].toSorted(([, a], [, b]) => b - a)
  for (const [, count] of ranked.slice(VALUES_SHOWN)) others += count
  return {
    values: ranked
      .slice(0, VALUES_SHOWN)
      .map(([value, count]) => ({ value, label: value === null ? null : labelOf(value), count })),
    others,
  }
}

/** What a rule, a segment or an audience would hold: size, sentence, people, make-up. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId, SegmentId } from '../../platform/ids.ts'
import { toMajor } from '../../platform/money.ts'
import { organizationOf } from '../../team/index.ts'
import { errors } from '../errors.ts'
import { countAmong, countPeople, type Group, type Predicate } from '../queries/people.ts'
import { selectSegment } from '../queries/segments.ts'
import type { Rule } from '../rules/rule.ts'
import { countryOptions, languageOptions, optionLabel } from '../rules/options.ts'
import type { Reading } from '../rules/bind.ts'
import type { Words } from '../rules/words.ts'
import { refuseCostly } from './cost.ts'
import { type Finding, findPeople } from './estimate.ts'
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
  people: Finding['people']
  makeUp: {
    of: number
    country: MakeUp
    language: MakeUp
    tier: MakeUp
    engagement: MakeUp
    spending: MakeUp
    /** Of those counted, in major units of the organization's currency. */
    revenue: number
    currency: string
    /** How many of so many may be written to, per channel; on large lists of a sample. */
    reachable: { channel: ReachableChannel; count: number | null; of: number }[]
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
export async function preview(ctx: Ctx, reading: Reading, precision: 'quick' | 'exact'): Promise<Preview> {
  const { size, people, groups, sampleIds } = await findPeople(ctx, reading.toSql, precision)
  const { currency } = await organizationOf(ctx)
  return {
    size,
    sentence: reading.describe(ctx.locale),
    people,
    makeUp: {
      ...makeUpOf(ctx, groups),
      revenue:
        toMajor(
          groups.reduce((sum, group) => sum + group.revenueMinor, 0),
          currency,
        ) ?? 0,
      currency,
      reachable: await reachableAmong(ctx, reading.toSql, sampleIds, size.count),
    },
  }
}

/** Channels whose reach is shown. */
const CHANNELS = ['email', 'sms'] as const
type ReachableChannel = (typeof CHANNELS)[number]
/** Longest that the reach of one channel may take to count. */
const REACH_TIMEOUT_MS = 3_000

/** How many of those who match, or of a sample of them, a channel reaches: the same reading as before a hand-over. */
async function reachableAmong(
  ctx: Ctx,
  predicate: Predicate,
  sampleIds: readonly ContactId[] | null,
  size: number,
): Promise<Preview['makeUp']['reachable']> {
  return Promise.all(
    CHANNELS.map(async (channel) => {
      const reach = await readGiven(ctx, { kind: 'reachable', channel, operator: 'is' })
      const count =
        sampleIds === null
          ? await countPeople(ctx, both(predicate, reach.toSql), REACH_TIMEOUT_MS)
          : await countAmong(ctx, sampleIds, reach.toSql, REACH_TIMEOUT_MS)
      return { channel, count, of: sampleIds === null ? size : sampleIds.length }
    }),
  )
}

const both =
  (first: Predicate, second: Predicate): Predicate =>
  (place) => {
    const a = first(place)
    const b = second({ ...place, firstParam: place.firstParam + a.values.length })
    return { text: `(${a.text}) and (${b.text})`, values: [...a.values, ...b.values] }
  }

function makeUpOf(
  ctx: Ctx,
  groups: readonly Group[],
): Omit<Preview['makeUp'], 'revenue' | 'currency' | 'reachable'> {
  const named = (labels: (value: string) => Words) => (value: string) => labels(value)[ctx.locale]
  return {
    of: groups.reduce((sum, group) => sum + group.count, 0),
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

/** How often each value occurs; the rarest, and people whose combination was too rare to be told apart, are others. */
function shares(
  groups: readonly Group[],
  valueOf: (group: Group) => string | null,
  labelOf: (value: string) => string,
): MakeUp {
  const counts = new Map<string | null, number>()
  let others = 0
  for (const group of groups) {
    const value = valueOf(group)
    if (group.isRest) others += group.count
    else counts.set(value === '' ? null : value, (counts.get(value === '' ? null : value) ?? 0) + group.count)
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

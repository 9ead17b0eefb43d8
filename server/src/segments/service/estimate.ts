/** How many people match: counted exactly, or estimated from a fair sample where the list is large. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import {
  type Group,
  hasContacts,
  type ListedPerson,
  type Predicate,
  type Probe,
  selectGroups,
  selectIdRange,
  selectPeople,
  selectProbes,
} from '../queries/people.ts'

/** From this many contacts on, a first answer is estimated. */
export const ESTIMATE_FROM_CONTACTS = 200_000
/** Longest that an exact count may take. */
const EXACT_TIMEOUT_MS = 10_000
/** Longest that the people shown beside a count may take to find. */
const PEOPLE_TIMEOUT_MS = 3_000
/** People looked at for an estimate: a margin of about 1.3 points at one half. */
const SAMPLE_SIZE = 6_000
/** Ids tried first, to learn how densely the organization's contacts lie. */
const FIRST_PROBES = 2_000
/** Ids tried at most. */
const PROBES_MAX = 200_000
/** Standard deviations of a 95 % interval. */
const Z = 1.96
/** People shown. */
export const PEOPLE_SHOWN = 10

/** How many people: counted, or estimated with a 95 % margin. */
export type Size =
  | { kind: 'exact'; count: number }
  | { kind: 'estimate'; count: number; low: number; high: number; sampled: number; timedOut: boolean }

/** Size, people and properties of those who match. */
export interface Finding {
  size: Size
  people: ListedPerson[]
  /** Properties of all who match, or of those in the sample. */
  groups: Group[]
  /** Some of those who match, fairly drawn, for what is too dear to ask of everybody; null on lists where it is not. */
  sampleIds: ContactId[] | null
}

/**
 * Who matches, as quickly as asked: `quick` estimates on large lists, `exact` counts, and estimates only if that
 * takes too long.
 * @throws segments.took_too_long when even the sample could not be looked at
 */
export async function findPeople(
  ctx: Ctx,
  predicate: Predicate,
  precision: 'quick' | 'exact',
): Promise<Finding> {
  const isLarge = await hasContacts(ctx, ESTIMATE_FROM_CONTACTS)
  if (precision === 'quick' && isLarge) return estimate(ctx, predicate, false)
  const groups = await selectGroups(ctx, predicate, EXACT_TIMEOUT_MS)
  if (groups === null) return estimate(ctx, predicate, true)
  const count = groups.reduce((sum, group) => sum + group.count, 0)
  const people =
    count === 0
      ? []
      : await selectPeople(ctx, predicate, { afterId: null, limit: PEOPLE_SHOWN }, PEOPLE_TIMEOUT_MS)
  return {
    size: { kind: 'exact', count },
    people: people ?? [],
    groups,
    sampleIds: isLarge ? (await estimate(ctx, predicate, false)).sampleIds : null,
  }
}

/**
 * Tries random ids between the lowest and the highest. Each existing contact is as likely to be hit as any other, so
 * the share of ids that hit a matching contact, times the width of the range, is an unbiased count, and its margin is
 * Wilson's interval. A block sample (`tablesample`) was rejected: it reads the blocks of every organization, and its
 * rows come in runs from one import, which makes the margin a lie.
 */
async function estimate(ctx: Ctx, predicate: Predicate, timedOut: boolean): Promise<Finding> {
  const range = await selectIdRange(ctx)
  if (range === null) return { size: { kind: 'exact', count: 0 }, people: [], groups: [], sampleIds: null }
  const width = range.high - range.low + 1
  const tried = new Set<string>()
  const draw = (count: number): string[] => {
    const drawn: string[] = []
    const wanted = Math.min(count, width - tried.size)
    while (drawn.length < wanted) {
      const id = String(range.low + Math.floor(ctx.random() * width))
      if (tried.has(id)) continue
      tried.add(id)
      drawn.push(id)
    }
    return drawn
  }
  const look = async (ids: readonly string[]): Promise<Probe[]> => {
    const probes = await selectProbes(ctx, ids, predicate, EXACT_TIMEOUT_MS)
    if (probes === null) throw errors.took_too_long()
    return probes
  }
  const first = await look(draw(FIRST_PROBES))
  const density = Math.max(first.length, 1) / tried.size
  const rest = Math.min(PROBES_MAX - tried.size, Math.ceil((SAMPLE_SIZE - first.length) / density))
  const found = rest > 0 ? [...first, ...(await look(draw(rest)))] : first
  const matching = found.filter((probe) => probe.matches)
  const { low, high } = wilson(matching.length, tried.size)
  return {
    size: {
      kind: 'estimate',
      count: Math.round((matching.length / tried.size) * width),
      low: Math.floor(low * width),
      high: Math.ceil(high * width),
      sampled: found.length,
      timedOut,
    },
    people: matching.slice(0, PEOPLE_SHOWN),
    groups: matching.map(({ country, language, tier, engagement, spending, revenueMinor }) => ({
      country,
      language,
      tier,
      engagement,
      spending,
      revenueMinor,
      count: 1,
      isRest: false,
    })),
    sampleIds: matching.map(({ id }) => id),
  }
}

/** The share's 95 % interval. Source: Wilson 1927; research on intervals, Newcombe 1998 method 3. */
function wilson(hits: number, of: number): { low: number; high: number } {
  const share = hits / of
  const centre = (share + (Z * Z) / (2 * of)) / (1 + (Z * Z) / of)
  const half = (Z / (1 + (Z * Z) / of)) * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of))
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

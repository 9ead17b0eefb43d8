/** How many people match, and some of them: counted exactly, or estimated from a fair sample where the list is large. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { countAndDraw, type IdArray, lookAt, type Predicate, selectIdRange } from '../queries/people.ts'

/** From about this many contacts on, a first answer is estimated. */
export const ESTIMATE_FROM_CONTACTS = 150_000
/** Longest that an exact count may take. */
const EXACT_TIMEOUT_MS = 10_000
/** People looked at for an estimate: a margin of about 1.6 points at one half. */
const SAMPLE_SIZE = 4_000
/** Ids tried first; they also tell how densely the organization's contacts lie. */
const FIRST_PROBES = 4_000
/** So few people looked at are looked at no further: what another look adds is not worth its time. */
const SAMPLE_ENOUGH = 3_500
/** Ids tried at most. */
const PROBES_MAX = 200_000
/** People drawn beside an exact count, to say what they are: shares are off by 1.3 points at most. */
const DRAWN_SIZE = 6_000
/** Ids that a count may hold in memory, of 8 bytes each. */
const IDS_HELD_MAX = 4_000_000
/** Standard deviations of a 95 % interval. */
export const Z = 1.96

/** How many people: counted, or estimated with a 95 % margin. */
export type Size =
  | { kind: 'exact'; count: number }
  | { kind: 'estimate'; count: number; low: number; high: number; sampled: number; timedOut: boolean }

/** Those who match: how many, and all of them or some, fairly drawn. */
export interface Finding {
  size: Size
  ids: IdArray
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
  const range = await selectIdRange(ctx)
  if (range === null) return { size: { kind: 'exact', count: 0 }, ids: '{}' }
  const width = range.high - range.low + 1
  const look = probing(ctx, predicate, range.low, width)
  if (precision === 'quick' && width >= ESTIMATE_FROM_CONTACTS) {
    const first = await look(FIRST_PROBES)
    if ((first.found / first.tried) * width >= ESTIMATE_FROM_CONTACTS)
      return estimate(look, first, width, false)
  }
  const draw = {
    size: DRAWN_SIZE,
    oneIn: Math.ceil(width / IDS_HELD_MAX),
    seed: Math.floor(ctx.random() * Number.MAX_SAFE_INTEGER),
  }
  const counted = await countAndDraw(ctx, predicate, draw, EXACT_TIMEOUT_MS)
  if (counted !== null) return { size: { kind: 'exact', count: counted.count }, ids: counted.ids }
  return estimate(look, await look(FIRST_PROBES), width, true)
}

/** What random ids have shown so far. */
interface Probed {
  tried: number
  /** Ids that a contact has. */
  found: number
  matching: readonly ContactId[]
}

/**
 * Tries random ids between the lowest and the highest, more with each call. Each existing contact is as likely to be
 * hit as any other, so the share of ids that hit a matching contact, times the width of the range, is an unbiased count,
 * and its margin is Wilson's interval. A block sample (`tablesample`) was rejected: it reads the blocks of every
 * organization, and its rows come in runs from one import, which makes the margin a lie.
 */
function probing(
  ctx: Ctx,
  predicate: Predicate,
  low: number,
  width: number,
): (count: number) => Promise<Probed> {
  const tried = new Set<number>()
  const matching: ContactId[] = []
  let found = 0
  return async (count) => {
    const drawn: number[] = []
    const wanted = Math.min(count, width - tried.size)
    while (drawn.length < wanted) {
      const id = low + Math.floor(ctx.random() * width)
      if (tried.has(id)) continue
      tried.add(id)
      drawn.push(id)
    }
    const seen = await lookAt(ctx, `{${drawn.join(',')}}`, predicate, EXACT_TIMEOUT_MS)
    if (seen === null) throw errors.took_too_long()
    found += seen.found
    matching.push(...seen.matching)
    return { tried: tried.size, found, matching }
  }
}

/** Goes on from the first look until enough people have been seen. */
async function estimate(
  look: (count: number) => Promise<Probed>,
  first: Probed,
  width: number,
  timedOut: boolean,
): Promise<Finding> {
  const density = Math.max(first.found, 1) / first.tried
  const rest = Math.min(PROBES_MAX - first.tried, Math.ceil((SAMPLE_SIZE - first.found) / density))
  const { tried, found, matching } = first.found < SAMPLE_ENOUGH ? await look(rest) : first
  const { low, high } = wilson(matching.length, tried)
  return {
    size: {
      kind: 'estimate',
      count: Math.round((matching.length / tried) * width),
      low: Math.floor(low * width),
      high: Math.ceil(high * width),
      sampled: found,
      timedOut,
    },
    ids: `{${matching.join(',')}}`,
  }
}

/** The share's 95 % interval. Source: Wilson 1927; research on intervals, Newcombe 1998 method 3. */
function wilson(hits: number, of: number): { low: number; high: number } {
  const share = hits / of
  const centre = (share + (Z * Z) / (2 * of)) / (1 + (Z * Z) / of)
  const half = (Z / (1 + (Z * Z) / of)) * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of))
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

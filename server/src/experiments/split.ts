/**
 * Who gets which variant: a seeded hash of the contact's number gives a point, ranges of points belong to variants.
 * Plain integer arithmetic, written once for PostgreSQL and once for us: both give the same answer for ever.
 * Source: CS-005.5, FR-005.3, design §5 Experiments
 */
import { assert } from '../platform/errors.ts'
import type { ExperimentId } from '../platform/ids.ts'

/** Points of the line that is split. */
export const POINTS = 10_000

/** The variant number of the holdout; variants count from 1, and 0 in the ledger is no experiment at all. */
export const HOLDOUT = -1

/** Points from `from` up to, not including, `to`. */
export interface PointRange {
  from: number
  to: number
  variant: number
}

/** How the people of a run are split; frozen when the run starts. */
export interface Split {
  /** Four random numbers below 2³²: two hash the holdout, two the variants, so that neither says anything of the other. */
  salts: readonly [number, number, number, number]
  /** Held out before anything else, of 10,000. */
  holdoutPoints: number
  /** False when an earlier run of the same test has already noted who is held out. */
  notesHoldout: boolean
  /** Points outside of all ranges belong to people whom this run leaves alone. */
  ranges: readonly PointRange[]
  /** Variants that send nothing. */
  silentVariants: readonly number[]
  /** Where people were assigned elsewhere, what says so: then neither points nor ranges do. */
  byField?: FieldAssignment
  /** A test that notes whom it has assigned: they stay where they were, whatever ranges have become. */
  notedIn?: ExperimentId
}

/** A custom field whose text names a person's variant. Whoever has another text, or none, is left alone. */
export interface FieldAssignment {
  key: string
  /** MD5 of each text in hexadecimal: nothing that anybody wrote stands in a statement. */
  texts: readonly { md5: string; variant: number }[]
}

const WORD = 0xffffffff
/** Multipliers of the mixing steps: odd, below 2³¹, so that PostgreSQL's bigint holds every product. */
const [MIX_HIGH, MIX_ONE, MIX_TWO, MIX_THREE] = [0x2c1b3c6d, 0x7feb352d, 0x45d9f3b, 0x297a2d39]

/**
 * The contact's point on the line.
 *
 * @param contactId  a whole number of up to 63 bits, as text
 * @returns 0 … 9,999
 */
export function pointOf(contactId: string, [first, second]: readonly [number, number]): number {
  const id = BigInt(contactId)
  const low = Number(id & BigInt(WORD))
  const high = Number((id >> 32n) & BigInt(WORD))
  const seeded = (low ^ Math.imul(high, MIX_HIGH) ^ first) >>> 0
  const one = Math.imul(seeded, MIX_ONE) >>> 0
  const two = Math.imul((one ^ (one >>> 15) ^ second) >>> 0, MIX_TWO) >>> 0
  const three = Math.imul((two ^ (two >>> 13)) >>> 0, MIX_THREE) >>> 0
  // Only the high bits count: scaling takes them, a remainder would take the low ones.
  return Math.floor((three * POINTS) / 2 ** 32)
}

/**
 * The variant of a contact in a run that assigns by points; what a field says, only the database knows.
 *
 * @returns `HOLDOUT`, or null for a person whom this run leaves alone; whoever was noted before is not looked up
 */
export function assignVariant(contactId: string, split: Split): number | null {
  const [one, two, three, four] = split.salts
  if (pointOf(contactId, [one, two]) < split.holdoutPoints) return split.notesHoldout ? HOLDOUT : null
  const point = pointOf(contactId, [three, four])
  return split.ranges.find(({ from, to }) => point >= from && point < to)?.variant ?? null
}

/**
 * `assignVariant` in SQL: numbers, names of fields and digests only, and whom the test has noted before.
 *
 * Each step of the hash reads what the step before gave twice, and SQL has no names within an expression: so each step
 * is a query over the one before. Written into each other the steps cost three times as much (measured).
 *
 * @param people  a query with `id`, a bigint, and `attributes`, a jsonb, where a field assigns
 * @param org     the parameter that holds the organization
 * @returns a query with the columns of `people` and `variant`
 */
export function withVariantSql(people: string, split: Split, org: `$${number}`): string {
  if (split.byField) return over(people, `${fieldSql(split.byField, 'people.attributes')} as variant`)
  const [one, two, three, four] = split.salts
  const steps = [hashSteps('holdout', one, two), hashSteps('variant', three, four)]
  const hashed = [0, 1, 2].reduce((query, n) => over(query, steps.map((step) => step[n]).join(', ')), people)
  const cases = [
    `when holdout_point < ${whole(split.holdoutPoints)} then ${split.notesHoldout ? HOLDOUT : 'null'}`,
    ...(split.notedIn === undefined ? [] : [notedSql(split.notedIn, org)]),
    ...split.ranges.map(
      ({ from, to, variant }) =>
        `when variant_point >= ${whole(from)} and variant_point < ${whole(to)} then ${whole(variant)}`,
    ),
  ]
  return over(hashed, `(case ${cases.join(' ')} end)::smallint as variant`)
}

function notedSql(id: ExperimentId, org: string): string {
  assert(UUID.test(id), 'an id is hexadecimal')
  const noted = `select a.variant from experiment_assignment a
    where a.org_id = ${org} and a.experiment_id = '${id}' and a.contact_id = people.id`
  return `when exists (${noted}) then (${noted})`
}

const UUID = /^[0-9a-f-]{36}$/

/** A query over another; the offset keeps the planner from writing the one into the other again. */
const over = (people: string, columns: string): string =>
  `select people.*, ${columns} from (${people} offset 0) people`

/** `pointOf` as three columns, each read from the one before. */
function hashSteps(name: string, first: number, second: number): [string, string, string] {
  const high = `(((people.id >> 32) & ${WORD}) * ${MIX_HIGH}) & ${WORD}`
  return [
    `(((people.id & ${WORD}) # (${high}) # ${whole(first)}) * ${MIX_ONE}) & ${WORD} as ${name}_one`,
    `((${name}_one # (${name}_one >> 15) # ${whole(second)}) * ${MIX_TWO}) & ${WORD} as ${name}_two`,
    `((((${name}_two # (${name}_two >> 13)) * ${MIX_THREE}) & ${WORD}) * ${POINTS}) >> 32 as ${name}_point`,
  ]
}

function fieldSql({ key, texts }: FieldAssignment, attributes: string): string {
  assert(FIELD_KEY.test(key), 'a custom field has a plain key')
  const arms = texts.map(({ md5, variant }) => {
    assert(DIGEST.test(md5), 'a digest is hexadecimal')
    return `when '${md5}' then ${whole(variant)}`
  })
  return `(case md5(${attributes} ->> '${key}') ${arms.join(' ')} end)::smallint`
}

const FIELD_KEY = /^[a-z][a-z0-9_]{0,62}$/
const DIGEST = /^[0-9a-f]{32}$/

/** A number that may stand in a statement. */
function whole(value: number): string {
  assert(Number.isSafeInteger(value), 'a split is made of whole numbers')
  return `${value}::bigint`
}

/** A variant's share of the points. */
export interface Share {
  variant: number
  points: number
}

/**
 * Gives each variant its points, taking from those that shrink only what they lose: nobody else changes.
 *
 * @param before  the ranges so far; empty for a new split
 * @param shares  points per variant, of 10,000 together or fewer
 * @returns ranges in the order of their points
 */
export function allotPoints(before: readonly PointRange[], shares: readonly Share[]): PointRange[] {
  const wanted = new Map(shares.map(({ variant, points }) => [variant, points]))
  const total = shares.reduce((sum, { points }) => sum + points, 0)
  assert(total <= POINTS, 'shares are of one line')
  const kept: PointRange[] = []
  for (const range of before.toSorted((a, b) => a.from - b.from)) {
    const left = wanted.get(range.variant) ?? 0
    const size = Math.min(left, range.to - range.from)
    if (size > 0) kept.push({ ...range, to: range.from + size })
    wanted.set(range.variant, left - size)
  }
  const free = gapsOf(kept)
  for (const [variant, points] of wanted) {
    let missing = points
    while (missing > 0) {
      const gap = free[0]
      assert(gap !== undefined, 'there are as many free points as are missing')
      const size = Math.min(missing, gap.to - gap.from)
      kept.push({ from: gap.from, to: gap.from + size, variant })
      missing -= size
      gap.from += size
      if (gap.from === gap.to) free.shift()
    }
  }
  return merged(kept.toSorted((a, b) => a.from - b.from))
}

/** A variant's points. */
export const pointsIn = ({ ranges }: Pick<Split, 'ranges'>, variant: number): number =>
  ranges.reduce((sum, range) => sum + (range.variant === variant ? range.to - range.from : 0), 0)

/** The points that belong to nobody. */
export function gapsOf(ranges: readonly PointRange[]): { from: number; to: number }[] {
  const gaps: { from: number; to: number }[] = []
  let at = 0
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    if (from > at) gaps.push({ from: at, to: from })
    at = to
  }
  return at < POINTS ? [...gaps, { from: at, to: POINTS }] : gaps
}

function merged(ranges: readonly PointRange[]): PointRange[] {
  const joined: PointRange[] = []
  for (const range of ranges) {
    const last = joined.at(-1)
    if (last?.variant === range.variant && last.to === range.from) last.to = range.to
    else joined.push({ ...range })
  }
  return joined
}

/**
 * Points per variant from whole or broken per cents, by largest remainder.
 *
 * @param percents  of the tested part, summing to 100
 * @param points    of the tested part
 */
export function pointsOf(percents: readonly number[], points: number): number[] {
  const exact = percents.map((percent) => (percent * points) / 100)
  const floors = exact.map((value) => Math.floor(value + 1e-9))
  const missing = points - floors.reduce((sum, value) => sum + value, 0)
  const byRemainder = [...exact.keys()].sort(
    (a, b) => (exact[b] ?? 0) - (floors[b] ?? 0) - ((exact[a] ?? 0) - (floors[a] ?? 0)) || a - b,
  )
  return floors.map((value, index) => {
    const extra = byRemainder.indexOf(index) < missing ? 1 : 0
    return value + extra
  })
}

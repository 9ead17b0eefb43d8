/** Who gets which variant: alike in SQL and here, evenly, independently, and with as few changes as can be. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { harness, seededDice } from '../testing/harness.ts'
import { evenPercents, restSplit, splitOf, type Variant } from './rules.ts'
import {
  allotPoints,
  assignVariant,
  gapsOf,
  HOLDOUT,
  pointOf,
  POINTS,
  pointsOf,
  type PointRange,
  type Split,
  withVariantSql,
} from './split.ts'
import { logChiSquaredTails } from './statistics/chi-squared.ts'

const h = await harness()

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const contactId = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String)
const shares = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 5 }).map((points) => {
  const total = Math.max(
    1,
    points.reduce((sum, value) => sum + value, 0),
  )
  return points.map((value, index) => ({ variant: index + 1, points: Math.floor((value * POINTS) / total) }))
})
const split: fc.Arbitrary<Split> = fc
  .record({
    salts: fc.tuple(word, word, word, word),
    holdoutPoints: fc.constantFrom(0, 1, 500, 2000),
    notesHoldout: fc.boolean(),
    shares,
  })
  .map(({ shares: wanted, ...rest }) => ({ ...rest, ranges: allotPoints([], wanted), silentVariants: [] }))

const pointsIn = (ranges: readonly PointRange[], variant: number): number =>
  ranges.reduce((sum, range) => (range.variant === variant ? sum + range.to - range.from : sum), 0)

test('CS-005.5 FR-005.3 SQL and TypeScript give every contact the same variant, for any split and any number', async () => {
  const org = await h.organization()
  await fc.assert(
    fc.asyncProperty(split, fc.array(contactId, { minLength: 1, maxLength: 40 }), async (drawn, ids) => {
      const rows = await org.systemCtx.db.query<{ id: string; variant: number | null }>(
        `select id::text as id, variant from (${withVariantSql('select id, place from unnest($1::bigint[]) with ordinality as u (id, place)', drawn, '$1')}) assigned order by place`,
        [ids],
      )
      expect(rows.map(({ variant }) => variant)).toEqual(ids.map((id) => assignVariant(id, drawn)))
    }),
    { numRuns: 150 },
  )
})

test('CS-005.5 neighbouring numbers fall evenly on the line, whatever the salt', () => {
  const dice = seededDice(11)
  for (let salt = 0; salt < 20; salt += 1) {
    const salts = [Math.floor(dice() * 2 ** 32), Math.floor(dice() * 2 ** 32)] as const
    const counts = Array.from({ length: 100 }, () => 0)
    for (let id = 1; id <= 20_000; id += 1) {
      const bucket = Math.floor(pointOf(String(id), salts) / 100)
      counts[bucket] = (counts[bucket] ?? 0) + 1
    }
    const chi2 = counts.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0)
    expect(Math.exp(logChiSquaredTails(chi2, 99).upper)).toBeGreaterThan(1e-5)
    expect(Math.exp(logChiSquaredTails(chi2, 99).lower)).toBeGreaterThan(1e-5)
  }
})

test('CS-005.5 two tests on one audience sort people independently of each other', () => {
  const dice = seededDice(12)
  for (let pair = 0; pair < 20; pair += 1) {
    const salt = () => [Math.floor(dice() * 2 ** 32), Math.floor(dice() * 2 ** 32)] as const
    const [one, two] = [salt(), salt()]
    const cells = [0, 0, 0, 0]
    for (let id = 1; id <= 20_000; id += 1) {
      const cell = (pointOf(String(id), one) < 5000 ? 0 : 1) + (pointOf(String(id), two) < 5000 ? 0 : 2)
      cells[cell] = (cells[cell] ?? 0) + 1
    }
    const chi2 = cells.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0)
    expect(Math.exp(logChiSquaredTails(chi2, 3).upper)).toBeGreaterThan(1e-5)
  }
})

test('CS-005.5 when shares change, only those change whose variant lost points', () => {
  fc.assert(
    fc.property(shares, shares, (first, second) => {
      const before = allotPoints([], first)
      const after = allotPoints(before, second)
      const variants = new Set([...first, ...second].map(({ variant }) => variant))
      const lost = [...variants].reduce(
        (sum, variant) => sum + Math.max(0, pointsIn(before, variant) - pointsIn(after, variant)),
        0,
      )
      let moved = 0
      for (let point = 0; point < POINTS; point += 1) {
        const at = (ranges: readonly PointRange[]) =>
          ranges.find(({ from, to }) => point >= from && point < to)?.variant ?? null
        const was = at(before)
        if (was !== null && at(after) !== was) moved += 1
      }
      expect(moved).toBe(lost)
      for (const { variant, points } of second) expect(pointsIn(after, variant)).toBe(points)
    }),
    { numRuns: 15 },
  )
})

test('CS-005.3 CB-5.2 shares become points without loss, and equal ones differ by a point at most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: POINTS }), (count, points) => {
      const given = pointsOf(evenPercents(count), points)
      expect(given.reduce((sum, value) => sum + value, 0)).toBe(points)
      expect(Math.max(...given) - Math.min(...given)).toBeLessThanOrEqual(1)
    }),
  )
})

test('CS-003.6 CS-007.5 the winner goes to everybody but the holdout and those who took part', () => {
  const variants: Variant[] = [1, 2, 3].map((no) => ({
    no,
    name: `${no}`,
    percent: evenPercents(3)[no - 1] ?? 0,
    isControl: no === 3,
    content: null,
  }))
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 0, max: 20 }),
      (testPercent, holdoutPercent) => {
        const first = splitOf({ assignment: null, testPercent, holdoutPercent }, variants, [1, 2, 3, 4])
        const second = restSplit(first, 2)
        expect(gapsOf([...first.ranges, ...second.ranges])).toEqual([])
        for (let id = 1; id <= 300; id += 1) {
          const [before, after] = [assignVariant(String(id), first), assignVariant(String(id), second)]
          expect(after).toBe(before === null ? 2 : null)
          expect(before === HOLDOUT && holdoutPercent === 0).toBe(false)
        }
      },
    ),
    { numRuns: 30 },
  )
})

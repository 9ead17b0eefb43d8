import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dense } from './activity.ts'
import type { SeriesRow } from './activity-queries.ts'

const START = Date.UTC(2026, 10, 20, 9)
const row = (minute: number, name: SeriesRow['name'], n: number): SeriesRow => ({
  at: new Date(START + minute * 60_000),
  name,
  n,
})
const now = (minute: number): Date => new Date(START + minute * 60_000)

test('CS-012.2 a campaign of two minutes is shown by the minute, rising from nothing', () => {
  const { stepMinutes, points } = dense(
    [row(0, 'sent', 40), row(1, 'sent', 60), row(1, 'clicked', 2)],
    1,
    now(30),
  )
  expect(stepMinutes).toBe(1)
  expect(points.map(({ at, sent, clicked }) => [at.getTime() - START, sent, clicked])).toEqual([
    [-60_000, 0, 0],
    [0, 40, 0],
    [60_000, 60, 2],
    [120_000, 0, 0],
  ])
})

test('nothing is shown of what is still to come', () => {
  expect(dense([row(5, 'sent', 1)], 1, now(5)).points.at(-1)?.at).toEqual(now(5))
})

test('CS-012.2 points have no holes, are few enough to read, and lose nothing', () => {
  const anyRow = fc.record({
    minute: fc.integer({ min: 0, max: 400_000 }),
    name: fc.constantFrom('sent', 'opened', 'clicked', 'unsubscribed'),
    n: fc.integer({ min: 1, max: 500 }),
  })
  fc.assert(
    fc.property(fc.array(anyRow, { minLength: 1, maxLength: 40 }), (drawn) => {
      const rows = drawn
        .toSorted((a, b) => a.minute - b.minute)
        .map(({ minute, name, n }) => row(minute, name, n))
      const { stepMinutes, points } = dense(rows, 1, now(500_000))
      expect(points.length).toBeLessThanOrEqual(124)
      for (const [n, point] of points.entries())
        expect(point.at.getTime() - (points[0]?.at.getTime() ?? 0)).toBe(n * stepMinutes * 60_000)
      for (const name of ['sent', 'opened', 'clicked', 'unsubscribed'] as const)
        expect(points.reduce((sum, point) => sum + point[name], 0)).toBe(
          rows.filter((one) => one.name === name).reduce((sum, one) => sum + one.n, 0),
        )
    }),
  )
})

import { expect, test } from 'vitest'
import { chartGeometry } from './chart-geometry.ts'

const hours = (from: string, count: number) =>
  Array.from({ length: count }, (_, hour) => new Date(Date.parse(from) + hour * 3_600_000))
const size = { width: 640, height: 240 }
const series = (values: (number | null)[]) => ({ id: 'sent', label: 'Sent', values })

test('ticks fall on midnights of the reader’s zone, also after the clock has changed', () => {
  // Paris leaves summer time on 25 October 2026 at 01:00 UTC.
  const times = hours('2026-10-23T22:00:00Z', 24 * 5 + 1)
  const { timeTicks } = chartGeometry(times, [series(times.map(() => 1))], size, 'Europe/Paris')
  const clock = new Intl.DateTimeFormat('fr-FR', { timeZone: 'Europe/Paris', timeStyle: 'short' })
  expect(timeTicks.length).toBeGreaterThan(3)
  expect(new Set(timeTicks.map(({ time }) => clock.format(time)))).toEqual(new Set(['00:00']))
})

test('a point under the pointer is the nearest one', () => {
  const times = hours('2026-11-20T08:00:00Z', 11)
  const { xAt, indexAt } = chartGeometry(times, [series(times.map(() => 5))], size, 'UTC')
  expect(indexAt(xAt(4) + 3)).toBe(4)
  expect(indexAt(-100)).toBe(0)
  expect(indexAt(10_000)).toBe(10)
})

test('a missing value leaves a gap instead of a fall to zero', () => {
  const times = hours('2026-11-20T08:00:00Z', 4)
  const { linePath } = chartGeometry(times, [series([1, null, 2, 3])], size, 'UTC')
  expect(linePath(series([1, null, 2, 3])).match(/M/g)).toHaveLength(2)
})

test('no data at all is an empty frame, not an error', () => {
  const { valueTicks, linePath } = chartGeometry([], [series([])], size, 'UTC')
  expect(valueTicks).toEqual([0, 1])
  expect(linePath(series([]))).toBe('')
})

import { expect, test } from 'vitest'
import { monthAt, percentOf } from './limits.ts'

test.each([
  ['2026-11-30T22:59:59Z', 'Europe/Paris', '2026-11', '2026-10-31T23:00:00Z', '2026-11-30T23:00:00Z'],
  ['2026-11-30T23:00:00Z', 'Europe/Paris', '2026-12', '2026-11-30T23:00:00Z', '2026-12-31T23:00:00Z'],
  // With the clock change in its last days.
  ['2027-03-15T12:00:00Z', 'Europe/Paris', '2027-03', '2027-02-28T23:00:00Z', '2027-03-31T22:00:00Z'],
  ['2027-01-01T03:00:00Z', 'America/New_York', '2026-12', '2026-12-01T05:00:00Z', '2027-01-01T05:00:00Z'],
  ['2028-02-29T12:00:00Z', 'Asia/Kolkata', '2028-02', '2028-01-31T18:30:00Z', '2028-02-29T18:30:00Z'],
])('CB-9.1 the month of %s in %s is %s', (at, timeZone, month, from, to) => {
  expect(monthAt(new Date(at), timeZone)).toMatchObject({
    month,
    from: new Date(from),
    to: new Date(to),
    fromOn: `${month}-01`,
  })
})

test('CB-9.3 a share is passed when it is reached, not when it is rounded to', () => {
  expect(percentOf(749_999, 1_000_000)).toBe(74)
  expect(percentOf(750_000, 1_000_000)).toBe(75)
  expect(percentOf(1_000_001, 1_000_000)).toBe(100)
  expect(percentOf(0, 0)).toBe(0)
  expect(percentOf(1, 0)).toBe(100)
})

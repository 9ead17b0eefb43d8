/** Windows of days: what "in the last 7 days" and "birthday this week" mean, by example. */
import { expect, test } from 'vitest'
import { addDays, anniversaryMonthWindow, anniversaryWindow, dayOf, isInWindow, startOfDay } from './days.ts'

const PARIS = 'Europe/Paris'

test('CB-3.1 a day begins at midnight of the organization, also when the clocks change', () => {
  expect(startOfDay('2026-11-20', PARIS).toISOString()).toBe('2026-11-19T23:00:00.000Z')
  expect(startOfDay('2026-03-29', PARIS).toISOString()).toBe('2026-03-28T23:00:00.000Z')
  expect(startOfDay('2026-03-30', PARIS).toISOString()).toBe('2026-03-29T22:00:00.000Z')
  // Midnight does not exist on this day in Cairo: the clocks jump from 24:00 to 01:00.
  expect(startOfDay('2026-04-24', 'Africa/Cairo').toISOString()).toBe('2026-04-23T22:00:00.000Z')
  expect(dayOf(new Date('2026-11-19T23:00:00.000Z'), PARIS)).toBe('2026-11-20')
  expect(dayOf(new Date('2026-11-19T22:59:59.999Z'), PARIS)).toBe('2026-11-19')
})

test('CB-3.1 days are counted over months and leap years', () => {
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28')
})

test.each([
  ['1990-11-20', '2026-11-20', 0, true],
  ['1990-11-21', '2026-11-20', 0, false],
  ['1990-11-27', '2026-11-20', 7, true],
  ['1990-11-28', '2026-11-20', 7, false],
  ['1990-01-03', '2026-12-30', 7, true],
  ['2026-11-20', '2026-11-20', 0, false],
  ['2026-11-22', '2026-11-20', 7, false],
  ['2000-02-29', '2026-02-28', 0, true],
  ['2000-02-29', '2026-03-01', 0, false],
  ['2000-02-29', '2028-02-28', 0, false],
  ['2000-02-29', '2028-02-29', 0, true],
  ['1990-11-19', '2026-11-20', 365, true],
])('born %s, on %s within %i days: anniversary %s', (born, today, days, expected) => {
  expect(isInWindow(born, anniversaryWindow(today, days))).toBe(expected)
})

test.each([
  ['1990-11-01', '2026-11-20', true],
  ['1990-11-30', '2026-11-20', true],
  ['1990-12-01', '2026-11-20', false],
  ['2026-11-01', '2026-11-20', false],
  ['2000-02-29', '2026-02-10', true],
])('born %s: anniversary in the month of %s: %s', (born, today, expected) => {
  expect(isInWindow(born, anniversaryMonthWindow(today))).toBe(expected)
})

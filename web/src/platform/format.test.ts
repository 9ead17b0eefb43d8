import { expect, test } from 'vitest'
import { formatter } from './format.ts'

const en = formatter('en-GB', 'Europe/Paris')
const fr = formatter('fr-FR', 'Europe/Paris')

test('French numbers have unbreakable spaces, narrow between thousands', () => {
  expect(fr.number(48210)).toBe('48\u202F210')
  expect(fr.percent(0.421)).toBe('42,1\u00A0%')
  expect(fr.money({ amountMinor: 1248000, currency: 'EUR' })).toBe('12\u202F480,00\u00A0€')
})

test('a rate of nothing is a dash, never zero', () => {
  expect(en.rate(0, 0)).toBe('—')
  expect(en.rate(0, 10)).toBe('0%')
  expect(en.number(null)).toBe('—')
  expect(en.dateTime(undefined)).toBe('—')
})

test('money follows the minor units of its currency', () => {
  expect(en.money({ amountMinor: 1250, currency: 'EUR' })).toBe('€12.50')
  expect(en.money({ amountMinor: 1250, currency: 'JPY' })).toBe('JP¥1,250')
  expect(en.money({ amountMinor: 1250, currency: 'KWD' })).toBe('KWD\u00A01.250')
})

test('the first of a month is an ordinal in French, and nothing else is', () => {
  expect(fr.day('2026-12-01')).toBe('1er déc. 2026')
  expect(fr.date('2026-12-01T08:00:00Z')).toBe('1er déc. 2026')
  expect(fr.day('2026-12-11')).toBe('11 déc. 2026')
  expect(fr.dateTime('2026-12-21T00:01:00Z')).toBe('21 déc. 2026, 01:01')
  expect(en.day('2026-12-01')).toBe('1 Dec 2026')
})

test('instants are shown in the zone of the organization, calendar days in none', () => {
  expect(en.dateTime('2026-11-27T08:00:00Z')).toBe('27 Nov 2026, 09:00')
  expect(en.dateTimeZone('2026-11-27T08:00:00Z', 'UTC')).toContain('UTC')
  expect(formatter('en-GB', 'America/Los_Angeles').day('2026-11-27')).toBe('27 Nov 2026')
})

test('time from now is told in the largest whole unit', () => {
  const now = '2026-11-20T12:00:00Z'
  expect(en.relative('2026-11-20T11:57:30Z', now)).toBe('2 minutes ago')
  expect(fr.relative('2026-11-23T12:00:00Z', now)).toBe('dans 3 jours')
  expect(en.relative(now, now)).toBe('now')
})

test('durations name two units at most', () => {
  expect(en.duration(14 * 60_000)).toBe('14 mins')
  expect(en.duration(3_900_000)).toBe('1 hr 5 mins')
  expect(en.duration(90_061_000)).toBe('1 day 1 hr')
  expect(en.duration(400)).toBe('0 secs')
})

test('sizes are told in steps of a thousand', () => {
  expect(en.bytes(1_250_000)).toBe('1.3 MB')
  expect(en.bytes(0)).toBe('0 byte')
})

test('the ends of an interval have as many digits as tell them apart', () => {
  expect(en.percentRange(0.0391, 0.0449)).toBe('3.9–4.5%')
  expect(fr.percentRange(0, 0.0031)).toBe('0,00–0,31\u00A0%')
  expect([en.finePercent(0.0012), en.finePercent(0.421), en.finePercent(null)]).toEqual([
    '0.12%',
    '42.1%',
    '—',
  ])
})

/** Days of campaigns that events set off: those with runs, and the silent ones while they were switched on. */
import { expect, test } from 'vitest'
import { newId, type CampaignId, type RunId } from '../../platform/ids.ts'
import { daysOf, likeWeekdays, type FedDay } from './days.ts'

const at = (day: string): Date => new Date(`${day}T00:00:00Z`)
const campaignId: CampaignId = newId<'campaign'>(at('2027-03-01'))
const fed = (day: string): FedDay => {
  const id: RunId = newId<'run'>(at(day))
  return {
    id,
    runIds: [id],
    campaignId,
    purpose: 'marketing',
    dayAt: at(day),
    firstHandoverAt: at(day),
    looks: [],
  }
}
const days = (armedOn: string | null, now: string, ...known: string[]) =>
  daysOf(known.map(fed), new Map(armedOn === null ? [] : [[campaignId, at(armedOn)]]), new Date(now)).map(
    ({ startedAt, kind }) => [startedAt.toISOString().slice(0, 10), kind],
  )

test('a day without a run is silent once it is over, between others and after them', () => {
  expect(days('2027-03-01', '2027-03-06T10:00:00Z', '2027-03-01', '2027-03-03', '2027-03-04')).toEqual([
    ['2027-03-05', 'silent'],
    ['2027-03-04', 'day'],
    ['2027-03-03', 'day'],
    ['2027-03-02', 'silent'],
    ['2027-03-01', 'day'],
  ])
})

test('before a campaign was switched on, and once it is switched off, nobody expects anything of a day', () => {
  const known = ['2027-03-01', '2027-03-04'] as const
  expect(days('2027-03-03', '2027-03-05T10:00:00Z', ...known).map(([day]) => day)).toEqual([
    '2027-03-04',
    '2027-03-03',
    '2027-03-01',
  ])
  expect(days(null, '2027-03-09T10:00:00Z', ...known).map(([, kind]) => kind)).toEqual(['day', 'day'])
})

test('a day is compared with its own weekday as soon as there are enough of them', () => {
  const earlier = Array.from({ length: 60 }, (_none, ago) => ({
    startedAt: new Date(at('2027-03-01').getTime() - (ago + 1) * 86_400_000),
  }))
  const same = likeWeekdays({ startedAt: at('2027-03-01') }, earlier, 8)
  expect([same.length, new Set(same.map(({ startedAt }) => startedAt.getUTCDay()))]).toEqual([
    8,
    new Set([1]),
  ])
  expect(likeWeekdays({ startedAt: at('2027-03-01') }, earlier.slice(0, 40), 8)).toHaveLength(40)
})

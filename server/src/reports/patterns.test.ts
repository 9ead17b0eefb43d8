import { expect, test } from 'vitest'
import { seededDice } from '../testing/harness.ts'
import { featuresOf, findPatterns, type Observed } from './patterns.ts'

/** Campaigns whose click rates differ by chance and by what each is like, and by nothing that was looked at. */
function campaigns(seed: number, count: number, lift = 1): Observed[] {
  const dice = seededDice(seed)
  return Array.from({ length: count }, () => {
    const features = {
      weekday: String(1 + Math.floor(dice() * 5)),
      daypart: dice() < 0.5 ? 'morning' : 'evening',
      subjectNumber: dice() < 0.5 ? 'yes' : 'no',
    }
    const own = 0.03 + 0.02 * dice()
    const rate = own * (features.daypart === 'morning' ? lift : 1)
    const delivered = 500 + Math.floor(dice() * 5_000)
    let clicked = 0
    for (let n = 0; n < delivered; n++) if (dice() < rate) clicked++
    return { delivered, clicked, features }
  })
}

test('CB-8.4 where nothing matters, hardly ever is anything called clear', () => {
  const worlds = 150
  let wrong = 0
  for (let seed = 1; seed <= worlds; seed++)
    if (findPatterns(campaigns(seed, 40)).patterns.some(({ isClear }) => isClear)) wrong++
  // 5 % and three standard errors.
  expect(wrong / worlds).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / worlds))
})

test('CB-8.4 an effect that is there is found, and not made larger than it is', () => {
  const { patterns } = findPatterns(campaigns(7, 60, 2))
  const morning = patterns.find(({ feature, value }) => feature === 'daypart' && value === 'morning')
  expect(morning?.isClear).toBe(true)
  expect(morning?.lift).toBeGreaterThan(0.6)
  expect(morning?.lift).toBeLessThan(1.2)
})

test('hours and weekdays of a launch are those of the organization', () => {
  const launch = {
    type: 'promotion',
    channels: ['sms', 'email'],
    subject: '3 days left, {{ first_name }}? 🎉',
  }
  expect(
    featuresOf({ ...launch, launchedAt: new Date('2026-11-29T23:30:00Z'), timeZone: 'Europe/Paris' }),
  ).toEqual({
    type: 'promotion',
    channel: 'email+sms',
    weekday: '1',
    daypart: 'night',
    subjectLength: 'medium',
    subjectNumber: 'yes',
    subjectQuestion: 'yes',
    subjectEmoji: 'yes',
    subjectPersonal: 'yes',
  })
})

/** Credit over many journeys: nothing is lost or made up, and what is known of small worlds holds. */
import { access } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attribution } from '../../../../tools/conformance/attribution.ts'
import {
  firstTouchCredit,
  type JourneyGroup,
  lastTouchCredit,
  linearCredit,
  markovCredit,
  shapleyCredit,
} from './journeys.ts'

const group: fc.Arbitrary<JourneyGroup> = fc.record({
  channels: fc.array(fc.constantFrom('email', 'sms', 'post', 'link'), { minLength: 1, maxLength: 6 }),
  conversions: fc.integer({ min: 0, max: 50 }),
  value: fc.integer({ min: 0, max: 10_000 }),
  lost: fc.integer({ min: 1, max: 50 }),
})
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)

test('CS-013.4 every model gives away all conversions and their whole value', () => {
  fc.assert(
    fc.property(fc.array(group, { minLength: 1, maxLength: 20 }), (groups) => {
      const conversions = sum(groups.map((one) => one.conversions))
      const value = sum(groups.map((one) => one.value))
      for (const model of [firstTouchCredit, lastTouchCredit, linearCredit, shapleyCredit]) {
        const credit = model(groups)
        expect(sum(credit.conversions.values())).toBeCloseTo(conversions, 6)
        expect(sum(credit.value.values())).toBeCloseTo(value, 6)
      }
      expect(sum(markovCredit(groups).conversions.values())).toBeCloseTo(conversions, 6)
    }),
  )
})

test('the chain converts as often as the journeys did, and repeats of a channel change nothing', () => {
  fc.assert(
    fc.property(fc.array(group, { minLength: 1, maxLength: 20 }), (groups) => {
      const [conversions, lost] = [
        sum(groups.map((one) => one.conversions)),
        sum(groups.map((one) => one.lost)),
      ]
      const { conversionProbability, removalEffect } = markovCredit(groups)
      expect(conversionProbability).toBeCloseTo(conversions / (conversions + lost), 9)
      const doubled = groups.map((one) => ({
        ...one,
        channels: one.channels.flatMap((channel) => [channel, channel]),
      }))
      for (const [channel, effect] of markovCredit(doubled).removalEffect)
        expect(effect).toBeCloseTo(removalEffect.get(channel) ?? NaN, 9)
    }),
  )
})

test('a channel that every journey passes is worth them all, by removal', () => {
  const { removalEffect } = markovCredit([
    { channels: ['email', 'link'], conversions: 10, value: 0, lost: 30 },
    { channels: ['sms', 'link'], conversions: 5, value: 0, lost: 15 },
  ])
  expect(removalEffect.get('link')).toBeCloseTo(1, 12)
  expect(removalEffect.get('email')).toBeCloseTo(10 / 15, 12)
})

const JOURNEYS = fileURLToPath(new URL('../../../../../shared/data/attribution-pathdata', import.meta.url))
const arePresent = await access(JOURNEYS).then(
  () => true,
  () => false,
)

test.skipIf(!arePresent)(
  'CS-013.4 10,000 public journeys are credited as published (skipped where ../shared/data/attribution-pathdata is absent)',
  async () => {
    const results = await Array.fromAsync(attribution.run(JOURNEYS))
    expect(results.length).toBeGreaterThan(90)
    expect(results.filter(({ problem }) => problem !== null)).toEqual([])
  },
)

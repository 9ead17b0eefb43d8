/** Journeys credited by many models at once: each gives away every conversion, and the interval holds the estimate. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededDice } from '../../testing/dice.ts'
import { creditJourneys, JOURNEY_MODELS } from './journeys-of.ts'

const group = fc.record({
  channels: fc.array(fc.constantFrom('email', 'sms', 'whatsapp'), { minLength: 1, maxLength: 4 }),
  conversions: fc.nat(40),
  value: fc.nat(100_000),
  lost: fc.nat(200),
})

test('CS-013.3 every model gives away all conversions and all value of the journeys', () => {
  fc.assert(
    fc.property(fc.array(group, { minLength: 1, maxLength: 8 }), (groups) => {
      // What did not convert was worth nothing.
      const journeys = groups.map((one) => (one.conversions === 0 ? { ...one, value: 0 } : one))
      const credit = creditJourneys(journeys, seededDice(1))
      for (const model of JOURNEY_MODELS) {
        const given = credit.stops.reduce((sum, stop) => sum + stop.conversions[model], 0)
        const worth = credit.stops.reduce((sum, stop) => sum + stop.valueMinor[model], 0)
        expect(given).toBeCloseTo(credit.conversions, 6)
        expect(worth).toBeCloseTo(credit.valueMinor, 3)
      }
    }),
    { numRuns: 50 },
  )
})

test('CS-013.3 a channel that only ever opens the way gets its part by the data, and none by the last touch', () => {
  const credit = creditJourneys(
    [
      { channels: ['email', 'sms'], conversions: 300, value: 30_000, lost: 700 },
      { channels: ['sms'], conversions: 50, value: 5_000, lost: 950 },
    ],
    seededDice(2),
  )
  const email = credit.stops.find(({ stop }) => stop === 'email')
  expect(email?.conversions).toMatchObject({ first: 300, last: 0, linear: 150, shapley: 150 })
  expect(email?.conversions.markov).toBeGreaterThan(50)
  expect(email?.markovInterval?.low).toBeLessThan(email?.conversions.markov ?? 0)
  expect(email?.markovInterval?.high).toBeGreaterThan(email?.conversions.markov ?? 0)
  expect(credit.isThin).toBe(false)
  expect(creditJourneys([], seededDice(3))).toMatchObject({
    conversionProbability: null,
    isThin: true,
    stops: [],
  })
})

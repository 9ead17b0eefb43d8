/** A random share is fair, lasting, and another one for another seed. */
import { expect, test } from 'vitest'
import { pointOf, seedOf } from './random.ts'

const PEOPLE = 40_000
const share = (seed: string, percent: number): Set<number> => {
  const [a, b] = seedOf(seed)
  const inside = new Set<number>()
  for (let id = 1; id <= PEOPLE; id++) if (pointOf(BigInt(id), a, b) < percent * 100) inside.add(id)
  return inside
}

test('CS-003.6 a random share has its size, also among neighbouring ids', () => {
  for (const seed of ['', 'spring', 'a', 'b']) {
    const inside = share(seed, 10)
    // Four standard deviations of 40,000 draws.
    expect(Math.abs(inside.size - PEOPLE / 10)).toBeLessThan(4 * Math.sqrt(PEOPLE * 0.1 * 0.9))
    for (let from = 1; from < PEOPLE; from += 4_000) {
      const here = [...inside].filter((id) => id >= from && id < from + 4_000).length
      expect(Math.abs(here - 400)).toBeLessThan(5 * Math.sqrt(4_000 * 0.1 * 0.9))
    }
  }
})

test('CS-003.6 shares of different seeds are independent of each other', () => {
  const [one, other] = [share('spring', 20), share('autumn', 20)]
  const both = [...one].filter((id) => other.has(id)).length
  expect(Math.abs(both - PEOPLE * 0.04)).toBeLessThan(5 * Math.sqrt(PEOPLE * 0.04 * 0.96))
})

test('CS-003.6 a larger share holds the smaller one of the same seed', () => {
  const [small, large] = [share('spring', 5), share('spring', 30)]
  expect([...small].every((id) => large.has(id))).toBe(true)
})

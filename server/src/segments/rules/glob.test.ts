/** Patterns with stars: the same as a plain reading, and quick whatever they are. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { globLike, globMatches } from './glob.ts'

/** The textbook reading, exponential but obviously right. */
function plainly(pattern: string, text: string): boolean {
  const [head = '', ...rest] = Array.from(pattern)
  if (pattern === '') return text === ''
  const [letter, ...letters] = Array.from(text)
  if (head === '*') return plainly(rest.join(''), text) || (text !== '' && plainly(pattern, letters.join('')))
  return letter !== undefined && (head === '?' || head === letter) && plainly(rest.join(''), letters.join(''))
}

const letters = (alphabet: string, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), maxLength })

test('a pattern matches what its plain reading matches', () => {
  fc.assert(
    fc.property(letters('ab*?é', 6), letters('abé', 7), (pattern, text) => {
      expect(globMatches(pattern, text)).toBe(plainly(pattern, text))
    }),
    { numRuns: 2_000 },
  )
})

test('a pattern made to be slow is quick', () => {
  const began = performance.now()
  expect(globMatches('*a*a*a*a*a*a*a*b', 'a'.repeat(20_000))).toBe(false)
  expect(performance.now() - began).toBeLessThan(2_000)
})

test('only stars and question marks are special', () => {
  expect(globLike(String.raw`100%_\*?`)).toBe(String.raw`100\%\_\\%_`)
})

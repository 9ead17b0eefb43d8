import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CONSENT_STATES } from '../words.ts'
import { foldWords, moreRestrictive, RESTRICTIVENESS, type Word } from './fold.ts'

const anyWord = fc.record({
  state: fc.constantFrom(...CONSENT_STATES),
  occurredAt: fc.integer({ min: 0, max: 4 }).map((hour) => new Date(Date.UTC(2026, 10, 20, hour))),
  eventId: fc.bigInt({ min: 1n, max: 99n }),
})
const anyHistory = fc.uniqueArray(anyWord, { selector: (word) => word.eventId, maxLength: 12 })

test('MA-9.1 the word in force is the same in whatever order the words arrive', () => {
  fc.assert(
    fc.property(anyHistory, fc.func(fc.integer()), (words, order) => {
      const shuffled = words.toSorted((a, b) => order(a) - order(b))
      expect(foldWords(shuffled)).toEqual(foldWords(words))
    }),
  )
})

test('MA-9.2 an older grant that arrives late never beats a withdrawal', () => {
  fc.assert(
    fc.property(anyHistory, anyWord, (words, late) => {
      const withdrawn: Word = {
        state: 'withdrawn',
        occurredAt: new Date(Date.UTC(2026, 10, 20, 4)),
        eventId: 100n,
      }
      const after = foldWords([...words, withdrawn, { ...late, state: 'granted', eventId: 101n }])
      expect(after?.state).toBe('withdrawn')
    }),
  )
})

test('of two words at one time the more restrictive holds', () => {
  const at = new Date(Date.UTC(2026, 10, 20))
  const word = (state: Word['state'], eventId: bigint): Word => ({ state, occurredAt: at, eventId })
  expect(foldWords([word('withdrawn', 1n), word('granted', 2n)])?.state).toBe('withdrawn')
  expect(foldWords([word('granted', 1n), word('denied', 2n)])?.state).toBe('denied')
})

test('a question is no word: it never takes the place of one', () => {
  fc.assert(
    fc.property(anyHistory, (words) => {
      const decided = words.filter((word) => word.state !== 'pending')
      expect(foldWords(words)?.state).toBe(
        decided.length === 0 ? (words.length === 0 ? undefined : 'pending') : foldWords(decided)?.state,
      )
    }),
  )
})

test('joining two profiles keeps the more restrictive state, whichever is kept', () => {
  for (const a of RESTRICTIVENESS)
    for (const b of RESTRICTIVENESS) {
      expect(moreRestrictive(a, b)).toBe(moreRestrictive(b, a))
      expect([a, b]).toContain(moreRestrictive(a, b))
    }
})

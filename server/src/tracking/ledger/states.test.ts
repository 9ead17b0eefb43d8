import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LEDGER_STATES, MOVE_ORDER, movedOn, type LedgerState } from './states.ts'

const anyState = fc.constantFrom(...LEDGER_STATES)
const anyWord = fc.constantFrom(...MOVE_ORDER)

test('a message ends in the same state in whatever order its provider’s words arrive, and however often', () => {
  fc.assert(
    fc.property(anyState, fc.array(anyWord), fc.func(fc.integer()), (from, words, order) => {
      const end = (list: readonly (typeof MOVE_ORDER)[number][]): LedgerState =>
        list.reduce<LedgerState>(movedOn, from)
      const shuffled = [...words, ...words].sort((a, b) => order(a) - order(b))
      expect(end(shuffled)).toBe(end(words))
    }),
  )
})

test('a message that was skipped or held out never moves', () => {
  fc.assert(
    fc.property(fc.constantFrom('skipped' as const, 'held_out' as const), anyWord, (from, word) => {
      expect(movedOn(from, word)).toBe(from)
    }),
  )
})

import { expect, test } from 'vitest'
import type { ContactId } from '../../platform/ids.ts'
import { SENDER_REFUSED } from '../channels/api/vendor.ts'
import type { Handover } from '../channels/outcome.ts'
import type { RunTrouble } from '../runs/run.ts'
import { judge } from './verdicts.ts'

const DOUBTED: Handover = {
  kind: 'refused',
  reply: { code: 21_606, enhanced: null, text: '21606 not valid for this destination' },
  stage: 'recipient',
  verdict: SENDER_REFUSED,
  orTrouble: 'sender_refused',
}
const doubted = (people: number): Handover[] => Array.from({ length: people }, () => DOUBTED)
const SENT: Handover = { kind: 'sent', reply: { code: 200, enhanced: null, text: '' } }
const judged = (results: readonly Handover[], resting?: RunTrouble) =>
  judge(
    results.map((result, n) => ({ contactId: String(n + 1) as ContactId, result })),
    false,
    resting,
  )
const rested = (times: number): RunTrouble => ({
  kind: 'sender_refused',
  text: '',
  since: '2026-11-20T09:00:00Z',
  retryAt: '2026-11-20T09:00:00Z',
  times,
})

test('a sender that reaches nobody of a sub-batch is wrong: nobody loses anything', () => {
  const { rows, unsentIds, trouble } = judged(doubted(5))
  expect({ rows, unsent: unsentIds.length, kind: trouble?.kind }).toEqual({
    rows: [],
    unsent: 5,
    kind: 'sender_refused',
  })
})

test('a sender that reaches some and not others is right: the others are refused, as nobody’s bounce', () => {
  const { rows, bounces, trouble } = judged([...doubted(9), SENT])
  expect(rows.filter(({ state, reason }) => state === 'failed' && reason === 'sender_refused')).toHaveLength(
    9,
  )
  expect({ bounces, trouble }).toEqual({ bounces: [], trouble: null })
})

test('so few people that they tell nothing of the sender are refused, and the run ends', () => {
  expect(judged([DOUBTED])).toMatchObject({ rows: [{ state: 'failed' }], trouble: null })
})

test('a run rests for a sender that may be wrong an hour, and not for ever', () => {
  const all = doubted(5)
  expect(judged(all, rested(17)).trouble).not.toBeNull()
  expect(judged(all, rested(18))).toMatchObject({ trouble: null, unsentIds: [], tookAny: true })
})

import { expect, test } from 'vitest'
import { harness } from '../../../testing/harness.ts'
import type { Handover } from '../outcome.ts'
import type { Transport } from '../transport.ts'
import { NO_BYTES, type MailMessage } from './mail-message.ts'
import { quotaTransport } from './own-quota.ts'

const h = await harness()
const org = await h.organization()
const mails = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    from: 'news@shop.example',
    to: `person${n}@example.net`,
    data: NO_BYTES,
  })) as unknown as MailMessage[] // the transport below reads no more of them
const SENT: Handover = { kind: 'sent', reply: { code: 250, enhanced: null, text: 'ok' } }
const LIMIT: Handover = {
  kind: 'refused',
  reply: { code: 550, enhanced: '5.4.5', text: 'Daily user sending limit exceeded' },
  stage: 'content',
}

/** A mail server that takes one mail after the other. */
const server = (answer: (index: number) => Handover): Transport<MailMessage> => ({
  tellsBegin: true,
  deliver: (messages, stop, watch) =>
    Promise.resolve(
      messages.map((_, index): Handover => {
        if (stop.aborted) return { kind: 'unsent', trouble: null }
        watch?.begun([index])
        const outcome = answer(index)
        watch?.ended(index, outcome)
        return outcome
      }),
    ),
})
const deliver = (answer: (index: number) => Handover, count = 6): Promise<Handover[]> =>
  quotaTransport(org.systemCtx, server(answer)).deliver(mails(count), new AbortController().signal)

test('an account at its limit is offered no more, and what it did not take waits an hour', async () => {
  let offered = 0
  const outcomes = await deliver((index) => {
    offered += 1
    return index === 0 ? SENT : LIMIT
  })
  const until = new Date(h.clock.now().getTime() + 3_600_000)
  expect(offered).toBe(3)
  expect(outcomes[0]).toEqual(SENT)
  for (const outcome of outcomes.slice(1))
    expect(outcome).toMatchObject({ kind: 'unsent', trouble: { kind: 'rate_limited', until } })
})

test('a limit that one person alone meets is no limit of the account’s: the others leave', async () => {
  const outcomes = await deliver((index) => (index === 0 ? LIMIT : SENT))
  expect(outcomes[0]).toMatchObject({ kind: 'refused', verdict: { class: 'busy', isRetried: true } })
  expect(new Set(outcomes.slice(1).map(({ kind }) => kind))).toEqual(new Set(['sent']))
})

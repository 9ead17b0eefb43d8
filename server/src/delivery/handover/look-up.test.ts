import { afterAll, expect, test } from 'vitest'
import { createEgress } from '../../platform/egress/index.ts'
import { apiTransport } from '../channels/api/api-transport.ts'
import { twilio } from '../channels/sms/vendors/twilio.ts'
import { NO_OUTCOME } from '../channels/outcome.ts'
import { deliverUntaken, firstHandover } from './look-up.ts'

const NOW = new Date('2026-11-27T10:00:00Z')
const now = (): Date => NOW
const egress = createEgress()
afterAll(() => egress.close())

test('who stops before the provider was asked hears of no trouble of the provider', async () => {
  const account = {
    accountSid: 'AC1',
    authToken: 'secret',
    from: '+33700000001',
    callbackUrl: 'https://a.example',
  }
  const transport = apiTransport({ egress, now }, twilio({ baseUrl: 'https://a.example', ...account }))
  const outcomes = await deliverUntaken({ now }, transport, {
    messages: [{ token: 't1', to: '+33612000001', text: 'Hello' }],
    firsts: [firstHandover(NOW, NOW)],
    watch: undefined,
    stop: AbortSignal.abort(),
  })
  expect(outcomes).toEqual([{ kind: 'unsent', trouble: null }])
})

test('NFR-002.3 a message that its transport leaves out may be out there, whether its provider was asked or not', async () => {
  const outcomes = await deliverUntaken(
    { now },
    {
      tellsBegin: true,
      lookUp: () => Promise.resolve([{ kind: 'not_listed' }]),
      deliver: () => Promise.resolve([]),
    },
    {
      messages: ['first'],
      firsts: [firstHandover(NOW, NOW)],
      watch: undefined,
      stop: new AbortController().signal,
    },
  )
  expect(outcomes).toEqual([NO_OUTCOME])
})

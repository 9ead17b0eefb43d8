/** An accent that was typed apart, as some keyboards and files do, leaves as it was measured; judged by the provider's ledger. */
import { afterAll, expect, test } from 'vitest'
import { measureSms } from '../../../content/index.ts'
import { harness } from '../../../testing/harness.ts'
import { simulate } from '../../../testing/simulators/index.ts'

const twilio = await simulate('twilio')
const h = await harness({ egress: { allow: [`127.0.0.1:${twilio.port}`] } })
afterAll(() => twilio.close())

/** Of letters and accents apart: those of the words, and those of a person's values. */
const SAID = "L'e\u0301te\u0301 de {{ data.name }} STOP"
const NAME = 'Ange\u0300le'
const COMPOSED = "L'\u00e9t\u00e9 de Ang\u00e8le STOP"

test('MA-5.1 a text leaves composed, in the alphabet that it was measured in, values of the person with it', async () => {
  const org = await h.organization()
  await org.owner.post('/api/providers', {
    kind: 'twilio',
    name: 'Twilio',
    settings: { baseUrl: twilio.url, accountSid: 'AC1', from: '+15005550006' },
    secrets: { authToken: twilio.secrets.apiKey },
  })
  await org.key.post('/api/messages', {
    content: { source: { channel: 'sms', text: SAID } },
    to: { phone: '+33612345701' },
    data: { name: NAME },
  })
  await h.drain()
  const left = twilio.taken().map(({ excerpt }) => excerpt)
  expect(left).toEqual([COMPOSED])
  expect(left.map((text) => measureSms(text).encoding)).toEqual(['gsm7'])
})

test('MA-5.1 a preview shows a text as it leaves: composed', async () => {
  const org = await h.organization()
  const { body } = await org.viewer.post('/api/content/message-preview', {
    source: { channel: 'sms', text: SAID.replace('{{ data.name }}', NAME) },
  })
  expect(body.message.text).toBe(COMPOSED)
})

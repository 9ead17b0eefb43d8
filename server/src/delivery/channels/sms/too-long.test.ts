/** Texts that no operator joins: refused where they are written, launched and rendered; judged by the provider's ledger. */
import { afterAll, expect, test } from 'vitest'
import { harness } from '../../../testing/harness.ts'
import { simulate } from '../../../testing/simulators/index.ts'

const twilio = await simulate('twilio')
const h = await harness({ egress: { allow: [`127.0.0.1:${twilio.port}`] } })
afterAll(() => twilio.close())

const ADA = '+33612345701'
const BOB = '+33612345702'

test('MA-5.1 a text that values make longer than ten parts fails for its person with the reason, and others leave', async () => {
  const org = await h.organization()
  await org.owner.post('/api/providers', {
    kind: 'twilio',
    name: 'Twilio',
    settings: { baseUrl: twilio.url, accountSid: 'AC1', from: '+15005550006' },
    secrets: { authToken: twilio.secrets.apiKey },
  })
  const { status, body } = await org.key.post('/api/messages', {
    messages: [
      [ADA, 'x'.repeat(19_000)],
      [BOB, 'https is short'],
    ].map(([phone, words]) => ({
      content: { source: { channel: 'sms', text: 'Hello {{ data.words }} STOP: reply STOP' } },
      to: { phone },
      data: { words },
    })),
  })
  expect(status).toBe(202)
  await h.drain()
  const states = await Promise.all(
    body.items.map(async ({ id }: { id: string }) => (await org.key.get(`/api/messages/${id}`)).body),
  )
  expect(states).toMatchObject([{ state: 'failed', reason: 'sms_too_long' }, { state: 'sent' }])
  expect(twilio.taken().map(({ to }) => to)).toEqual([BOB])
})

test('MA-5.1 a text of more than ten parts is named in the composer and does not leave', async () => {
  const org = await h.organization()
  const check = async (text: string) => {
    const { body } = await org.owner.post('/api/content/message-preview', {
      source: { channel: 'sms', text },
      as: { sample: 'typical' },
      campaignName: 'Sale',
    })
    return body.checks.filter((one: { id: string }) => one.id === 'sms_too_long')
  }
  const long = `${'ж'.repeat(700)} STOP`
  expect(await check(long)).toMatchObject([{ level: 'block', field: 'text' }])
  expect(await check(`${'a'.repeat(1_500)} STOP`)).toEqual([])
  const { status, body } = await org.key.post('/api/messages', {
    content: { source: { channel: 'sms', text: long } },
    to: { phone: ADA },
  })
  expect(status).toBe(400)
  expect(JSON.stringify(body)).toContain('more than ten parts')
})

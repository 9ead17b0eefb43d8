/** WhatsApp's window of 24 hours, judged by the ledger of a simulated provider. */
import { createHmac } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { harness } from '../../../testing/harness.ts'
import type { TestOrganization } from '../../../testing/organization.ts'
import { simulate } from '../../../testing/simulators/index.ts'

const meta = await simulate('whatsapp')
const h = await harness({ egress: { allow: [`127.0.0.1:${meta.port}`] } })
afterAll(() => meta.close())

const DAY_MS = 24 * 3_600_000
const ADA = '+33612345601'
const BOB = '+33612345602'

async function sender(): Promise<{ org: TestOrganization; hookUrl: string }> {
  const org = await h.organization()
  const { body } = await org.owner.post('/api/providers', {
    kind: 'whatsapp',
    name: 'WhatsApp',
    settings: { baseUrl: `${meta.url}/v23.0`, phoneNumberId: '1' },
    secrets: {
      accessToken: meta.secrets.apiKey,
      appSecret: meta.secrets.eventKey,
      verifyToken: 'our word',
    },
  })
  for (const phone of [ADA, BOB]) await org.owner.post('/api/contacts', { phone })
  return { org, hookUrl: body.hookUrl }
}

/** A person writes to the number; the provider may tell of it late. */
async function writes(hookUrl: string, from: string, at: Date, id: string): Promise<void> {
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: 'WABA',
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              messages: [
                {
                  id,
                  from: from.replace('+', ''),
                  timestamp: String(Math.floor(at.getTime() / 1_000)),
                  type: 'text',
                  text: { body: 'Is my order on its way?' },
                },
              ],
            },
          },
        ],
      },
    ],
  })
  const answer = await h.request({
    method: 'POST',
    url: new URL(hookUrl).pathname,
    headers: {
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${createHmac('sha256', meta.secrets.eventKey).update(body).digest('hex')}`,
    },
    payload: body,
  })
  expect(answer.statusCode).toBe(200)
}

async function send(
  org: TestOrganization,
  to: string,
  content: { text: string } | { template: string },
): Promise<{ state: string; reason: string | null }> {
  const { body, status } = await org.key.post('/api/messages', {
    content: { source: { channel: 'whatsapp', ...content } },
    to: { phone: to },
  })
  expect(status).toBe(202)
  await h.drain()
  return (await org.key.get(`/api/messages/${body.items[0].id}`)).body
}

const takenBy = (to: string): number =>
  meta.taken().filter((entry) => `+${entry.to.replace('+', '')}` === to).length

test('CS-002.3 free text goes only to who wrote within 24 hours, to the second; a template goes to everybody', async () => {
  const { org, hookUrl } = await sender()
  const wroteAt = new Date(Math.floor(h.clock.now().getTime() / 1_000) * 1_000)
  await writes(hookUrl, ADA, wroteAt, 'wamid.1')
  const text = { text: 'Yes, it arrives tomorrow.' }
  h.clock.set(new Date(wroteAt.getTime() + DAY_MS - 1_000))
  expect(await send(org, ADA, text)).toMatchObject({ state: 'sent' })
  expect(await send(org, BOB, text)).toMatchObject({ state: 'failed', reason: 'window_closed' })
  h.clock.set(new Date(wroteAt.getTime() + DAY_MS))
  expect(await send(org, ADA, text)).toMatchObject({ state: 'failed', reason: 'window_closed' })
  expect([takenBy(ADA), takenBy(BOB)]).toEqual([1, 0])
  expect(await send(org, BOB, { template: 'order_update' })).toMatchObject({ state: 'sent' })
  expect(takenBy(BOB)).toBe(1)
})

test('CS-002.3 the window begins when the person wrote, not when the provider told of it', async () => {
  const { org, hookUrl } = await sender()
  const before = takenBy(ADA)
  const now = h.clock.now()
  await writes(hookUrl, ADA, new Date(now.getTime() - DAY_MS - 60_000), 'wamid.2')
  expect(await send(org, ADA, { text: 'Hello' })).toMatchObject({ reason: 'window_closed' })
  await writes(hookUrl, ADA, new Date(now.getTime() - DAY_MS + 60_000), 'wamid.3')
  expect(await send(org, ADA, { text: 'Hello' })).toMatchObject({ state: 'sent' })
  expect(takenBy(ADA)).toBe(before + 1)
})

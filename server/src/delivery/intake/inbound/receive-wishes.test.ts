import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { consentOf, recordConsents, withdraw } from '../../../consent/index.ts'
import { createContact } from '../../../contacts/index.ts'
import type { ContactId } from '../../../platform/ids.ts'
import { harness } from '../../../testing/harness.ts'
import type { TestOrganization } from '../../../testing/organization.ts'
import { unknownEvents } from '../events/queries.ts'

const h = await harness()
const APP_SECRET = 'the secret of the app'
const NUMBER = '+33612340001'

async function add(org: TestOrganization): Promise<string> {
  const answer = await org.owner.post('/api/providers', {
    kind: 'whatsapp',
    name: 'WhatsApp',
    settings: { baseUrl: 'https://graph.facebook.com/v23.0', phoneNumberId: '1' },
    secrets: { accessToken: 'token', appSecret: APP_SECRET },
  })
  expect(answer.status).toBe(201)
  return (answer.body as { hookUrl: string }).hookUrl
}

async function person(org: TestOrganization, isGranted = true): Promise<ContactId> {
  const { id } = await createContact(org.systemCtx, { phone: NUMBER }, 'manual')
  if (isGranted)
    await recordConsents(org.systemCtx, { source: 'member' }, [
      { contactId: id, channel: 'whatsapp', purpose: 'marketing', state: 'granted' },
    ])
  h.clock.advance(60_000)
  return id
}

/** Meta tells of a wish. */
async function tell(hookUrl: string, value: string, at = h.clock.now()): Promise<void> {
  const timestamp = Math.floor(at.getTime() / 1_000)
  const preference = {
    wa_id: NUMBER.slice(1),
    category: 'marketing_messages',
    value,
    timestamp,
    detail: value,
  }
  const change = { field: 'user_preferences', value: { user_preferences: [preference] } }
  const payload = JSON.stringify({ entry: [{ id: 'WABA', changes: [change] }] })
  const signature = createHmac('sha256', APP_SECRET).update(payload).digest('hex')
  const answer = await h.request({
    method: 'POST',
    url: new URL(hookUrl).pathname,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
    payload,
  })
  expect(answer.statusCode).toBe(200)
  h.clock.advance(60_000)
}

const historyOf = async (org: TestOrganization, id: ContactId) => {
  const { history } = await consentOf(org.systemCtx, id)
  return history.filter(({ channel }) => channel === 'whatsapp')
}
const wordOf = async (org: TestOrganization, id: ContactId): Promise<string | undefined> =>
  (await consentOf(org.systemCtx, id)).preferences.find(({ channel }) => channel === 'whatsapp')?.state

describe('marketing that is stopped in WhatsApp itself', () => {
  test('CS-017.2 MA-9.2 is withdrawn at once, at the instant of the wish, once however often it is told', async () => {
    const org = await h.organization()
    const hookUrl = await add(org)
    const id = await person(org)
    const at = new Date(Math.floor(h.clock.now().getTime() / 1_000) * 1_000 - 5_000)
    await tell(hookUrl, 'stop', at)
    await tell(hookUrl, 'stop', at)
    expect(await wordOf(org, id)).toBe('withdrawn')
    const words = (await historyOf(org, id)).filter(({ state }) => state === 'withdrawn')
    expect(words).toHaveLength(1)
    expect(JSON.parse(JSON.stringify(words[0]))).toMatchObject({ occurredAt: at.toISOString() })
  })

  test('MA-9.1 is granted again when it is resumed there', async () => {
    const org = await h.organization()
    const hookUrl = await add(org)
    const id = await person(org)
    await tell(hookUrl, 'stop')
    await tell(hookUrl, 'stop')
    await tell(hookUrl, 'resume')
    expect(await wordOf(org, id)).toBe('granted')
  })

  test('MA-9.1 a resumption grants nothing to whoever never agreed, or left in another way', async () => {
    const org = await h.organization()
    const hookUrl = await add(org)
    const stranger = await person(org, false)
    await tell(hookUrl, 'stop')
    await tell(hookUrl, 'resume')
    expect(await wordOf(org, stranger)).toBe('withdrawn')

    const other = await h.organization()
    const otherUrl = await add(other)
    const left = await person(other)
    await tell(otherUrl, 'stop')
    await recordConsents(other.systemCtx, { source: 'member' }, [
      { contactId: left, channel: 'whatsapp', purpose: 'marketing', state: 'withdrawn' },
    ])
    h.clock.advance(60_000)
    await tell(otherUrl, 'resume')
    expect(await wordOf(other, left)).toBe('withdrawn')
  })

  test('MA-9.1 a resumption brings nobody back who left all channels', async () => {
    const org = await h.organization()
    const hookUrl = await add(org)
    const id = await person(org)
    await tell(hookUrl, 'stop')
    await withdraw(
      org.systemCtx,
      { source: 'preference_page' },
      { contactId: id, channels: ['all'], purpose: 'marketing' },
    )
    h.clock.advance(60_000)
    await tell(hookUrl, 'resume')
    expect(await wordOf(org, id)).toBe('withdrawn')
  })

  test('what is no such wish is counted as unknown', async () => {
    const org = await h.organization()
    const hookUrl = await add(org)
    const id = await person(org)
    await tell(hookUrl, 'pause')
    expect(await wordOf(org, id)).toBe('granted')
    expect(await unknownEvents(org.systemCtx)).toMatchObject([{ type: 'user_preferences', times: 1 }])
  })
})

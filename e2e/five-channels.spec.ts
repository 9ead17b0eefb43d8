/**
 * A campaign on five channels, launched, paused, resumed and throttled on the screen while it runs. What the report says at
 * the end is what the providers' own ledgers hold, and each person has each message exactly once.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { testCertificate } from '../server/src/testing/certificate.ts'
import { simulate, type Simulator } from '../server/src/testing/simulators/index.ts'
import { api, startFanfare, type Fanfare } from './fanfare.ts'
import { signIn } from './screens.ts'
import { startSink, type Sink } from './sink.ts'

const PEOPLE = 30
/** One person agreed to nothing: only the webhook, which calls the organization's own system, is for them. */
const SILENT = 1
const CHANNELS = ['email', 'sms', 'whatsapp', 'in_app', 'webhook'] as const
type Channel = (typeof CHANNELS)[number]
const WHOLE = (PEOPLE + SILENT) * CHANNELS.length
const SENT = PEOPLE * CHANNELS.length + SILENT
/** So that a person has time to press a button: two messages a second, from one place for all channels. */
const SLOW_PER_MINUTE = 120

let work: string
let sink: Sink
let sms: Simulator
let whatsapp: Simulator
let webhook: Simulator
let fanfare: Fanfare
const contactIds: string[] = []

test.beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'fanfare-channels-'))
  sink = await startSink(work)
  sms = await simulate('twilio', { ledgerPath: join(work, 'sms.jsonl') })
  whatsapp = await simulate('whatsapp', { ledgerPath: join(work, 'whatsapp.jsonl') })
  // Campaigns call https addresses only.
  const tls = testCertificate()
  await writeFile(join(work, 'authority.pem'), tls.cert)
  webhook = await simulate('webhook', {
    ledgerPath: join(work, 'webhook.jsonl'),
    secrets: { eventKey: SIGNING_SECRET },
    tls,
  })
  fanfare = await startFanfare({
    smtpUrl: `smtp://127.0.0.1:${sink.port}`,
    env: {
      FANFARE_EGRESS_ALLOW: [sms, whatsapp, webhook].map(({ port }) => `127.0.0.1:${port}`).join(','),
      NODE_EXTRA_CA_CERTS: join(work, 'authority.pem'),
    },
  })
  await leaveAtAnyHour()
  await addProviders()
  await addPeople()
})
test.afterAll(async () => {
  await fanfare.stop()
  sink.stop()
  await Promise.all([sms, whatsapp, webhook].map((simulator) => simulator.close()))
  await rm(work, { recursive: true, force: true })
})

/** A secret in the form of Standard Webhooks. */
const SIGNING_SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`

test('CS-009.3 CS-009.4 CS-009.6 CS-010.7 five channels are launched, paused, resumed and throttled on the screen, and the report equals the ledgers', async ({
  page,
}) => {
  await signIn(page, fanfare.url)
  const id = await writeCampaign()
  await launch(page, id)
  await page.getByRole('tab', { name: 'Sending' }).click()
  await expect.poll(async () => (await taken()).length).toBeGreaterThan(3)

  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await expect(page.getByText(/^Paused on .* by owner/i)).toBeVisible()
  await expect(page.getByText('until somebody resumes')).toBeVisible()
  const paused = await whenStill()
  expect(paused).toBeLessThan(SENT)

  await page.getByRole('button', { name: 'Resume', exact: true }).click()
  await expect.poll(async () => (await taken()).length).toBeGreaterThan(paused)

  // Slower first, so that the limit is seen to hold; then as fast as it goes.
  await limit(page, '60')
  const before = (await taken()).length
  const since = Date.now()
  await expect.poll(async () => (await taken()).length).toBeGreaterThan(before + 3)
  const seconds = (Date.now() - since) / 1_000
  // One a second, and what had its place before the change: a sub-batch of a moment.
  expect((await taken()).length - before).toBeLessThanOrEqual(seconds + 4)
  await limit(page, '')

  await expect(page.getByText('Completed', { exact: true }).first()).toBeVisible()
  await expect(page.getByText(/owner .*set the limit: 60 a minute/i)).toBeVisible()
  await expect(page.getByText(/paused it/)).toBeVisible()
  await expect(page.getByText(/resumed it/)).toBeVisible()
  await reportEqualsLedgers(page, id)
})

/** The test runs at night too; hours have tests of their own. */
async function leaveAtAnyHour(): Promise<void> {
  const { hours } = (await api(fanfare, 'GET', '/api/sending/hours')) as {
    hours: { channels: Record<Channel, object> }
  }
  const open = { quiet: [], keepsLegalHours: false, skipsWeekends: false, skipsHolidays: false }
  await api(fanfare, 'PUT', '/api/sending/hours', {
    ...hours,
    channels: Object.fromEntries(CHANNELS.map((channel) => [channel, open])),
    reason: 'A test of the whole day.',
  })
}

async function addProviders(): Promise<void> {
  const providers = [
    {
      kind: 'twilio',
      settings: { baseUrl: sms.url, accountSid: 'AC1', from: '+15005550006' },
      secrets: { authToken: sms.secrets.apiKey },
    },
    {
      kind: 'whatsapp',
      settings: { baseUrl: `${whatsapp.url}/v23.0`, phoneNumberId: '1' },
      secrets: { accessToken: whatsapp.secrets.apiKey },
    },
    { kind: 'webhook', settings: {}, secrets: { signingSecret: SIGNING_SECRET } },
  ]
  for (const provider of providers)
    await api(fanfare, 'POST', '/api/providers', { name: provider.kind, ...provider })
}

async function addPeople(): Promise<void> {
  for (let n = 0; n < PEOPLE + SILENT; n++) {
    const { id } = (await api(fanfare, 'POST', '/api/contacts', {
      email: `person${n}@people.example`,
      phone: `+3361234${String(1_000 + n)}`,
      firstName: `Ada${n}`,
    })) as { id: string }
    contactIds.push(id)
    if (n < PEOPLE)
      for (const channel of ['email', 'sms', 'whatsapp', 'in_app'])
        await api(fanfare, 'POST', `/api/contacts/${id}/consents`, {
          channel,
          state: 'granted',
          occurredAt: '2026-01-05T09:00:00Z',
          source: 'paper form',
        })
  }
}

async function writeCampaign(): Promise<string> {
  const { id } = (await api(fanfare, 'POST', '/api/campaigns', {
    name: 'On five channels',
    audience: { include: { rule: { all: [] } } },
    channels: [...CHANNELS],
    timing: { perMinute: SLOW_PER_MINUTE },
    content: {
      email: {
        subject: 'Hello {{ contact.first_name }}',
        preheader: 'News',
        fromName: 'Atelier',
        fromEmail: 'hello@atelier.example',
        format: 'html',
        body: '<html><body><p>Hello</p><p><a href="https://atelier.example/shop">Shop</a></p></body></html>',
      },
      sms: { text: 'Hello {{ contact.first_name }} https://atelier.example/shop Reply STOP to opt out' },
      whatsapp: { template: 'sales', variables: ['{{ contact.first_name }}'] },
      in_app: { title: 'Hello', body: 'Hello {{ contact.first_name }}' },
      webhook: { url: `${webhook.url}/fanfare`, body: '{"name": "{{ contact.first_name }}"}' },
    },
  })) as { id: string }
  const summary = (await api(fanfare, 'GET', `/api/campaigns/${id}/launch-summary`)) as {
    checks: { id: string; level: string; message?: string }[]
  }
  expect(summary.checks.filter(({ level }) => level === 'block')).toEqual([])
  return id
}

async function launch(page: Page, id: string): Promise<void> {
  await page.goto(`${fanfare.url}/campaigns/${id}`)
  await page.getByRole('button', { name: 'Launch…' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Send to/ })
    .click()
  await expect(page.getByRole('tab', { name: 'Report' })).toBeVisible()
}

/** Sets the campaign's own limit where it is watched; empty: none. */
async function limit(page: Page, perMinute: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Messages a minute' })
  await field.fill(perMinute)
  await field.press('Tab')
  const answered = page.waitForResponse((answer) => answer.url().endsWith('/limits'))
  await page.getByRole('button', { name: 'Apply' }).click()
  const answer = await answered
  expect(answer.status()).toBe(200)
  expect(answer.request().postDataJSON()).toMatchObject({
    perMinute: perMinute === '' ? null : Number(perMinute),
  })
  await expect(page.getByText('The limit holds from now on.').last()).toBeVisible()
}

/** What left since the pause was pressed completes within a second; then nothing moves. @returns how many were taken */
async function whenStill(): Promise<number> {
  await wait(1_000)
  const count = (await taken()).length
  await wait(2_000)
  expect((await taken()).length).toBe(count)
  return count
}

/** The one thing that must be waited for and cannot be asked about: that nothing happens. */
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Who got what, from the books of those who took it: never from ours, but for the inbox, which is read as its owner would. */
async function ledgers(): Promise<Record<Exclude<Channel, 'in_app'>, string[]>> {
  return {
    email: await sink.arrivals(),
    sms: sms.taken().map(({ to }) => to),
    whatsapp: whatsapp.taken().map(({ to }) => to),
    webhook: webhook.taken().map(({ token }) => token),
  }
}

const taken = async (): Promise<string[]> => Object.values(await ledgers()).flat()

async function inboxes(): Promise<number[]> {
  const counts: number[] = []
  for (const id of contactIds) {
    const { key } = (await api(fanfare, 'POST', `/api/contacts/${id}/inbox-key`)) as { key: string }
    const answer = await fetch(`${fanfare.url}/inbox/${key}`)
    const { items } = (await answer.json()) as { items: unknown[] }
    counts.push(items.length)
  }
  return counts
}

async function reportEqualsLedgers(page: Page, id: string): Promise<void> {
  const held = await ledgers()
  const inApp = await inboxes()
  for (const channel of ['email', 'sms', 'whatsapp'] as const) {
    expect(held[channel], channel).toHaveLength(PEOPLE)
    expect(new Set(held[channel]).size, channel).toBe(PEOPLE)
  }
  expect(new Set(held.webhook).size).toBe(PEOPLE + SILENT)
  expect(held.webhook).toHaveLength(PEOPLE + SILENT)
  expect(inApp).toEqual(contactIds.map((_, n) => (n < PEOPLE ? 1 : 0)))
  const report = (await api(fanfare, 'GET', `/api/campaigns/${id}/report`)) as {
    channels: { channel: Channel; figures: { handedOver: number; audience: number; skipped: number } }[]
  }
  for (const { channel, figures } of report.channels) {
    const inLedger = channel === 'in_app' ? inApp.filter((count) => count > 0).length : held[channel].length
    expect(figures, channel).toMatchObject({
      audience: PEOPLE + SILENT,
      handedOver: inLedger,
      skipped: PEOPLE + SILENT - inLedger,
    })
  }
  expect(report.channels).toHaveLength(CHANNELS.length)
  await page.getByRole('tab', { name: 'Report' }).click()
  const sent = page.getByRole('definition').filter({ hasText: `of ${WHOLE} in the audience` })
  await expect(sent).toContainText(String(SENT))
}

import { afterAll, beforeEach, expect, test } from 'vitest'
import type { CampaignId } from '../platform/ids.ts'
import { fromWire } from '../platform/ids.ts'
import { testContacts } from '../testing/audience.ts'
import { harness } from '../testing/harness.ts'
import type { ApiCaller, TestOrganization } from '../testing/organization.ts'
import { startSmtpSink } from '../testing/smtp-sink.ts'
import { startPlanned } from './service/planned-start.ts'

const reminders: { to: string; mail: string }[] = []
/** When each address got its mails, as the server outside saw it. */
const arrivals = new Map<string, string[]>()
const sink = await startSmtpSink({
  onMail: ({ to }, mail) => {
    reminders.push({ to, mail: mail.toString() })
    arrivals.set(to, [...(arrivals.get(to) ?? []), h.clock.now().toISOString()])
  },
})
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
afterAll(() => sink.close())
const HOUR_MS = 3_600_000
let org: TestOrganization
beforeEach(async () => {
  org = await h.organization()
})

/** A campaign for nobody in particular: what is counted here are its runs. */
async function planned(
  at: string,
  more: Record<string, unknown> = {},
  author: ApiCaller = org.key,
): Promise<string> {
  const created = await author.post('/api/campaigns', {
    name: 'Weekly news',
    audience: { include: { rule: { all: [] } } },
    content: {
      email: {
        subject: 'News',
        fromName: 'Atelier',
        fromEmail: 'hello@atelier.example',
        format: 'html',
        body: '<html><body><p>Hello</p></body></html>',
      },
    },
  })
  const answer = await org.key.post(`/api/campaigns/${created.body.id}/schedule`, {
    at,
    timeZone: 'Europe/Paris',
    repeat: { kind: 'daily', every: 1 },
    ...more,
  })
  expect(answer.body).toMatchObject({ status: 'scheduled' })
  return created.body.id
}
const read = async (id: string) => (await org.key.get(`/api/campaigns/${id}`)).body
const occurrences = async (id: string): Promise<{ plannedAt: string; state: string }[]> =>
  (await org.key.get(`/api/campaigns/${id}/occurrences`)).body.items
const startedAt = async (id: string): Promise<string[]> =>
  (await occurrences(id))
    .filter(({ state }) => state === 'started')
    .map(({ plannedAt }) => plannedAt)
    .toReversed()
/** Runs the days, an hour at a time. */
async function live(from: string, until: string): Promise<void> {
  for (let ms = Date.parse(from); ms <= Date.parse(until); ms += HOUR_MS) {
    h.clock.set(new Date(ms))
    await h.drain()
  }
}
const launches = async (): Promise<number> =>
  (
    await org.systemCtx.db.query('select 1 from event where org_id = $1 and type = $2', [
      org.orgId,
      'campaign.launched',
    ])
  ).length

test('PC-31 CB-6.3 CS-008.2 a daily campaign at 02:30 runs once on the day that has no 02:30, an hour later', async () => {
  h.clock.set('2027-03-26T12:00:00Z')
  await testContacts(org.systemCtx, { emails: ['spring@example.net'] })
  const id = await planned('2027-03-27T02:30')
  await live('2027-03-26T12:30:00Z', '2027-03-29T12:30:00Z')
  const runs = ['2027-03-27T01:30:00.000Z', '2027-03-28T01:30:00.000Z', '2027-03-29T00:30:00.000Z']
  expect(await startedAt(id)).toEqual(runs)
  expect(arrivals.get('spring@example.net')).toEqual(runs)
  expect(await launches()).toBe(3)
})

test('PC-32 CS-008.2 a daily campaign at 02:30 runs once on the day that has it twice, at the first', async () => {
  h.clock.set('2027-10-29T12:00:00Z')
  await testContacts(org.systemCtx, { emails: ['autumn@example.net'] })
  const id = await planned('2027-10-30T02:30')
  await live('2027-10-29T12:30:00Z', '2027-11-01T12:30:00Z')
  const runs = ['2027-10-30T00:30:00.000Z', '2027-10-31T00:30:00.000Z', '2027-11-01T01:30:00.000Z']
  expect(await startedAt(id)).toEqual(runs)
  expect(arrivals.get('autumn@example.net')).toEqual(runs)
  expect(await launches()).toBe(3)
})

test('FR-004.2 MA-1.3 a campaign rests between its runs, and is complete after the last', async () => {
  h.clock.set('2027-01-11T08:00:00Z')
  const id = await planned('2027-01-11T10:00', { endsOn: '2027-01-12' })
  h.clock.set('2027-01-11T09:00:00Z')
  await h.drain()
  expect(await read(id)).toMatchObject({ status: 'active', scheduledAt: '2027-01-12T09:00:00.000Z' })
  h.clock.set('2027-01-12T09:00:00Z')
  await h.drain()
  expect(await read(id)).toMatchObject({ status: 'completed', scheduledAt: null })
})

test('FR-004.2 of several workers at one planned instant one starts the run', async () => {
  h.clock.set('2027-01-11T08:00:00Z')
  const id = await planned('2027-01-11T10:00')
  h.clock.set('2027-01-11T09:00:00Z')
  const campaignId = fromWire('campaign', id) as CampaignId
  const starts = await Promise.all(
    [1, 2, 3, 4].map(() => startPlanned(org.systemCtx, campaignId, new Date('2027-01-11T09:00:00Z'))),
  )
  await h.drain()
  expect(starts.filter(Boolean)).toHaveLength(1)
  expect(await launches()).toBe(1)
})

test('FR-004.2 after a downtime the last missed instant runs once, late, and all earlier ones are listed as missed', async () => {
  h.clock.set('2027-01-11T08:00:00Z')
  const id = await planned('2027-01-11T10:00')
  h.clock.set('2027-01-14T12:00:00Z')
  await h.drain()
  expect(await occurrences(id)).toMatchObject([
    { plannedAt: '2027-01-14T09:00:00.000Z', state: 'started' },
    { plannedAt: '2027-01-13T09:00:00.000Z', state: 'missed' },
    { plannedAt: '2027-01-12T09:00:00.000Z', state: 'missed' },
    { plannedAt: '2027-01-11T09:00:00.000Z', state: 'missed' },
  ])
  expect(await read(id)).toMatchObject({ status: 'active', scheduledAt: '2027-01-15T09:00:00.000Z' })
  expect(await launches()).toBe(1)
})

test('FR-004.2 an instant missed by more than a day is not caught up', async () => {
  h.clock.set('2027-01-11T08:00:00Z')
  const id = await planned('2027-01-11T10:00', { repeat: { kind: 'weekly', every: 1, weekdays: [1] } })
  h.clock.set('2027-01-12T09:00:01Z')
  await h.drain()
  expect(await occurrences(id)).toMatchObject([{ state: 'missed' }])
  expect(await read(id)).toMatchObject({ status: 'scheduled', scheduledAt: '2027-01-18T09:00:00.000Z' })
  expect(await launches()).toBe(0)
})

test('CS-009.1 CS-009.5 what was planned while a campaign was paused does not run, is listed, and the next does', async () => {
  h.clock.set('2027-01-11T08:00:00Z')
  const id = await planned('2027-01-11T10:00')
  expect((await org.key.post(`/api/campaigns/${id}/pause`)).body.status).toBe('paused')
  await live('2027-01-11T09:00:00Z', '2027-01-12T12:00:00Z')
  const resumed = await org.key.post(`/api/campaigns/${id}/resume`)
  expect(resumed.body).toMatchObject({ status: 'scheduled', scheduledAt: '2027-01-13T09:00:00.000Z' })
  expect((await occurrences(id)).map(({ state }) => state)).toEqual(['paused', 'paused'])
  await live('2027-01-12T12:00:00Z', '2027-01-13T12:00:00Z')
  expect(await startedAt(id)).toEqual(['2027-01-13T09:00:00.000Z'])
})

test('CS-008.5 a plan is moved between its runs, and the old one starts nothing', async () => {
  h.clock.set('2027-01-11T08:00:00Z')
  const id = await planned('2027-01-11T10:00')
  await live('2027-01-11T08:00:00Z', '2027-01-11T12:00:00Z')
  const moved = await org.key.post(`/api/campaigns/${id}/schedule`, {
    at: '2027-01-12T15:00',
    timeZone: 'Europe/Paris',
    repeat: { kind: 'daily', every: 2 },
  })
  expect(moved.body).toMatchObject({ status: 'active', scheduledAt: '2027-01-12T14:00:00.000Z' })
  await live('2027-01-11T12:00:00Z', '2027-01-14T20:00:00Z')
  expect(await startedAt(id)).toEqual([
    '2027-01-11T09:00:00.000Z',
    '2027-01-12T14:00:00.000Z',
    '2027-01-14T14:00:00.000Z',
  ])
})

/** Moves the plan of a campaign to the 12th at 15:00 in Paris. */
const moveTo12th = async (id: string, repeat: { kind: 'daily'; every: number } | null) =>
  (
    await org.key.post(`/api/campaigns/${id}/schedule`, {
      at: '2027-01-12T15:00',
      timeZone: 'Europe/Paris',
      repeat,
    })
  ).body

test('CS-008.5 FR-004.1 a campaign between its runs that is to run once more does, and is complete then', async () => {
  h.clock.set('2027-01-11T08:00:00Z')
  const id = await planned('2027-01-11T10:00')
  await live('2027-01-11T08:00:00Z', '2027-01-11T12:00:00Z')
  expect(await moveTo12th(id, null)).toMatchObject({
    status: 'scheduled',
    scheduledAt: '2027-01-12T14:00:00.000Z',
  })
  await live('2027-01-11T12:00:00Z', '2027-01-14T20:00:00Z')
  expect(await launches()).toBe(2)
  expect(await read(id)).toMatchObject({ status: 'completed', launchedAt: '2027-01-12T14:00:00.000Z' })
})

test('CS-008.5 FR-004.2 a plan for once that is to repeat instead does', async () => {
  h.clock.set('2027-01-11T08:00:00Z')
  const id = await planned('2027-01-11T10:00', { repeat: null })
  expect(await moveTo12th(id, { kind: 'daily', every: 1 })).toMatchObject({ status: 'scheduled' })
  await live('2027-01-11T08:00:00Z', '2027-01-13T20:00:00Z')
  expect(await startedAt(id)).toEqual(['2027-01-12T14:00:00.000Z', '2027-01-13T14:00:00.000Z'])
})

test('CS-008.5 a campaign that was paused between its runs goes on by the plan it is given, once or again and again', async () => {
  h.clock.set('2027-01-11T08:00:00Z')
  const ids = [await planned('2027-01-11T10:00'), await planned('2027-01-11T10:00')]
  const [once = '', daily = ''] = ids
  await live('2027-01-11T08:00:00Z', '2027-01-11T12:00:00Z')
  for (const id of ids)
    expect((await org.key.post(`/api/campaigns/${id}/pause`)).body).toMatchObject({
      pausedFrom: 'active',
      allowed: expect.arrayContaining(['edit', 'schedule']),
    })
  expect(await moveTo12th(once, null)).toMatchObject({ status: 'scheduled', pausedFrom: null })
  expect(await moveTo12th(daily, { kind: 'daily', every: 2 })).toMatchObject({ status: 'active' })
  await live('2027-01-11T12:00:00Z', '2027-01-14T20:00:00Z')
  expect(await read(once)).toMatchObject({ status: 'completed', launchedAt: '2027-01-12T14:00:00.000Z' })
  expect(await startedAt(daily)).toEqual([
    '2027-01-11T09:00:00.000Z',
    '2027-01-12T14:00:00.000Z',
    '2027-01-14T14:00:00.000Z',
  ])
})

test('CS-008.7 a cancelled campaign does not run again', async () => {
  h.clock.set('2027-01-11T08:00:00Z')
  const id = await planned('2027-01-11T10:00')
  await live('2027-01-11T08:00:00Z', '2027-01-11T12:00:00Z')
  const { body } = await org.key.post(`/api/campaigns/${id}/cancel`)
  expect(body).toMatchObject({ status: 'cancelled', planned: { next: [] } })
  await live('2027-01-12T08:00:00Z', '2027-01-12T12:00:00Z')
  expect(await launches()).toBe(1)
})

test('CS-001.4 CS-008.2 a plan shows its next five runs in words, also before it is saved', async () => {
  h.clock.set('2027-03-26T12:00:00Z')
  const { body } = await org.key.post('/api/campaigns/schedule-preview', {
    at: '2027-03-27T02:30',
    timeZone: 'Europe/Paris',
    repeat: { kind: 'cron', expression: '30 2 * * *' },
  })
  expect(body.next).toHaveLength(5)
  expect(body.next[1]).toEqual({
    at: '2027-03-28T01:30:00.000Z',
    plannedFor: '2027-03-28T02:30',
    text: 'Sunday, March 28, 2027 at 03:30',
    note: 'Clocks go forward that night: there is no 02:30.',
  })
  const id = await planned('2027-03-27T10:00')
  expect((await read(id)).planned).toMatchObject({ sentence: 'Every day at 10:00, Europe/Paris time' })
})

test('what can never run is refused, and says where', async () => {
  h.clock.set('2027-01-11T08:00:00Z')
  const ask = (repeat: unknown, more = {}) =>
    org.key.post('/api/campaigns/schedule-preview', {
      at: '2027-01-12T10:00',
      timeZone: 'Europe/Paris',
      repeat,
      ...more,
    })
  expect((await ask({ kind: 'cron', expression: 'every monday' })).body).toMatchObject({
    code: 'campaigns.cron_invalid',
    errors: [{ path: 'repeat.expression' }],
  })
  expect((await ask({ kind: 'weekly', weekdays: [] })).status).toBe(400)
  const id = await planned('2027-01-12T10:00')
  const never = await org.key.post(`/api/campaigns/${id}/schedule`, {
    at: '2027-01-12T10:00',
    timeZone: 'Europe/Paris',
    repeat: { kind: 'cron', expression: '0 9 31 2 *' },
  })
  expect(never.body).toMatchObject({ code: 'campaigns.no_start' })
})

test('CB-6.5 the author is reminded before each start, unless the plan was moved; of a plan made by a key the owner is', async () => {
  h.clock.set('2027-01-11T08:00:00Z')
  org = await h.organization({ locale: 'fr' })
  reminders.length = 0
  const moved = await planned('2027-01-11T12:00', { remindMinutes: 60 }, org.editor)
  await org.key.post(`/api/campaigns/${moved}/schedule`, {
    at: '2027-01-11T14:00',
    timeZone: 'Europe/Paris',
    remindMinutes: 60,
    repeat: { kind: 'daily', every: 1 },
  })
  await live('2027-01-11T08:00:00Z', '2027-01-12T13:00:00Z')
  expect(reminders.map(({ to }) => to)).toEqual([org.editor.email, org.editor.email])
  const near = await org.systemCtx.db.query<{ payload: { scheduledAt: string } }>(
    'select payload from event where org_id = $1 and type = $2 order by seq',
    [org.orgId, 'campaign.launch_near'],
  )
  expect(near.map(({ payload }) => payload.scheduledAt)).toEqual([
    '2027-01-11T13:00:00.000Z',
    '2027-01-12T13:00:00.000Z',
  ])
  reminders.length = 0
  await planned('2027-01-13T12:00', { remindMinutes: 60, repeat: null })
  await org.key.post(`/api/campaigns/${moved}/cancel`)
  await live('2027-01-13T09:00:00Z', '2027-01-13T10:00:00Z')
  expect(reminders).toMatchObject([{ to: org.owner.email }])
})

/** Daily at 18:00 by each recipient's clock, of a plan that is made in Paris. */
const AT_SIX_EVERYWHERE = {
  at: '2027-01-11T18:00',
  timeZone: 'Europe/Paris',
  clock: 'recipient',
  repeat: { kind: 'daily', every: 1 },
}
const nextOf = (plan: { next: { at: string; plannedFor: string }[] }): string[] =>
  plan.next.slice(0, 2).map(({ at, plannedFor }) => `${plannedFor} ${at}`)

test('CS-008.2 CS-008.3 in each recipient’s time the run that begins where it is that late already is shown ahead, and happens', async () => {
  h.clock.set('2027-01-11T09:00:00Z')
  await testContacts(org.systemCtx, { emails: ['auckland@example.net', 'paris@example.net'] })
  await org.systemCtx.db.query('update contact set time_zone = $3 where org_id = $1 and email = $2', [
    org.orgId,
    'auckland@example.net',
    'Pacific/Auckland',
  ])
  const runs = ['2027-01-11T18:00 2027-01-11T09:05:00.000Z', '2027-01-12T18:00 2027-01-12T04:00:00.000Z']
  const preview = await org.key.post('/api/campaigns/schedule-preview', AT_SIX_EVERYWHERE)
  expect(nextOf(preview.body)).toEqual(runs)
  const id = await planned(AT_SIX_EVERYWHERE.at, AT_SIX_EVERYWHERE)
  const saved = await read(id)
  expect(saved.scheduledAt).toBe('2027-01-11T09:05:00.000Z')
  expect(nextOf(saved.planned)).toEqual(runs)
  h.clock.set('2027-01-11T09:05:00Z')
  await h.drain()
  expect(nextOf((await read(id)).planned)).toEqual([runs[1], expect.stringContaining('2027-01-13T18:00')])
  await live('2027-01-11T10:00:00Z', '2027-01-11T20:00:00Z')
  expect(arrivals.get('auckland@example.net')).toEqual(['2027-01-11T09:05:00.000Z'])
  expect(arrivals.get('paris@example.net')).toEqual(['2027-01-11T17:00:00.000Z'])
})

test('CS-008.2 in each recipient’s time a plan for once that begins soon is not shown as one that never runs', async () => {
  h.clock.set('2027-01-11T09:00:00Z')
  const once = { ...AT_SIX_EVERYWHERE, repeat: null }
  const { body } = await org.key.post('/api/campaigns/schedule-preview', once)
  expect(nextOf(body)).toEqual(['2027-01-11T18:00 2027-01-11T09:05:00.000Z'])
  const tooSoon = await org.key.post('/api/campaigns/schedule-preview', { ...once, at: '2027-01-11T10:04' })
  expect(tooSoon.body.next).toEqual([])
})

test('CS-008.5 a plan in each recipient’s time that is saved again does not begin the same day once more', async () => {
  h.clock.set('2027-01-11T03:00:00Z')
  const id = await planned(AT_SIX_EVERYWHERE.at, AT_SIX_EVERYWHERE)
  await live('2027-01-11T04:00:00Z', '2027-01-11T09:00:00Z')
  const tomorrow = '2027-01-12T18:00 2027-01-12T04:00:00.000Z'
  const asked = { ...AT_SIX_EVERYWHERE, remindMinutes: 60 }
  const preview = await org.key.post('/api/campaigns/schedule-preview', { ...asked, campaignId: id })
  expect(nextOf(preview.body)[0]).toBe(tomorrow)
  const saved = await org.key.post(`/api/campaigns/${id}/schedule`, asked)
  expect(nextOf(saved.body.planned)[0]).toBe(tomorrow)
  await live('2027-01-11T10:00:00Z', '2027-01-12T05:00:00Z')
  expect(await startedAt(id)).toEqual(['2027-01-11T04:00:00.000Z', '2027-01-12T04:00:00.000Z'])
  const foreign = await (
    await h.organization()
  ).key.post('/api/campaigns/schedule-preview', { ...asked, campaignId: id })
  expect(foreign.status).toBe(404)
})

/** The states of a campaign through its routes: what each allows, what is refused, and what is written down of it. */
import { beforeEach, describe, expect, test } from 'vitest'
import { testContacts } from '../testing/audience.ts'
import { harness } from '../testing/harness.ts'
import type { ApiAnswer, TestOrganization } from '../testing/organization.ts'
import { ACTIONS, CAMPAIGN_TYPES, type CampaignAction, type CampaignStatus } from './schema.ts'

const h = await harness({ env: { SMTP_URL: 'smtp://discard.invalid' } })
const DAY_MS = 86_400_000
let org: TestOrganization
beforeEach(async () => {
  h.clock.set('2027-02-01T08:00:00Z')
  org = await h.organization()
})

const PLAN = { at: '2027-02-01T12:00', timeZone: 'Europe/Paris' }
const mail = {
  subject: 'Hello',
  fromName: 'Atelier',
  fromEmail: 'hello@atelier.example',
  format: 'html',
  body: '<html><body><p>Hello</p></body></html>',
}

async function draft(more: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await org.editor.post('/api/campaigns', {
    name: 'Spring',
    audience: { include: { rule: { all: [] } } },
    content: { email: mail },
    ...more,
  })
  expect(status).toBe(201)
  return body.id
}

const read = async (id: string) => (await org.viewer.get(`/api/campaigns/${id}`)).body
const act = (id: string, verb: string): Promise<ApiAnswer> =>
  org.owner.post(`/api/campaigns/${id}/${verb}`, verb === 'schedule' ? PLAN : undefined)

/** What the API calls an action. */
function take(id: string, action: CampaignAction): Promise<ApiAnswer> {
  if (action === 'edit') return org.owner.put(`/api/campaigns/${id}`, { description: 'Changed' })
  if (action === 'delete') return org.owner.delete(`/api/campaigns/${id}`)
  return act(id, action)
}

/** How a campaign comes into each state by what people do, never by a row that a test wrote. */
const WAYS: Readonly<Partial<Record<CampaignStatus, () => Promise<string>>>> = {
  draft: () => draft(),
  scheduled: () => after(draft(), 'schedule'),
  active: () =>
    after(
      draft({
        delivery: 'triggered',
        trigger: { source: { kind: 'event', event: 'track:Order Completed' } },
      }),
      'launch',
    ),
  running: () => after(draft(), 'launch'),
  paused: () => after(draft(), 'launch', 'pause'),
  cancelled: () => after(draft(), 'schedule', 'cancel'),
  completed: async () => {
    const id = await after(draft(), 'launch')
    await h.drain()
    return id
  },
}

async function after(made: Promise<string>, ...verbs: readonly string[]): Promise<string> {
  const id = await made
  for (const verb of verbs) expect([verb, (await act(id, verb)).status]).toEqual([verb, 200])
  return id
}

describe('states', () => {
  test('CS-011.4 screens hear of each change once it can be read, the last one too', async () => {
    await testContacts(org.systemCtx, { emails: ['ada@example.net'] })
    const id = await draft()
    const seen: Promise<string>[] = []
    const stop = h.platform.hub.subscribe(org.orgId, ({ topic }) => {
      if (topic === `campaign:${id}`) seen.push(read(id).then(({ status }) => status))
    })
    // What a screen read when it last heard: a change that is told before it can be read is never seen.
    const isOnScreen = async (status: string): Promise<void> => {
      await expect.poll(async () => (await Promise.all(seen)).at(-1), { timeout: 60_000 }).toBe(status)
    }
    await act(id, 'launch')
    await isOnScreen('running')
    await act(id, 'pause')
    await isOnScreen('paused')
    await act(id, 'resume')
    await isOnScreen('running')
    await h.drain()
    await isOnScreen('completed')
    stop()
  })

  test.each(Object.keys(WAYS) as CampaignStatus[])(
    'CB-1.4 FR-001.3 a campaign that is %s takes the steps that it offers, and refuses every other one unchanged',
    async (status) => {
      await testContacts(org.systemCtx, { emails: ['ada@example.net'] })
      const way = WAYS[status] ?? draft
      const id = await way()
      const { status: reached, allowed, version } = await read(id)
      expect(reached).toBe(status)
      for (const action of ACTIONS.filter((each) => !allowed.includes(each))) {
        const refused = await take(id, action)
        expect([action, refused.status, refused.body.status]).toEqual([action, 409, 409])
      }
      expect(await read(id)).toMatchObject({ status, version })
      for (const action of allowed as CampaignAction[])
        expect([action, (await take(await way(), action)).status < 300]).toEqual([action, true])
    },
  )

  test('CB-1.4 CS-009.5 TK-2.3 TK-6.7 TK-6.8 DS-CampaignService.pauseCampaign DS-CampaignService.resumeCampaign what was planned is paused and goes on as planned', async () => {
    const id = await after(draft(), 'schedule')
    expect((await act(id, 'pause')).body).toMatchObject({ status: 'paused', pausedFrom: 'scheduled' })
    expect((await act(id, 'resume')).body).toMatchObject({
      status: 'scheduled',
      scheduledAt: '2027-02-01T11:00:00.000Z',
    })
  })

  test('TK-2.3 DS-integration-tests.5 DS-CampaignService.launchCampaign DS-CampaignService.completeCampaign a campaign whose people were all reached is complete, with its figures and what each channel made of it', async () => {
    await testContacts(org.systemCtx, { emails: ['ada@example.net', 'bob@example.net'] })
    const id = await after(draft(), 'launch')
    expect((await read(id)).completedAt).toBeNull()
    await h.drain()
    expect(await read(id)).toMatchObject({
      status: 'completed',
      completedAt: h.clock.now().toISOString(),
      figures: { sent: 2 },
    })
    expect((await org.viewer.get(`/api/campaigns/${id}/report`)).body.sending).toMatchObject({
      state: 'completed',
      channels: [{ channel: 'email', audience: 2, handedOver: 2, trouble: null }],
    })
  })

  test('CS-001.5 a draft stays one and reaches nobody, however long it lies', async () => {
    await testContacts(org.systemCtx, { emails: ['ada@example.net'] })
    const id = await draft({ startsOn: '2027-02-02' })
    h.clock.advance(60 * DAY_MS)
    await h.drain()
    expect(await org.key.get(`/api/campaigns/${id}`)).toMatchObject({
      body: { status: 'draft', launchedAt: null, figures: { sent: 0 } },
    })
  })

  test('CB-15.1 CB-15.3 NFR-003.3 a campaign that is complete is archived, leaves the list, and is found with its figures two years later', async () => {
    await testContacts(org.systemCtx, { emails: ['ada@example.net'] })
    const id = await after(draft({ name: 'Bygone' }), 'launch')
    await h.drain()
    expect((await act(id, 'archive')).body.archivedAt).toBe(h.clock.now().toISOString())
    const shown = async (query: string): Promise<string[]> =>
      (await org.key.get(`/api/campaigns?${query}`)).body.items.map((item: { id: string }) => item.id)
    expect(await shown('show=present')).toEqual([])
    h.clock.advance(729 * DAY_MS)
    await h.drain()
    expect(await shown('show=archived&q=byg&status=completed')).toEqual([id])
    expect((await org.key.get(`/api/campaigns/${id}/metrics`)).body).toMatchObject({ handedOver: 1 })
    expect((await org.key.post(`/api/campaigns/${id}/unarchive`)).body.archivedAt).toBeNull()
    expect(await shown('show=present')).toEqual([id])
  })
})

describe('what a campaign is', () => {
  test('CB-1.2 it is of one of five types, each found by its name', async () => {
    expect(CAMPAIGN_TYPES).toEqual(['ppv', 'subscription', 'promotion', 'engagement', 'retention'])
    for (const type of CAMPAIGN_TYPES) {
      const id = await draft({ type })
      expect((await read(id)).type).toBe(type)
      const found = (await org.viewer.get(`/api/campaigns?type=${type}`)).body.items
      expect(found.map((item: { id: string }) => item.id)).toEqual([id])
    }
  })

  test('FR-001.2 TK-6.3 DS-integration-tests.2 DS-CampaignService.getCampaign it is read with its settings and its figures, and one that is not there is 404', async () => {
    await testContacts(org.systemCtx, { emails: ['ada@example.net'] })
    const id = await after(draft({ budget: 20, timing: { perMinute: 60 } }), 'launch')
    await h.drain()
    expect(await read(id)).toMatchObject({
      name: 'Spring',
      budget: 20,
      audience: { include: { rule: { all: [] } } },
      content: { email: { subject: 'Hello' } },
      timing: { perMinute: 60 },
      figures: { sent: 1, clickRate: 0 },
    })
    const unknown = await org.viewer.get('/api/campaigns/camp_00000000000000000000000001')
    expect([unknown.status, unknown.body.code]).toEqual([404, 'campaigns.not_found'])
  })

  test('TK-6.4 DS-integration-tests.3 DS-CampaignService.updateCampaign an edit changes what it names and nothing else, and a wrong one nothing', async () => {
    const id = await draft({ description: 'First', goals: [{ name: 'Visits', target: 500 }] })
    const changed = await org.editor.put(`/api/campaigns/${id}`, { name: 'Summer', endsOn: '2027-03-01' })
    expect(changed.body).toMatchObject({
      name: 'Summer',
      description: 'First',
      endsOn: '2027-03-01',
      goals: [{ name: 'Visits', target: 500 }],
      version: 2,
    })
    const wrong = await org.editor.put(`/api/campaigns/${id}`, { name: 'Autumn', endsOn: '2027-02-30' })
    expect([wrong.status, wrong.body.errors[0].path]).toEqual([400, 'endsOn'])
    expect(await read(id)).toMatchObject({ name: 'Summer', version: 2 })
  })

  test('MA-2.4 CS-003.3 it reaches whoever is in one or another of several segments, once, and at that moment', async () => {
    const [ada, bob, eve] = await testContacts(org.systemCtx, {
      emails: ['ada@example.net', 'bob@example.net', 'eve@example.net'],
    })
    const list = async (name: string, ...people: (string | undefined)[]): Promise<string> => {
      const { id } = (await org.editor.post('/api/segments', { name, kind: 'static' })).body
      await org.editor.post(`/api/segments/${id}/members`, {
        contactIds: people.map((each) => `con_${each}`),
      })
      return id
    }
    const segmentIds = [await list('First', ada, bob), await list('Second', bob)]
    const id = await draft({ audience: { include: { segmentIds } } })
    await org.editor.post(`/api/segments/${segmentIds[1]}/members`, { contactIds: [`con_${eve}`] })
    await act(id, 'launch')
    await h.drain()
    const people = (await org.viewer.get(`/api/campaigns/${id}/people?of=sent`)).body.items
    expect(people.map(({ email }: { email: string }) => email).toSorted()).toEqual([
      'ada@example.net',
      'bob@example.net',
      'eve@example.net',
    ])
  })
})

describe('the audit log', () => {
  test('CB-1.5 NFR-004.4 CB-13.3 DS-data-privacy.3 everything that is done to a campaign stands there with who did it, and a refused step does not', async () => {
    await testContacts(org.systemCtx, { emails: ['ada@example.net'] })
    const id = await draft()
    const path = `/api/campaigns/${id}`
    await org.editor.put(path, { name: 'Summer' })
    await org.editor.put(`${path}/conversion-rule`, { counts: [{ kind: 'purchase' }] })
    await org.editor.post(`${path}/ab-test`, {})
    await org.editor.delete(`${path}/ab-test`)
    for (const verb of ['schedule', 'pause', 'resume', 'resume', 'launch', 'pause']) await act(id, verb)
    await org.owner.put(`${path}/limits`, { perMinute: 60, perHour: null })
    await org.owner.put(`${path}/budget`, { budget: 10 })
    await act(id, 'resume')
    await h.drain()
    for (const verb of ['archive', 'unarchive']) await act(id, verb)
    await org.owner.delete(path)
    await act(id, 'restore')
    const { items } = (await org.owner.get('/api/audit?limit=100')).body
    const ofCampaign = items
      .filter(({ subject }: { subject: { id: string } | null }) => subject?.id === id)
      .toReversed()
    expect(ofCampaign.map(({ action }: { action: string }) => action)).toEqual([
      'campaign.created',
      'campaign.updated',
      'campaign.conversion_rule_changed',
      'experiment.created',
      'experiment.removed',
      'campaign.scheduled',
      'campaign.paused',
      'campaign.resumed',
      'campaign.launched',
      'campaign.paused',
      'campaign.limited',
      'campaign.budget_set',
      'campaign.resumed',
      'campaign.completed',
      'campaign.archived',
      'campaign.unarchived',
      'campaign.deleted',
      'campaign.restored',
    ])
    expect(ofCampaign[0].actor).toMatchObject({ kind: 'member', name: 'Test editor' })
    expect(ofCampaign[8].actor).toMatchObject({ kind: 'member', name: 'Test owner' })
  })
})

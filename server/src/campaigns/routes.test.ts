import { describe, expect, test } from 'vitest'
import { harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'

const h = await harness()
const minutes = (n: number): number => n * 60_000

const mail = {
  subject: 'Hello {{ contact.first_name | default: "there" }}',
  preheader: 'News',
  fromName: 'Atelier',
  fromEmail: 'hello@atelier.example',
  format: 'html',
  body: '<html><body><p>Hello</p><p><a href="https://atelier.example/shop">Shop</a></p></body></html>',
}
const everyone = { include: { rule: { all: [] } } }

async function draft(org: TestOrganization, more: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await org.editor.post('/api/campaigns', {
    name: 'Noël',
    audience: everyone,
    content: { email: mail },
    ...more,
  })
  expect(status).toBe(201)
  return body.id
}
const auditOf = async (
  org: TestOrganization,
  action: string,
): Promise<{ change: Record<string, unknown> }[]> =>
  org.systemCtx.db.query('select change from audit_entry where org_id = $1 and action = $2 order by seq', [
    org.orgId,
    action,
  ])
const eventsOf = async (org: TestOrganization, type: string): Promise<unknown[]> =>
  org.systemCtx.db.query('select payload from event where org_id = $1 and type = $2 order by seq', [
    org.orgId,
    type,
  ])

describe('what counts as a conversion', () => {
  test('CS-013.1 CS-013.2 CB-10.3 purchases within seven days, until the campaign says otherwise; a copy says the same', async () => {
    const org = await h.organization()
    const { body: campaign } = await org.editor.post('/api/campaigns', { name: 'Noël' })
    const path = `/api/campaigns/${campaign.id}/conversion-rule`
    expect((await org.viewer.get(path)).body).toMatchObject({
      isUsual: true,
      windowDays: 7,
      touches: ['clicked'],
      counts: [{ kind: 'purchase' }, { kind: 'subscription' }],
    })
    const rule = {
      windowDays: 30,
      touches: ['clicked', 'delivered'],
      counts: [
        {
          kind: 'event',
          event: 'Signed Up',
          filters: [{ property: 'plan', operator: 'equals', value: 'gold' }],
          value: 12.5,
        },
      ],
      model: 'linear',
    }
    expect((await org.editor.put(path, rule)).body).toEqual({ ...rule, isUsual: false })
    expect(await auditOf(org, 'campaign.conversion_rule_changed')).toHaveLength(1)
    const { body: copy } = await org.editor.post(`/api/campaigns/${campaign.id}/duplicate`, {})
    expect((await org.viewer.get(`/api/campaigns/${copy.id}/conversion-rule`)).body).toMatchObject(rule)
  })

  test.each([
    [{ windowDays: 0, counts: [{ kind: 'purchase' }] }, 'windowDays'],
    [{ windowDays: 31, counts: [{ kind: 'purchase' }] }, 'windowDays'],
    [{ counts: [] }, 'counts'],
    [{ counts: [{ kind: 'event' }] }, 'counts'],
    [{ touches: ['seen'], counts: [{ kind: 'purchase' }] }, 'touches.0'],
  ])('NFR-004.6 a rule like %j is refused with the field at fault', async (rule, path) => {
    const org = await h.organization()
    const { body: campaign } = await org.editor.post('/api/campaigns', { name: 'Noël' })
    const answer = await org.editor.put(`/api/campaigns/${campaign.id}/conversion-rule`, rule)
    expect(answer.status).toBe(400)
    expect(answer.body.errors.map((problem: { path: string }) => problem.path)).toContain(path)
  })
})

describe('writing a campaign', () => {
  test('CB-1.1 CB-1.3 FR-001.1 TK-6.1 DS-integration-tests.1 DS-CampaignService.createCampaign a draft is created with its plan, audited and announced', async () => {
    const org = await h.organization()
    const { status, body } = await org.editor.post('/api/campaigns', {
      name: '  Noël  ',
      description: 'The season',
      type: 'engagement',
      goals: [{ name: 'Visits', target: 500 }],
      budget: 120.5,
      startsOn: '2026-12-01',
      endsOn: '2026-12-24',
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      name: 'Noël',
      description: 'The season',
      type: 'engagement',
      status: 'draft',
      budget: 120.5,
      currency: 'EUR',
      startsOn: '2026-12-01',
      endsOn: '2026-12-24',
      version: 1,
    })
    expect(body.goals).toEqual([{ name: 'Visits', target: 500 }])
    expect(await auditOf(org, 'campaign.created')).toHaveLength(1)
    expect(await eventsOf(org, 'campaign.created')).toHaveLength(1)
  })

  test('NFR-004.6 DS-campaign-errors.1 bad input names each field and its remedy, and nothing is created', async () => {
    const org = await h.organization()
    const { status, body } = await org.editor.post('/api/campaigns', { name: ' ', type: 'party', budget: -1 })
    expect(status).toBe(400)
    expect(body.errors.map((problem: { path: string }) => problem.path).toSorted()).toEqual([
      'budget',
      'name',
      'type',
    ])
    expect((await org.editor.get('/api/campaigns')).body.items).toEqual([])
  })

  test('a save with an old version is refused and keeps the other person’s work', async () => {
    const org = await h.organization()
    const id = await draft(org)
    expect((await org.editor.put(`/api/campaigns/${id}`, { name: 'First', version: 1 })).status).toBe(200)
    const late = await org.owner.put(`/api/campaigns/${id}`, { name: 'Second', version: 1 })
    expect(late.status).toBe(409)
    expect(late.body.code).toBe('campaigns.edited_meanwhile')
    expect((await org.editor.get(`/api/campaigns/${id}`)).body.name).toBe('First')
  })

  test('what somebody has looked at is what leaves: a launch of an earlier version is refused, and nothing leaves', async () => {
    const org = await h.organization()
    const id = await draft(org)
    const looked = (await org.editor.get(`/api/campaigns/${id}`)).body.version
    await org.owner.put(`/api/campaigns/${id}`, { name: 'Winter' })
    const launch = (version?: number) => org.owner.post(`/api/campaigns/${id}/launch`, { version })
    const late = await launch(looked)
    expect([late.status, late.body.code, late.body.version]).toEqual([
      409,
      'campaigns.changed_since',
      looked + 1,
    ])
    expect((await org.editor.get(`/api/campaigns/${id}`)).body.status).toBe('draft')
    expect((await launch(looked + 1)).body.status).toBe('running')
  })

  test('CB-13.3 each save is kept with its author, and an earlier version can come back', async () => {
    const org = await h.organization()
    const id = await draft(org)
    h.clock.advance(minutes(20))
    await org.owner.put(`/api/campaigns/${id}`, { name: 'Winter' })
    const history = await org.viewer.get(`/api/campaigns/${id}/history`)
    expect(
      history.body.items.map((item: { version: number; name: string }) => [item.version, item.name]),
    ).toEqual([
      [2, 'Winter'],
      [1, 'Noël'],
    ])
    const restored = await org.editor.post(`/api/campaigns/${id}/history/1/restore`)
    expect(restored.body).toMatchObject({ name: 'Noël', version: 3 })
  })

  test('saves by one person within ten minutes share a line of the history', async () => {
    const org = await h.organization()
    const id = await draft(org)
    for (const name of ['a', 'ab', 'abc']) await org.editor.put(`/api/campaigns/${id}`, { name })
    const { body } = await org.editor.get(`/api/campaigns/${id}/history`)
    expect(body.items).toHaveLength(1)
    expect(body.items[0]).toMatchObject({ version: 4, name: 'abc' })
  })

  test('CS-015.2 CS-015.4 CS-015.5 CS-015.6 FR-001.6 TK-2.6 TK-6.9 DS-CampaignService.duplicateCampaign a clone is an independent draft whose trail names its origin', async () => {
    const org = await h.organization()
    const id = await draft(org)
    const { status, body } = await org.editor.post(`/api/campaigns/${id}/duplicate`, { type: 'retention' })
    expect(status).toBe(201)
    expect(body).toMatchObject({ name: 'Copy of Noël', status: 'draft', type: 'retention', clonedFrom: id })
    const changed = await org.editor.put(`/api/campaigns/${body.id}`, { name: 'Other' })
    expect(changed.body).toMatchObject({
      name: 'Other',
      status: 'draft',
      allowed: expect.arrayContaining(['edit', 'schedule']),
    })
    expect((await org.editor.get(`/api/campaigns/${id}`)).body).toMatchObject({
      name: 'Noël',
      type: 'promotion',
    })
    expect((await auditOf(org, 'campaign.created')).at(-1)?.change).toHaveProperty('clonedFrom')
  })
})

describe('the list', () => {
  test('CS-014.1 CS-014.5 CS-014.6 FR-001.5 TK-6.2 DS-CampaignService.listCampaigns it pages through everything once, in the order asked for', async () => {
    const org = await h.organization()
    for (let i = 0; i < 25; i++) {
      h.clock.advance(1_000)
      await org.editor.post('/api/campaigns', {
        name: `${i % 2 === 0 ? 'Été' : 'hiver'} ${String(i).padStart(2, '0')}`,
      })
    }
    const names: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body } = await org.viewer.get(
        `/api/campaigns?sort=name&limit=10${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )
      names.push(...body.items.map((item: { name: string }) => item.name))
      cursor = body.nextCursor
    }
    expect(names).toHaveLength(25)
    expect(new Set(names).size).toBe(25)
    expect((await org.viewer.get('/api/campaigns')).body.items).toHaveLength(20)
    expect((await org.viewer.get('/api/campaigns?limit=101')).status).toBe(400)
    const prefix = await org.viewer.get(`/api/campaigns?q=${encodeURIComponent('HIVER 0')}&limit=100`)
    expect(prefix.body.items.map((item: { name: string }) => item.name).toSorted()).toEqual([
      'hiver 01',
      'hiver 03',
      'hiver 05',
      'hiver 07',
      'hiver 09',
    ])
    expect((await org.viewer.get('/api/campaigns?q=%25')).body.items).toEqual([])
  })

  test('CS-014.2 CS-014.3 CS-014.4 CS-014.7 FR-001.5 TK-6.2 it filters by status, type, channel and day', async () => {
    const org = await h.organization()
    h.clock.set('2026-11-20T23:30:00Z') // already the 21st in Paris
    const id = await draft(org)
    const find = async (query: string): Promise<number> =>
      (await org.viewer.get(`/api/campaigns?${query}`)).body.items.length
    expect(await find('status=draft,running')).toBe(1)
    expect(await find('status=running')).toBe(0)
    expect(await find('type=promotion')).toBe(1)
    expect(await find('type=scheduled')).toBe(1)
    expect(await find('type=triggered')).toBe(0)
    expect(await find('channel=email')).toBe(1)
    expect(await find('channel=sms')).toBe(0)
    expect(await find('from=2026-11-21&to=2026-11-21')).toBe(1)
    expect(await find('to=2026-11-20')).toBe(0)
    expect(id).toMatch(/^camp_/)
  })

  test('CS-016.1 CS-016.4 CS-016.5 CS-016.6 CS-016.7 FR-001.4 TK-6.5 DS-integration-tests.4 DS-CampaignService.deleteCampaign a deleted campaign leaves the list, comes back, and goes for good after 30 days', async () => {
    const org = await h.organization()
    const id = await draft(org)
    expect((await org.editor.delete(`/api/campaigns/${id}`)).status).toBe(204)
    expect((await org.editor.get('/api/campaigns')).body.items).toEqual([])
    expect((await org.editor.get('/api/campaigns?show=deleted')).body.items).toHaveLength(1)
    expect((await org.editor.post(`/api/campaigns/${id}/restore`)).body.deletedAt).toBeNull()
    await org.editor.delete(`/api/campaigns/${id}`)
    h.clock.advance(29 * 24 * minutes(60))
    await h.drain()
    expect((await org.key.get('/api/campaigns?show=deleted')).body.items).toHaveLength(1)
    h.clock.advance(2 * 24 * minutes(60))
    await h.drain()
    expect((await org.key.get(`/api/campaigns/${id}`)).status).toBe(404)
  })
})

describe('scheduling and launching', () => {
  test('CS-008.4 a start less than five minutes ahead is refused, naming the field', async () => {
    const org = await h.organization()
    h.clock.set('2026-11-23T08:00:00Z')
    const id = await draft(org)
    const soon = await org.editor.post(`/api/campaigns/${id}/schedule`, {
      at: '2026-11-23T09:04',
      timeZone: 'Europe/Paris',
    })
    expect(soon.status).toBe(422)
    expect(soon.body.errors).toMatchObject([{ path: 'at' }])
    const past = await org.editor.post(`/api/campaigns/${id}/schedule`, {
      at: '2020-01-01T09:00',
      timeZone: 'Europe/Paris',
    })
    expect(past.status).toBe(422)
    expect(
      (await org.editor.post(`/api/campaigns/${id}/schedule`, { at: 'tomorrow', timeZone: 'Mars/Base' })).body
        .errors,
    ).toHaveLength(2)
    expect((await org.editor.get(`/api/campaigns/${id}`)).body.status).toBe('draft')
  })

  test('CB-6.1 CS-001.4 CS-008.1 DS-integration-tests.9 CS-008.6 FR-004.1 FR-004.6 NFR-001.3 TK-18.1 DS-CampaignService.scheduleCampaign a scheduled campaign starts at its instant, once', async () => {
    const org = await h.organization()
    h.clock.set('2026-11-24T08:00:00Z')
    const id = await draft(org)
    const scheduled = await org.editor.post(`/api/campaigns/${id}/schedule`, {
      at: '2026-11-24T10:00',
      timeZone: 'Europe/Paris',
    })
    expect(scheduled.body).toMatchObject({ status: 'scheduled', scheduledAt: '2026-11-24T09:00:00.000Z' })
    const tasks = () =>
      org.systemCtx.db.query<{ dueAt: Date }>(
        `select due_at from work where org_id = $1 and kind = 'campaigns.start_scheduled' and state = 'ready'`,
        [org.orgId],
      )
    expect(await tasks()).toEqual([{ dueAt: new Date('2026-11-24T09:00:00Z') }])
    h.clock.set('2026-11-24T08:59:59Z')
    await h.drain()
    expect((await org.editor.get(`/api/campaigns/${id}`)).body.status).toBe('scheduled')
    h.clock.set('2026-11-24T09:00:00Z')
    await h.drain()
    await h.drain()
    expect((await org.editor.get(`/api/campaigns/${id}`)).body.status).toBe('completed')
    expect(await eventsOf(org, 'campaign.launched')).toHaveLength(1)
    expect(await tasks()).toEqual([])
  })

  test('CS-008.5 a moved start leaves at the new instant only', async () => {
    const org = await h.organization()
    h.clock.set('2026-11-25T08:00:00Z')
    const id = await draft(org)
    await org.editor.post(`/api/campaigns/${id}/schedule`, {
      at: '2026-11-25T10:00',
      timeZone: 'Europe/Paris',
    })
    await org.editor.post(`/api/campaigns/${id}/schedule`, {
      at: '2026-11-25T12:00',
      timeZone: 'Europe/Paris',
    })
    h.clock.set('2026-11-25T10:00:00Z')
    await h.drain()
    expect((await org.editor.get(`/api/campaigns/${id}`)).body.status).toBe('scheduled')
    h.clock.set('2026-11-25T11:00:00Z')
    await h.drain()
    expect((await org.editor.get(`/api/campaigns/${id}`)).body.status).toBe('completed')
  })

  test('CS-008.7 a cancelled plan never leaves', async () => {
    const org = await h.organization()
    h.clock.set('2026-11-26T08:00:00Z')
    const id = await draft(org)
    await org.editor.post(`/api/campaigns/${id}/schedule`, {
      at: '2026-11-26T10:00',
      timeZone: 'Europe/Paris',
    })
    expect((await org.editor.post(`/api/campaigns/${id}/cancel`)).body.status).toBe('cancelled')
    h.clock.set('2026-11-26T12:00:00Z')
    await h.drain()
    expect((await org.editor.get(`/api/campaigns/${id}`)).body).toMatchObject({
      status: 'cancelled',
      launchedAt: null,
    })
  })

  test('a plan whose start went by while it was paused asks for another', async () => {
    const org = await h.organization()
    h.clock.set('2026-11-27T08:00:00Z')
    const id = await draft(org)
    await org.editor.post(`/api/campaigns/${id}/schedule`, {
      at: '2026-11-27T10:00',
      timeZone: 'Europe/Paris',
    })
    expect((await org.editor.post(`/api/campaigns/${id}/pause`)).body).toMatchObject({
      status: 'paused',
      pausedFrom: 'scheduled',
    })
    h.clock.set('2026-11-27T12:00:00Z')
    await h.drain()
    expect((await org.editor.post(`/api/campaigns/${id}/resume`)).body.code).toBe('campaigns.schedule_passed')
  })

  test('a launch without audience or with a broken mail is refused with every point, and nothing leaves', async () => {
    const org = await h.organization()
    const { body } = await org.editor.post('/api/campaigns', { name: 'Empty' })
    const refused = await org.editor.post(`/api/campaigns/${body.id}/launch`)
    expect(refused.status).toBe(422)
    expect(refused.body.code).toBe('campaigns.not_ready')
    const paths = refused.body.errors.map((problem: { path: string }) => problem.path)
    expect(paths).toContain('audience')
    expect(paths).toContain('content.email.subject')
    expect((await org.editor.get(`/api/campaigns/${body.id}`)).body.status).toBe('draft')
    expect(await eventsOf(org, 'campaign.launched')).toEqual([])
  })

  test('every refused step answers 409 with what is allowed instead', async () => {
    const org = await h.organization()
    const id = await draft(org)
    for (const verb of ['pause', 'resume', 'cancel', 'archive', 'restore']) {
      const { status, body } = await org.editor.post(`/api/campaigns/${id}/${verb}`)
      expect([verb, status]).toEqual([verb, 409])
      expect(body.allowed).toContain('launch')
    }
  })

  test('of two launches at once one wins', async () => {
    const org = await h.organization()
    const id = await draft(org)
    const answers = await Promise.all([
      org.editor.post(`/api/campaigns/${id}/launch`),
      org.owner.post(`/api/campaigns/${id}/launch`),
    ])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
    expect(await eventsOf(org, 'campaign.launched')).toHaveLength(1)
  })
})

describe('who may', () => {
  test('a viewer reads everything and changes nothing', async () => {
    const org = await h.organization()
    const id = await draft(org)
    expect((await org.viewer.get(`/api/campaigns/${id}`)).status).toBe(200)
    expect((await org.viewer.put(`/api/campaigns/${id}`, { name: 'x' })).status).toBe(403)
    expect((await org.viewer.post(`/api/campaigns/${id}/launch`)).status).toBe(403)
    expect((await org.viewer.delete(`/api/campaigns/${id}`)).status).toBe(403)
  })

  test('NFR-004.1 nobody gets in without proof', async () => {
    expect((await h.request({ method: 'GET', url: '/api/campaigns' })).statusCode).toBe(401)
  })

  test('NFR-004.2 another organization’s campaign answers like one that does not exist', async () => {
    const [mine, theirs] = [await h.organization(), await h.organization()]
    const id = await draft(theirs)
    const foreign = await mine.owner.get(`/api/campaigns/${id}`)
    const unknown = await mine.owner.get('/api/campaigns/camp_00000000000000000000000001')
    expect([foreign.status, foreign.body.code, foreign.body.detail]).toEqual([
      unknown.status,
      unknown.body.code,
      unknown.body.detail,
    ])
    expect(foreign.status).toBe(404)
    expect((await mine.owner.post(`/api/campaigns/${id}/launch`)).status).toBe(404)
    expect((await theirs.owner.get(`/api/campaigns/${id}`)).body.status).toBe('draft')
  })
})

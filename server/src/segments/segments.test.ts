/** Segments through the API: made, changed, counted, copied, deleted, and never across organizations. */
import { expect, test } from 'vitest'
import type { ContactId } from '../platform/ids.ts'
import { toWire } from '../platform/ids.ts'
import { harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import {
  addUserToSegment,
  calculateSegmentSize,
  createSegment,
  getSegment,
  registerUse,
  ruleSchema,
} from './index.ts'

const h = await harness()

const french = { kind: 'contact', field: 'country', operator: 'one_of', value: ['FR'] }
const vip = { kind: 'contact', field: 'tags', operator: 'has_any', value: ['vip'] }

/** Adds contacts as the room below stores them. */
async function people(
  org: TestOrganization,
  rows: readonly {
    email?: string
    phone?: string
    country?: string
    language?: string
    tags?: string[]
    birthday?: string
  }[],
): Promise<string[]> {
  const ids: string[] = []
  for (const row of rows) {
    const [contact] = await org.ctx.db.query<{ id: ContactId }>(
      `insert into contact (org_id, email, phone, country, language, tags, birthday, source, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, 'test', $8, $8) returning id`,
      [
        org.orgId,
        row.email ?? null,
        row.phone ?? null,
        row.country ?? null,
        row.language ?? null,
        row.tags ?? [],
        row.birthday ?? null,
        h.clock.now(),
      ],
    )
    if (contact) ids.push(toWire('contact', contact.id))
  }
  return ids
}

const three = [
  { email: 'ann@example.com', country: 'FR', language: 'fr', tags: ['vip'] },
  { email: 'bob@example.com', country: 'FR', language: 'fr-CA' },
  { email: 'cid@example.com', phone: '+33612345678' },
]

async function organizationWithPeople(): Promise<{ org: TestOrganization; ids: string[] }> {
  const org = await h.organization()
  return { org, ids: await people(org, three) }
}

const make = (org: TestOrganization, body: object) => org.editor.post('/api/segments', body)

test('TK-10.1 TK-4.1 CB-3.4 DS-SegmentationService.createSegment a new segment is answered with its size and its sentence', async () => {
  const { org } = await organizationWithPeople()
  const made = await make(org, { name: 'French', kind: 'dynamic', rule: french })
  expect(made.status).toBe(201)
  expect(made.body).toMatchObject({
    name: 'French',
    kind: 'dynamic',
    size: 2,
    rule: french,
    sentence: 'People whose country is France.',
    uses: [],
    problems: [],
  })
  expect(made.body.id).toMatch(/^seg_/)
})

test('the sentence is in the reader’s language', async () => {
  const { org } = await organizationWithPeople()
  const { id } = await createSegment(org.ctx, {
    name: 'French, no VIP',
    description: '',
    kind: 'dynamic',
    rule: ruleSchema.parse({ all: [french, { not: vip }] }),
  })
  const [en, fr] = [await getSegment(org.ctx, id), await getSegment({ ...org.ctx, locale: 'fr' }, id)]
  expect(en.sentence).toBe('People whose country is France, except those who have the tag “vip”.')
  expect(fr.sentence).toBe(
    'Les personnes dont le pays est France, sauf celles qui ont l’étiquette «\u202fvip\u202f».',
  )
})

test('CB-3.2 MA-2.3 TK-10.6 DS-SegmentationService.refreshSegment a dynamic segment follows its contacts', async () => {
  const { org } = await organizationWithPeople()
  const { body } = await make(org, { name: 'French', kind: 'dynamic', rule: french })
  await people(org, [{ country: 'FR' }])
  const refreshed = await org.viewer.post(`/api/segments/${body.id}/refresh`)
  expect(refreshed.body.size).toBe(3)
})

test('TK-4.2 DS-SegmentationService.getSegment DS-SegmentationService.calculateSegmentSize a rule is counted live; what a segment says of its size is kept for five minutes, until it is asked to count', async () => {
  const { org } = await organizationWithPeople()
  const { body } = await make(org, { name: 'French', kind: 'dynamic', rule: french })
  const read = async () => (await org.viewer.get(`/api/segments/${body.id}`)).body
  const live = async () => (await org.viewer.post('/api/segments/preview', { rule: french })).body.size.count
  expect([await live(), (await read()).size]).toEqual([2, 2])
  await people(org, [{ country: 'FR' }])
  h.clock.advance(4 * 60_000)
  expect([await live(), (await read()).size]).toEqual([3, 2])
  const refreshed = (await org.viewer.post(`/api/segments/${body.id}/refresh`)).body
  expect(refreshed).toMatchObject({ size: 3, sizeAt: h.clock.now().toISOString() })
  expect((await read()).size).toBe(3)
  const unknown = await org.viewer.get('/api/segments/seg_00000000000000000000000001')
  expect([unknown.status, unknown.body.code]).toEqual([404, 'segments.not_found'])
})

test('TK-18.4 DS-batch-processing.2 sizes are counted again every day', async () => {
  const { org } = await organizationWithPeople()
  const { body } = await make(org, { name: 'French', kind: 'dynamic', rule: french })
  await people(org, [{ country: 'FR' }])
  h.clock.advance(25 * 3_600_000)
  await h.drain()
  await h.drain()
  const [row] = await org.ctx.db.query<{ size: number }>('select size from segment where org_id = $1', [
    org.orgId,
  ])
  expect(row?.size).toBe(3)
  expect(body.size).toBe(2)
})

test('CB-3.4 DS-caching-strategy.2 looking at the list has old sizes counted again', async () => {
  const { org } = await organizationWithPeople()
  await make(org, { name: 'French', kind: 'dynamic', rule: french })
  await people(org, [{ country: 'FR' }])
  h.clock.advance(6 * 60_000)
  expect((await org.viewer.get('/api/segments')).body.items[0].size).toBe(2)
  await h.drain()
  expect((await org.viewer.get('/api/segments')).body.items[0].size).toBe(3)
})

test('TK-10.2 DS-SegmentationService.listSegments lists by pages, by name and by kind', async () => {
  const { org } = await organizationWithPeople()
  for (const name of ['Cherry', 'apple', 'Banana']) await make(org, { name, kind: 'static' })
  h.clock.advance(1_000)
  await make(org, { name: 'Dynamic', kind: 'dynamic', rule: french })
  const first = await org.viewer.get('/api/segments?sort=name&limit=2')
  expect(first.body.items.map((item: { name: string }) => item.name)).toEqual(['apple', 'Banana'])
  expect(first.body.total).toBe(4)
  const second = await org.viewer.get(`/api/segments?sort=name&limit=2&cursor=${first.body.nextCursor}`)
  expect(second.body.items.map((item: { name: string }) => item.name)).toEqual(['Cherry', 'Dynamic'])
  expect(second.body.nextCursor).toBeNull()
  const found = await org.viewer.get('/api/segments?kind=static&q=AN')
  expect(found.body.items.map((item: { name: string }) => item.name)).toEqual(['Banana'])
  expect((await org.viewer.get('/api/segments?cursor=nonsense')).status).toBe(400)
  const newest = await org.viewer.get('/api/segments?limit=1')
  expect(newest.body.items[0].name).toBe('Dynamic')
  const next = await org.viewer.get(`/api/segments?limit=10&cursor=${newest.body.nextCursor}`)
  expect(next.body.items).toHaveLength(3)
})

test('TK-10.4 TK-4.1 DS-SegmentationService.updateSegment a changed rule is counted at once and checked like a new one', async () => {
  const { org } = await organizationWithPeople()
  const { body } = await make(org, { name: 'French', kind: 'dynamic', rule: french })
  const changed = await org.editor.put(`/api/segments/${body.id}`, { name: 'VIP', rule: vip })
  expect(changed.body).toMatchObject({ name: 'VIP', size: 1, rule: vip })
  const wrong = await org.editor.put(`/api/segments/${body.id}`, {
    rule: { all: [vip, { kind: 'contact', field: 'country', operator: 'more_than', value: 3 }] },
  })
  expect(wrong.status).toBe(400)
  expect(wrong.body).toMatchObject({
    code: 'segments.rule_invalid',
    errors: [{ path: 'rule.all.1.operator' }],
  })
})

test('CB-3.3 rules are limited in depth, clauses and values, with a clear word', async () => {
  const org = await h.organization()
  let deep: object = french
  for (let i = 0; i < 9; i++) deep = { all: [deep] }
  let endless = '"x"'
  for (let i = 0; i < 20_000; i++) endless = `{"not":${endless}}`
  const refusals: [object | string, RegExp][] = [
    [deep, /nested at most 8/],
    [{ all: Array.from({ length: 201 }, () => french) }, /at most 200 conditions/],
    [{ any: [{ all: [], any: [deep] }] }, /nested at most 8|rule is/],
    [{ ...french, value: Array.from({ length: 1_001 }, (_, i) => `v${i}`) }, /At most 1000 entries/],
    [{ all: [{ all: [] }] }, /no condition/],
    [{ ...french, value: ['a\u0000b'] }, /cannot be stored/],
    [{ ...french, value: [] }, /at least one value/],
    [{ kind: 'contact', field: 'birthday', operator: 'on', value: '2026-02-30' }, /Give a day/],
    [{ kind: 'contact', field: 'nothing', operator: 'is_known' }, /no field nothing/],
    [{ kind: 'contact', field: 'constructor', operator: 'toString' }, /no field/],
    [{ ...french, operator: 'constructor' }, /takes one of/],
  ]
  for (const [rule, message] of refusals) {
    const answer = await org.editor.post('/api/segments/preview', { rule })
    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body.errors)).toMatch(message)
  }
  const bomb = await h.request({
    method: 'POST',
    url: '/api/segments/preview',
    headers: { ...org.editor.headers, 'content-type': 'application/json' },
    payload: `{"rule":${endless}}`,
  })
  expect(bomb.statusCode).toBe(400)
})

test('CB-3.3 a segment cannot depend on itself, directly or through others', async () => {
  const { org } = await organizationWithPeople()
  const inside = (id: string) => ({ kind: 'segment', operator: 'in_any', value: [id] })
  const a = (await make(org, { name: 'A', kind: 'dynamic', rule: french })).body
  const b = (await make(org, { name: 'B', kind: 'dynamic', rule: { all: [vip, inside(a.id)] } })).body
  expect(b.size).toBe(1)
  expect(b.sentence).toBe('People who have the tag “vip”, and who are in “A”.')
  const circle = await org.editor.put(`/api/segments/${a.id}`, { rule: { not: inside(b.id) } })
  expect(circle).toMatchObject({ status: 400, body: { code: 'segments.rule_circular' } })
  const self = await org.editor.put(`/api/segments/${a.id}`, { rule: inside(a.id) })
  expect(self.body.code).toBe('segments.rule_circular')
})

test('TK-10.5 DS-SegmentationService.deleteSegment a segment in use is not deleted, and the answer says where', async () => {
  const { org } = await organizationWithPeople()
  const a = (await make(org, { name: 'A', kind: 'dynamic', rule: french })).body
  const b = (
    await make(org, {
      name: 'B',
      kind: 'dynamic',
      rule: { kind: 'segment', operator: 'in_any', value: [a.id] },
    })
  ).body
  const refused = await org.editor.delete(`/api/segments/${a.id}`)
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'segments.in_use', uses: [{ kind: 'segment', id: b.id, name: 'B' }] },
  })
  expect((await org.editor.delete(`/api/segments/${b.id}`)).status).toBe(204)
  expect((await org.editor.delete(`/api/segments/${a.id}`)).status).toBe(204)
  expect((await org.viewer.get('/api/segments')).body.items).toEqual([])
})

test('TK-4.1 a room above that uses a segment is asked before it is deleted', async () => {
  const { org } = await organizationWithPeople()
  const list = (await make(org, { name: 'List', kind: 'static' })).body
  registerUse('test', async (_ctx, ids) =>
    ids.map((segmentId) => ({ segmentId, kind: 'campaign', id: 'camp_1', name: 'Summer' })),
  )
  const refused = await org.editor.delete(`/api/segments/${list.id}`)
  registerUse('test', async () => [])
  expect(refused).toMatchObject({ status: 409, body: { uses: [{ kind: 'campaign', name: 'Summer' }] } })
})

test('TK-10.5 a deleted segment is restored with its members, under its name if that is free', async () => {
  const { org, ids } = await organizationWithPeople()
  const list = (await make(org, { name: 'List', kind: 'static' })).body
  await org.editor.post(`/api/segments/${list.id}/members`, { contactIds: ids })
  await org.editor.delete(`/api/segments/${list.id}`)
  expect((await org.viewer.get('/api/segments?deleted=true')).body.items[0]).toMatchObject({
    id: list.id,
    deletedAt: expect.any(String),
  })
  const other = (await make(org, { name: 'list', kind: 'static' })).body
  expect(await org.editor.post(`/api/segments/${list.id}/restore`)).toMatchObject({
    status: 409,
    body: { code: 'segments.name_taken' },
  })
  await org.editor.delete(`/api/segments/${other.id}`)
  expect((await org.editor.post(`/api/segments/${list.id}/restore`)).body).toMatchObject({
    deletedAt: null,
    size: 3,
  })
})

test('TK-4.3 DS-SegmentationService.getSegmentMembers DS-SegmentationService.removeUserFromSegment lists take people by id and by address and say whom nobody knows', async () => {
  const { org, ids } = await organizationWithPeople()
  const list = (await make(org, { name: 'List', kind: 'static' })).body
  expect(list.size).toBe(0)
  const added = await org.editor.post(`/api/segments/${list.id}/members`, {
    contactIds: [ids[0]],
    addresses: ['Bob <BOB@example.com> ', '06 12 34 56 78', 'nobody@example.com', '%', ''],
  })
  expect(added.body).toEqual({ added: 3, alreadyIn: 0, unknown: ['nobody@example.com', '%'], size: 3 })
  const again = await org.editor.post(`/api/segments/${list.id}/members`, { contactIds: [ids[0]] })
  expect(again.body).toMatchObject({ added: 0, alreadyIn: 1 })
  const members = await org.viewer.get(`/api/segments/${list.id}/members?limit=2`)
  expect(members.body.items.map((person: { id: string }) => person.id)).toEqual([ids[2], ids[1]])
  const rest = await org.viewer.get(
    `/api/segments/${list.id}/members?limit=2&cursor=${members.body.nextCursor}`,
  )
  expect(rest.body.items.map((person: { id: string }) => person.id)).toEqual([ids[0]])
  expect((await org.editor.delete(`/api/segments/${list.id}/members/${ids[0]}`)).status).toBe(204)
  expect((await org.viewer.get(`/api/segments/${list.id}`)).body.size).toBe(2)
})

test('TK-4.3 members of a dynamic segment cannot be set by hand', async () => {
  const { org, ids } = await organizationWithPeople()
  const { body } = await make(org, { name: 'French', kind: 'dynamic', rule: french })
  expect((await org.editor.post(`/api/segments/${body.id}/members`, { contactIds: ids })).body.code).toBe(
    'segments.not_static',
  )
  expect((await org.viewer.get(`/api/segments/${body.id}/members`)).body.items).toHaveLength(2)
})

test('TK-4.3 DS-SegmentationService.evaluateCriteria one contact is tested against a rule', async () => {
  const { org, ids } = await organizationWithPeople()
  const list = (await make(org, { name: 'List', kind: 'static' })).body
  await org.editor.post(`/api/segments/${list.id}/members`, { contactIds: [ids[2]] })
  const rule = { any: [vip, { kind: 'segment', operator: 'in_any', value: [list.id] }] }
  const matches = []
  for (const contactId of ids)
    matches.push((await org.viewer.post('/api/segments/evaluate', { rule, contactId })).body.matches)
  expect(matches).toEqual([true, false, true])
})

test('DS-SegmentationService.calculateSegmentSize DS-SegmentationService.addUserToSegment other rooms count rules and put people on lists', async () => {
  const { org, ids } = await organizationWithPeople()
  expect(await calculateSegmentSize(org.ctx, ruleSchema.parse(french))).toBe(2)
  const list = await createSegment(org.ctx, { name: 'List', description: '', kind: 'static', rule: null })
  const ann = ids[0]?.slice('con_'.length) as ContactId
  await addUserToSegment(org.ctx, ann, list.id)
  await addUserToSegment(org.ctx, ann, list.id)
  expect(await calculateSegmentSize(org.ctx, { kind: 'segment', operator: 'in_any', value: [list.id] })).toBe(
    1,
  )
  await expect(addUserToSegment(org.ctx, '999999' as ContactId, list.id)).rejects.toMatchObject({
    code: 'segments.contact_not_found',
  })
})

test('a copy has its own name and the same members', async () => {
  const { org, ids } = await organizationWithPeople()
  const list = (await make(org, { name: 'List', kind: 'static' })).body
  await org.editor.post(`/api/segments/${list.id}/members`, { contactIds: ids })
  const copy = await org.editor.post(`/api/segments/${list.id}/duplicate`)
  expect(copy).toMatchObject({ status: 201, body: { name: 'List (2)', kind: 'static', size: 3 } })
  expect((await org.editor.post(`/api/segments/${copy.body.id}/duplicate`)).body.name).toBe('List (3)')
  const dynamic = (await make(org, { name: 'French', kind: 'dynamic', rule: french })).body
  expect((await org.editor.post(`/api/segments/${dynamic.id}/duplicate`)).body).toMatchObject({
    name: 'French (2)',
    rule: french,
  })
})

test('CB-3.3 a segment whose rule refers to something gone says so and is not counted as anything else', async () => {
  const { org } = await organizationWithPeople()
  const importId = '0197a000-0000-7000-8000-00000000beef'
  await org.ctx.db.query(
    `insert into contact_import (org_id, id, file_name, file_bytes, encoding, separator, has_header, columns, state, created_by, created_at, updated_at)
     values ($1, $2, 'fans.csv', 1, 'utf-8', ',', true, '[]', 'completed', 'test', $3, $3)`,
    [org.orgId, importId, h.clock.now()],
  )
  const rule = { not: { kind: 'import', operator: 'one_of', value: [toWire('contact_import', importId)] } }
  const { body } = await make(org, { name: 'Not imported', kind: 'dynamic', rule })
  expect(body.size).toBe(3)
  await org.ctx.db.query('delete from contact_import where org_id = $1 and id = $2', [org.orgId, importId])
  const broken = await org.viewer.get(`/api/segments/${body.id}`)
  expect(broken.body).toMatchObject({
    sentence: null,
    problems: [{ path: 'rule.not.value.0', message: 'No such import.' }],
  })
  expect((await org.viewer.get(`/api/segments/${body.id}/members`)).body.code).toBe('segments.rule_broken')
  const audience = { include: { segmentIds: [body.id] } }
  expect((await org.viewer.post('/api/segments/preview', { audience })).body).toMatchObject({
    code: 'segments.audience_broken',
    errors: [{ message: 'This segment has a rule that no longer works: No such import.' }],
  })
})

test('MA-2.2 CS-003.5 a preview shows size, people and what they are', async () => {
  const { org, ids } = await organizationWithPeople()
  const { email } = (await org.viewer.get(`/api/contacts/${ids[0]}`)).body
  await org.editor.post(`/api/contacts/${ids[0]}/consents`, {
    channel: 'email',
    state: 'granted',
    occurredAt: '2026-11-01T09:00:00Z',
    source: 'paper',
  })
  await org.key.post('/api/events', {
    event: 'Order Completed',
    email,
    properties: { total: 42.5, currency: 'EUR' },
  })
  await h.drain()
  const { body } = await org.viewer.post('/api/segments/preview', { rule: { all: [] } })
  expect(body).toMatchObject({
    size: { kind: 'exact', count: 3 },
    sentence: 'Everyone.',
    makeUp: {
      of: 3,
      country: {
        values: [
          { value: 'FR', label: 'France', count: 2 },
          { value: null, label: null, count: 1 },
        ],
        others: 0,
      },
      revenue: 42.5,
      currency: 'EUR',
      reachable: [
        { channel: 'email', count: 1, of: 3 },
        { channel: 'sms', count: 0, of: 3 },
      ],
    },
  })
  expect(body.makeUp.spending.values).toContainEqual({ value: null, label: null, count: 2 })
  expect(body.people.map((person: { id: string }) => person.id)).toEqual(ids.toReversed())
})

test('CS-003.3 CS-003.4 FR-002.2 an audience includes and excludes segments and rules', async () => {
  const { org, ids } = await organizationWithPeople()
  const list = (await make(org, { name: 'List', kind: 'static' })).body
  await org.editor.post(`/api/segments/${list.id}/members`, { contactIds: [ids[0], ids[2]] })
  const dynamic = (await make(org, { name: 'French', kind: 'dynamic', rule: french })).body
  const shown = async (audience: object) =>
    (await org.viewer.post('/api/segments/preview', { audience })).body
  const idsOf = (body: { people: { id: string }[] }) => body.people.map(({ id }) => id).toSorted()
  expect(idsOf(await shown({ include: { segmentIds: [list.id, dynamic.id] } }))).toEqual(ids)
  expect(idsOf(await shown({ include: { match: 'all', segmentIds: [list.id, dynamic.id] } }))).toEqual([
    ids[0],
  ])
  expect(idsOf(await shown({ include: { segmentIds: [dynamic.id], rule: vip } }))).toEqual([ids[0]])
  const without = await shown({ include: { rule: { all: [] } }, exclude: { segmentIds: [list.id] } })
  expect(idsOf(without)).toEqual([ids[1]])
  expect(without.sentence).toBe('Everyone except people who are in “List”.')
  expect(idsOf(await shown({ include: { rule: { all: [] } }, exclude: { rule: vip } }))).toEqual([
    ids[1],
    ids[2],
  ])
  expect(await shown({})).toMatchObject({ size: { count: 0 }, people: [] })
})

test('the vocabulary offers every field with its operators, the organization’s own included', async () => {
  const org = await h.organization()
  await org.ctx.db.query(
    `insert into custom_field (org_id, id, key, name, type, created_at, updated_at) values ($1, '0197a000-0000-7000-8000-00000000cafe', 'score', 'Score', 'number', $2, $2)`,
    [org.orgId, h.clock.now()],
  )
  await org.ctx.db.query(
    `insert into contact_import (org_id, id, file_name, file_bytes, encoding, separator, has_header, columns, state, created_by, created_at, updated_at)
     values ($1, '0197a000-0000-7000-8000-00000000beef', 'fans.csv', 1, 'utf-8', ',', true, '[]', 'completed', 'test', $2, $2)`,
    [org.orgId, h.clock.now()],
  )
  const { terms } = (await org.viewer.get('/api/segments/vocabulary')).body
  const labels = terms.map((term: { label: string }) => term.label)
  expect(labels).toEqual(
    expect.arrayContaining(['E-mail address', 'Country', 'Tags', 'Score', 'Segment', 'Import']),
  )
  const score = terms.find((term: { field: string }) => term.field === 'custom.score')
  expect(score.operators.map((operator: { name: string }) => operator.name)).toContain('at_least')
  const imported = terms.find((term: { kind: string }) => term.kind === 'import')
  expect(imported.options[0].label).toMatch(/^fans.csv \(November/)
  const rule = { kind: 'import', operator: 'none_of', value: [imported.options[0].value] }
  expect((await org.viewer.post('/api/segments/preview', { rule })).body.sentence).toBe(
    'People who did not come with the import “fans.csv”.',
  )
})

test('values are suggested from what contacts have', async () => {
  const org = await h.organization()
  await people(org, [{}, {}])
  await org.ctx.db.query(`update contact set city = 'Lyon' where org_id = $1`, [org.orgId])
  expect((await org.viewer.get('/api/segments/suggestions?from=city&q=LY')).body.values).toEqual(['Lyon'])
  expect((await org.viewer.get('/api/segments/suggestions?from=tags')).body.values).toEqual([])
})

test('CB-3.2 lists follow merged contacts and forget purged ones', async () => {
  const { org, ids } = await organizationWithPeople()
  const list = (await make(org, { name: 'List', kind: 'static' })).body
  await org.editor.post(`/api/segments/${list.id}/members`, { contactIds: [ids[0], ids[1]] })
  const { inTransaction } = await import('../platform/db/index.ts')
  const { contactsMerged, contactsPurged } = await import('../contacts/events.ts')
  const { announce } = await import('../platform/events/index.ts')
  const bare = (id: string | undefined): string => id?.slice('con_'.length) ?? ''
  await inTransaction(org.ctx, async (ctx) => {
    announce(ctx, contactsMerged, { keptId: bare(ids[2]), mergedId: bare(ids[0]) })
    announce(ctx, contactsPurged, { contactIds: [bare(ids[1])] })
  })
  await h.drain()
  const rows = await org.ctx.db.query<{ contactId: string }>(
    'select contact_id from segment_member where org_id = $1',
    [org.orgId],
  )
  expect(rows.map(({ contactId }) => contactId)).toEqual([bare(ids[2])])
})

test('TK-10.8 every route refuses strangers, viewers where it changes something, and foreign ids', async () => {
  const { org, ids } = await organizationWithPeople()
  const other = await h.organization()
  const list = (await make(org, { name: 'List', kind: 'static' })).body
  const body = { name: 'x', kind: 'static' }
  const writes: ['post' | 'put' | 'delete', string, object?][] = [
    ['post', '/api/segments', body],
    ['put', `/api/segments/${list.id}`, { name: 'y' }],
    ['delete', `/api/segments/${list.id}`],
    ['post', `/api/segments/${list.id}/restore`],
    ['post', `/api/segments/${list.id}/duplicate`],
    ['post', `/api/segments/${list.id}/members`, { contactIds: ids }],
    ['delete', `/api/segments/${list.id}/members/${ids[0]}`],
  ]
  const reads: ['get' | 'post', string, object?][] = [
    ['get', `/api/segments/${list.id}`],
    ['get', `/api/segments/${list.id}/members`],
    ['get', `/api/segments/${list.id}/preview`],
    ['post', `/api/segments/${list.id}/refresh`],
  ]
  for (const [method, url, payload] of writes) {
    expect([url, (await org.viewer[method](url, payload)).status]).toEqual([url, 403])
  }
  for (const [method, url, payload] of writes.slice(1))
    expect([url, (await other.editor[method](url, payload)).status]).toEqual([url, 404])
  for (const [method, url, payload] of reads) {
    expect([url, (await other.viewer[method](url, payload)).status]).toEqual([url, 404])
    expect([url, (await h.request({ method: method === 'get' ? 'GET' : 'POST', url })).statusCode]).toEqual([
      url,
      401,
    ])
  }
  const foreign = await other.editor.post('/api/segments/preview', {
    rule: { kind: 'segment', operator: 'in_any', value: [list.id] },
  })
  expect(foreign).toMatchObject({ status: 400, body: { errors: [{ message: 'No such segment.' }] } })
  const mine = (await make(other, { name: 'Mine', kind: 'static' })).body
  const stolen = await other.editor.post(`/api/segments/${mine.id}/members`, {
    contactIds: ids,
    addresses: ['ann@example.com'],
  })
  expect(stolen.body).toMatchObject({ added: 0, unknown: ['ann@example.com'] })
})

test('DS-data-privacy.3 every change is in the audit log, and a failed one is not', async () => {
  const { org, ids } = await organizationWithPeople()
  const list = (await make(org, { name: 'List', kind: 'static' })).body
  await org.editor.post(`/api/segments/${list.id}/members`, { contactIds: ids })
  await org.editor.post(`/api/segments/${list.id}/members`, { contactIds: ids })
  await org.editor.put(`/api/segments/${list.id}`, { description: 'Best friends' })
  await make(org, { name: 'List', kind: 'static' })
  await org.editor.delete(`/api/segments/${list.id}`)
  const rows = await org.ctx.db.query<{ action: string }>(
    `select action from audit_entry where org_id = $1 and action like 'segment.%' order by seq`,
    [org.orgId],
  )
  expect(rows.map(({ action }) => action)).toEqual([
    'segment.created',
    'segment.members_added',
    'segment.updated',
    'segment.deleted',
  ])
})

test('a rule tells nobody what histories hide from them: whoever may not see personal properties cannot ask about them', async () => {
  const org = await h.organization()
  await org.key.post('/api/events', {
    type: 'track',
    event: 'Badge Printed',
    email: 'badge@example.com',
    properties: { badge: 'QX-77319', floor: 2 },
  })
  await h.drain()
  await org.owner.post('/api/event-definitions/track%3ABadge%20Printed/personal', {
    property: 'badge',
    isPersonal: true,
  })
  const printed = (property: string) => ({
    event: 'track:Badge Printed',
    filters: [{ property, type: 'text', operator: 'starts_with', value: 'Q' }],
  })
  const did = (property: string) => ({ kind: 'event', operator: 'did', ...printed(property) })
  const sequence = {
    kind: 'sequence',
    operator: 'followed',
    first: { event: 'page' },
    next: printed('badge.number'),
    within: { count: 1, unit: 'hours' },
  }
  const asked = async (member: typeof org.viewer, body: object): Promise<[number, string | undefined]> => {
    const answer = await member.post('/api/segments/preview', body)
    return [answer.status, answer.body.code]
  }
  const refused = [403, 'segments.property_personal']
  expect(await asked(org.viewer, { rule: { not: did('badge') } })).toEqual(refused)
  expect(await asked(org.viewer, { rule: sequence })).toEqual(refused)
  expect(await asked(org.viewer, { audience: { include: { rule: did('badge') } } })).toEqual(refused)
  const { id: contactId } = (await org.viewer.get('/api/contacts')).body.items[0]
  expect((await org.viewer.post('/api/segments/evaluate', { rule: did('badge'), contactId })).status).toBe(
    403,
  )
  expect(await asked(org.viewer, { rule: did('floor') })).toEqual([200, undefined])
  const seen = await org.editor.post('/api/segments/preview', { rule: did('badge') })
  expect([seen.status, seen.body.size.count]).toEqual([200, 1])
})

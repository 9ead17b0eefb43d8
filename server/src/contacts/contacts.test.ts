import { describe, expect, test } from 'vitest'
import type { ApiAnswer, ApiCaller } from '../testing/organization.ts'
import { harness } from '../testing/harness.ts'
import { inTransaction } from '../platform/db/index.ts'
import type { ContactId } from '../platform/ids.ts'
import { eraseSteps } from './erase.ts'

const h = await harness()

const create = async (caller: ApiCaller, body: unknown): Promise<string> => {
  const answer = await caller.post('/api/contacts', body)
  expect(answer.body).toMatchObject({ id: expect.stringMatching(/^con_/) })
  return answer.body.id as string
}
const auditActions = async (caller: { orgId: string }): Promise<string[]> => {
  const rows = await h.platform
    .systemCtx(caller.orgId as never)
    .db.query<{ action: string }>('select action from audit_entry where org_id = $1 order by seq', [
      caller.orgId,
    ])
  return rows.map((row) => row.action)
}
const events = async (org: {
  orgId: string
}): Promise<{ type: string; contactId: string | null; payload: Record<string, unknown> }[]> =>
  h.platform
    .systemCtx(org.orgId as never)
    .db.query('select type, contact_id, payload from event where org_id = $1 order by seq', [org.orgId])

describe('one contact', () => {
  test('a contact is stored in normalised form, with its audit entry and its event', async () => {
    const org = await h.organization()
    const answer = await org.editor.post('/api/contacts', {
      email: ' Zoe.Martin@EXAMPLE.com',
      phone: '06 12 34 56 78',
      country: 'france',
      firstName: 'Zoé',
      language: 'French',
      tags: ['vip', 'vip', ' '],
    })
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({
      email: 'zoe.martin@example.com',
      phone: '+33612345678',
      country: 'FR',
      language: 'fr',
      tags: ['vip'],
      source: 'manual',
    })
    expect(await auditActions(org)).toContain('contacts.created')
    expect((await events(org)).at(-1)).toMatchObject({
      type: 'contacts.created',
      contactId: answer.body.id.slice(4),
      payload: { contactIds: [answer.body.id.slice(4)], source: 'manual' },
    })
  })

  test('every wrong field is named', async () => {
    const org = await h.organization()
    const answer = await org.editor.post('/api/contacts', {
      email: 'personne',
      phone: '12',
      country: 'Atlantide',
      attributes: { nope: 1 },
    })
    expect(answer.status).toBe(400)
    expect(answer.body.errors.map((problem: { path: string }) => problem.path)).toEqual([
      'email',
      'phone',
      'country',
      'attributes.nope',
    ])
    expect(answer.body.errors[2].message).toBe('not a country')
  })

  test('an e-mail address belongs to one contact, whatever its case', async () => {
    const org = await h.organization()
    const id = await create(org.editor, { email: 'a@example.com' })
    const answer = await org.editor.post('/api/contacts', { email: 'A@Example.com' })
    expect(answer.status).toBe(409)
    expect(answer.body).toMatchObject({ code: 'contacts.email_taken', contactId: id })
    const other = await create(org.editor, { email: 'b@example.com' })
    expect((await org.editor.patch(`/api/contacts/${other}`, { email: 'a@example.com' })).status).toBe(409)
  })

  test('null clears a field, what is absent stays, and a change of nothing leaves no trace', async () => {
    const org = await h.organization()
    const id = await create(org.editor, { email: 'a@example.com', firstName: 'Ann', city: 'Paris' })
    const patched = await org.editor.patch(`/api/contacts/${id}`, { city: null, lastName: 'Lee' })
    expect(patched.body).toMatchObject({ firstName: 'Ann', lastName: 'Lee', city: null })
    const before = (await events(org)).length
    await org.editor.patch(`/api/contacts/${id}`, { lastName: 'Lee' })
    expect(await events(org)).toHaveLength(before)
  })

  test('NFR-004.1 a viewer reads and changes nothing; nobody enters without a session', async () => {
    const org = await h.organization()
    const id = await create(org.editor, { email: 'a@example.com' })
    expect((await org.viewer.get(`/api/contacts/${id}`)).status).toBe(200)
    for (const answer of [
      await org.viewer.post('/api/contacts', { email: 'b@example.com' }),
      await org.viewer.patch(`/api/contacts/${id}`, { city: 'Paris' }),
      await org.viewer.delete(`/api/contacts/${id}`),
      await org.viewer.post('/api/contacts/changes', {
        action: { kind: 'delete' },
        selection: { kind: 'matching', filter: {} },
      }),
      await org.viewer.get('/api/contacts/export'),
      await org.viewer.post('/api/contacts/fields', { name: 'x', type: 'text' }),
    ])
      expect(answer.status).toBe(403)
    expect((await h.request({ method: 'GET', url: '/api/contacts' })).statusCode).toBe(401)
  })

  test('a key that may change contacts and not delete them deletes none of many either', async () => {
    const org = await h.organization({ scopes: ['contacts.read', 'contacts.write'] })
    const id = await create(org.editor, { email: 'a@example.com' })
    const change = (action: object): Promise<ApiAnswer> =>
      org.key.post('/api/contacts/changes', { action, selection: { kind: 'ids', ids: [id] } })
    expect(await change({ kind: 'delete' })).toMatchObject({
      status: 403,
      body: { code: 'request.not_permitted', permission: 'contacts.delete' },
    })
    expect((await org.key.get(`/api/contacts/${id}`)).status).toBe(200)
    expect((await change({ kind: 'add_tags', tags: ['vip'] })).status).toBe(202)
  })

  test('PC-46 ids of another organization answer like unknown ones and change nothing', async () => {
    const [a, b] = [await h.organization(), await h.organization()]
    const id = await create(b.editor, { email: 'a@example.com', tags: ['x'] })
    const own = await create(a.editor, { email: 'own@example.com' })
    const field = await b.editor.post('/api/contacts/fields', { name: 'Size', type: 'text' })
    for (const answer of [
      await a.key.get(`/api/contacts/${id}`),
      await a.key.patch(`/api/contacts/${id}`, { city: 'Paris' }),
      await a.key.delete(`/api/contacts/${id}`),
      await a.key.post(`/api/contacts/${own}/merge`, { mergedId: id }),
      await a.key.post(`/api/contacts/${id}/merge`, { mergedId: own }),
      await a.key.get(`/api/contacts/${id}/timeline`),
      await a.key.patch(`/api/contacts/fields/${field.body.id}`, { name: 'Stolen' }),
    ])
      expect(answer.status).toBe(404)
    const change = await a.key.post('/api/contacts/changes', {
      action: { kind: 'delete' },
      selection: { kind: 'ids', ids: [id] },
    })
    expect(change.body).toMatchObject({ total: 0, changed: 0 })
    expect((await a.key.get('/api/contacts')).body.items).toHaveLength(1)
    expect((await b.key.get(`/api/contacts/${id}`)).body).toMatchObject({ tags: ['x'], city: null })
  })
})

describe('lists', () => {
  test('search finds the beginning of addresses, names in either order, and numbers as they are typed', async () => {
    const org = await h.organization()
    await create(org.editor, {
      email: 'zoe@example.com',
      firstName: 'Zoé',
      lastName: 'Çelik',
      phone: '+33612345678',
    })
    await create(org.editor, { email: 'marc@example.com', firstName: 'Marc', lastName: 'Dupont' })
    const found = async (q: string) =>
      (await org.viewer.get(`/api/contacts?timeZone=Europe/Paris&q=${encodeURIComponent(q)}`)).body.items.map(
        (c: { email: string }) => c.email.split('@')[0],
      )
    expect(await found('ZOE@')).toEqual(['zoe'])
    expect(await found('celik')).toEqual(['zoe'])
    expect(await found('zoé ç')).toEqual(['zoe'])
    expect(await found('Dupont M')).toEqual(['marc'])
    expect(await found('06 12 34')).toEqual(['zoe'])
    expect(await found('+33 6')).toEqual(['zoe'])
    expect(await found('upont')).toEqual([])
  })

  test.each(['-createdAt', 'createdAt', 'name', '-name', 'email', '-email'])(
    'CS-014.1 pages sorted by %s hold everybody exactly once',
    async (sort) => {
      const org = await h.organization()
      for (let i = 0; i < 7; i++) {
        await create(org.editor, {
          email: i % 3 === 0 ? null : `c${i}@example.com`,
          firstName: `N${i % 2}`,
          phone: `+3361234567${i}`,
        })
        if (i % 2 === 0) h.clock.advance(1000)
      }
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const page: { items: { id: string }[]; nextCursor: string | null; total?: number } = (
          await org.viewer.get(
            `/api/contacts?limit=2&sort=${sort}${cursor === null ? '' : `&cursor=${cursor}`}`,
          )
        ).body
        expect(page.total).toBe(cursor === null ? 7 : undefined)
        seen.push(...page.items.map((c) => c.id))
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(new Set(seen).size).toBe(7)
      expect(seen).toHaveLength(7)
      const whole = (await org.viewer.get(`/api/contacts?limit=100&sort=${sort}`)).body.items.map(
        (c: { id: string }) => c.id,
      )
      expect(seen).toEqual(whole)
    },
  )

  test('filters hold together; a cursor of another list and a page above 100 are refused', async () => {
    const org = await h.organization()
    await create(org.editor, { email: 'a@example.com', country: 'FR', tags: ['vip', 'new'] })
    await create(org.editor, { email: 'b@example.com', country: 'FR', tags: ['new'] })
    await create(org.editor, { phone: '+33612345678', country: 'BE', tags: ['vip'] })
    const emails = async (query: string) =>
      (await org.viewer.get(`/api/contacts?sort=email&${query}`)).body.items.map(
        (c: { email: string | null }) => c.email,
      )
    expect(await emails('tags=vip&countries=FR')).toEqual(['a@example.com'])
    expect(await emails('withoutTags=vip')).toEqual(['b@example.com'])
    expect(await emails('hasEmail=false')).toEqual([null])
    expect((await org.viewer.get('/api/contacts?limit=101')).status).toBe(400)
    expect((await org.viewer.get('/api/contacts?cursor=abc')).status).toBe(400)
    const { body } = await org.viewer.get('/api/contacts?limit=1&sort=email')
    expect((await org.viewer.get(`/api/contacts?limit=1&sort=name&cursor=${body.nextCursor}`)).status).toBe(
      400,
    )
  })

  test('NFR-004.6 SQL in filters, sorts and cursors is text like any other', async () => {
    const org = await h.organization()
    await create(org.editor, { email: 'a@example.com' })
    const poison = `'; drop table contact; --`
    for (const query of [
      `q=${encodeURIComponent(poison)}`,
      `tags=${encodeURIComponent(poison)}`,
      `attribute=${encodeURIComponent(`a:${poison}`)}`,
      `sources=${encodeURIComponent(poison)}`,
    ]) {
      expect((await org.viewer.get(`/api/contacts?${query}`)).body.items).toEqual([])
    }
    expect((await org.viewer.get(`/api/contacts?sort=${encodeURIComponent('email; drop')}`)).status).toBe(400)
    expect(
      (await org.viewer.get(`/api/contacts?attribute=${encodeURIComponent(`a') or true --:x`)}`)).status,
    ).toBe(400)
    expect((await org.viewer.get('/api/contacts')).body.items).toHaveLength(1)
  })
})

describe('changes to many', () => {
  test('tags are given to all that match but a few, and taken back without touching what came later', async () => {
    const org = await h.organization()
    const ids = []
    for (let i = 0; i < 4; i++)
      ids.push(await create(org.editor, { email: `c${i}@example.com`, tags: i === 0 ? ['vip'] : [] }))
    const { body: change, status } = await org.editor.post('/api/contacts/changes', {
      action: { kind: 'add_tags', tags: ['vip'] },
      selection: { kind: 'matching', filter: { hasEmail: true }, except: [ids[3]] },
    })
    expect(status).toBe(202)
    expect(change).toMatchObject({ state: 'completed', total: 3, changed: 2 })
    await org.editor.patch(`/api/contacts/${ids[1]}`, { tags: ['vip', 'later'] })
    const undone = await org.editor.post(`/api/contacts/changes/${change.id}/undo`)
    expect(undone.body).toMatchObject({ state: 'undone' })
    const tags = async (id: string) => (await org.viewer.get(`/api/contacts/${id}`)).body.tags
    expect([
      await tags(ids[0] ?? ''),
      await tags(ids[1] ?? ''),
      await tags(ids[2] ?? ''),
      await tags(ids[3] ?? ''),
    ]).toEqual([['vip'], ['later'], [], []])
    expect((await org.editor.post(`/api/contacts/changes/${change.id}/undo`)).status).toBe(409)
  })

  test('deleted people come back whole under the same id, until the time to undo is over', async () => {
    const org = await h.organization()
    const id = await create(org.editor, {
      email: 'a@example.com',
      firstName: 'Ann',
      tags: ['vip'],
      birthday: '1990-02-03',
    })
    const before = (await org.viewer.get(`/api/contacts/${id}`)).body
    const { body: change } = await org.editor.delete(`/api/contacts/${id}`)
    expect((await org.viewer.get(`/api/contacts/${id}`)).status).toBe(404)
    expect((await org.editor.post(`/api/contacts/changes/${change.id}/undo`)).body.state).toBe('undone')
    expect((await org.viewer.get(`/api/contacts/${id}`)).body).toEqual(before)
    const again = await org.editor.delete(`/api/contacts/${id}`)
    h.clock.advance(8 * 86_400_000)
    expect((await org.key.post(`/api/contacts/changes/${again.body.id}/undo`)).status).toBe(409)
    await h.drain()
    expect((await events(org)).map((event) => event.type)).toEqual(
      expect.arrayContaining(['contacts.deleted', 'contacts.restored', 'contacts.purged']),
    )
  })

  test('a large change is done by a job, once, also when the job runs twice', async () => {
    const org = await h.organization()
    await org.key.post('/api/contacts/upsert', {
      contacts: Array.from({ length: 700 }, (_, i) => ({ email: `c${i}@example.com` })),
    })
    const { body: change } = await org.editor.post('/api/contacts/changes', {
      action: { kind: 'set_field', field: 'country', value: 'Belgique' },
      selection: { kind: 'matching', filter: {} },
    })
    expect(change).toMatchObject({ state: 'running', total: 700, changed: 0 })
    await h.drain()
    await h.drain()
    expect((await org.viewer.get(`/api/contacts/changes/${change.id}`)).body).toMatchObject({
      state: 'completed',
      done: 700,
      changed: 700,
    })
    expect((await org.viewer.get('/api/contacts?countries=BE&limit=1')).body.total).toBe(700)
    await org.editor.post(`/api/contacts/changes/${change.id}/undo`)
    await h.drain()
    expect((await org.viewer.get('/api/contacts?countries=BE&limit=1')).body.total).toBe(0)
  })

  test('addresses cannot be set for many, nor a value that does not fit its field', async () => {
    const org = await h.organization()
    const set = (field: string, value: unknown) =>
      org.editor.post('/api/contacts/changes', {
        action: { kind: 'set_field', field, value },
        selection: { kind: 'matching', filter: {} },
      })
    expect((await set('email', 'a@example.com')).status).toBe(400)
    expect((await set('country', 'Atlantis')).body.errors).toEqual([
      { path: 'action.value', message: 'not a country' },
    ])
    expect((await set('custom:none', 'x')).status).toBe(400)
  })
})

describe('merging', () => {
  test('two profiles become one: tags united, gaps filled, chosen fields taken over', async () => {
    const org = await h.organization()
    const kept = await create(org.editor, {
      email: 'a@example.com',
      firstName: 'Ann',
      city: 'Paris',
      tags: ['x'],
    })
    const merged = await create(org.editor, {
      email: 'b@example.com',
      firstName: 'Anne',
      lastName: 'Lee',
      city: 'Lyon',
      tags: ['y', 'x'],
    })
    const answer = await org.editor.post(`/api/contacts/${kept}/merge`, {
      mergedId: merged,
      fromMerged: ['email', 'firstName'],
    })
    expect(answer.body).toMatchObject({
      id: kept,
      email: 'b@example.com',
      firstName: 'Anne',
      lastName: 'Lee',
      city: 'Paris',
      tags: ['x', 'y'],
    })
    expect((await org.viewer.get(`/api/contacts/${merged}`)).status).toBe(404)
    expect((await org.viewer.get(`/api/contacts/${kept}`)).body).toMatchObject({
      email: 'b@example.com',
      tags: ['x', 'y'],
    })
    expect((await events(org)).find((event) => event.type === 'contacts.merged')).toMatchObject({
      payload: { keptId: kept.slice(4), mergedId: merged.slice(4) },
    })
    expect((await org.editor.post(`/api/contacts/${kept}/merge`, { mergedId: kept })).status).toBe(400)
  })
})

describe('upsert', () => {
  test('people are matched by e-mail, else by phone; a phone alone is completed by the e-mail that comes with it', async () => {
    const org = await h.organization()
    const upsert = async (contacts: unknown[], policy = 'update') =>
      (await org.key.post('/api/contacts/upsert', { contacts, policy })).body.results.map(
        (r: { outcome: string }) => r.outcome,
      )
    expect(
      await upsert([
        { phone: '+33612345678', firstName: 'Ann' },
        { email: 'b@example.com' },
        { email: 'nobody' },
      ]),
    ).toEqual(['created', 'created', 'rejected'])
    expect(await upsert([{ email: 'ann@example.com', phone: '+33612345678' }])).toEqual(['updated'])
    expect(await upsert([{ email: 'other@example.com', phone: '+33612345678' }])).toEqual(['created'])
    expect(await upsert([{ phone: '+33612345678', firstName: 'Ann' }])).toEqual(['unchanged'])
    expect(
      await upsert([
        { email: 'B@example.com', city: 'Paris' },
        { email: 'b@example.com', city: 'Lyon' },
      ]),
    ).toEqual(['updated', 'updated'])
    expect(await upsert([{ email: 'b@example.com', city: 'Nice', lastName: 'Bee' }], 'fill')).toEqual([
      'updated',
    ])
    expect((await org.viewer.get('/api/contacts?q=b@')).body.items[0]).toMatchObject({
      city: 'Lyon',
      lastName: 'Bee',
    })
    expect(await upsert([{ email: 'b@example.com', city: 'Nice' }], 'skip')).toEqual(['skipped'])
  })
})

describe('custom fields', () => {
  test('values are typed; a choice in use stays; an archived field is no longer offered', async () => {
    const org = await h.organization()
    const field = (
      await org.editor.post('/api/contacts/fields', {
        name: 'Taille préférée',
        type: 'choice',
        choices: ['S', 'M'],
      })
    ).body
    expect(field.key).toBe('taille_preferee')
    await org.editor.post('/api/contacts/fields', { name: 'Points', type: 'number' })
    const id = await create(org.editor, {
      email: 'a@example.com',
      attributes: { taille_preferee: 'm', points: 12.5 },
    })
    expect((await org.viewer.get(`/api/contacts/${id}`)).body.attributes).toEqual({
      taille_preferee: 'M',
      points: 12.5,
    })
    expect(
      (await org.editor.post('/api/contacts', { email: 'b@example.com', attributes: { points: 'many' } }))
        .status,
    ).toBe(400)
    expect(
      (await org.editor.patch(`/api/contacts/fields/${field.id}`, { choices: ['S'] })).body,
    ).toMatchObject({ code: 'contacts.choice_in_use', choices: ['M'] })
    expect((await org.viewer.get('/api/contacts?attribute=taille_preferee:M')).body.items).toHaveLength(1)
    await org.editor.patch(`/api/contacts/fields/${field.id}`, { isArchived: true })
    expect((await org.viewer.get('/api/contacts/fields')).body.items).toHaveLength(1)
    expect(
      (await org.editor.patch(`/api/contacts/${id}`, { attributes: { taille_preferee: 'S' } })).status,
    ).toBe(400)
    expect(
      (await org.editor.post('/api/contacts/fields', { name: 'again', key: 'points', type: 'text' })).body
        .code,
    ).toBe('contacts.field_key_taken')
  })
})

describe('export', () => {
  test('ASVS-1.2.10 cells that a spreadsheet would run are made harmless, and every row is quoted as RFC 4180 says', async () => {
    const org = await h.organization()
    await create(org.editor, {
      email: 'a@example.com',
      phone: '+33612345678',
      firstName: '=HYPERLINK("x")',
      lastName: 'Dupont, "Jo"',
      tags: ['@a', 'b'],
    })
    const answer = await h.request({
      method: 'GET',
      url: '/api/contacts/export',
      headers: org.editor.headers,
    })
    expect(answer.headers['content-type']).toContain('text/csv')
    const [header, row] = answer.body.split('\r\n')
    expect(header?.startsWith('\ufeffid,email,phone')).toBe(true)
    expect(row).toContain(`a@example.com,'+33612345678,"'=HYPERLINK(""x"")","Dupont, ""Jo"""`)
    expect(row).toContain(`'@a; b`)
    expect(await auditActions(org)).toContain('contacts.exported')
  })
})

describe('forgetting', () => {
  test('an erased person is in no table of this room, also not where a change could bring them back', async () => {
    const org = await h.organization()
    const id = await create(org.editor, { email: 'gone@example.com', firstName: 'Gone', city: 'Paris' })
    await org.editor.post('/api/contacts/changes', {
      action: { kind: 'set_field', field: 'city', value: 'Lyon' },
      selection: { kind: 'ids', ids: [id] },
    })
    const deleted = (await org.editor.delete(`/api/contacts/${id}`)).body
    await org.editor.post(`/api/contacts/changes/${deleted.id}/undo`)
    const again = (await org.editor.delete(`/api/contacts/${id}`)).body
    await inTransaction(org.systemCtx, async (ctx) => {
      for (const step of Object.values(eraseSteps)) await step(ctx, id.slice(4) as ContactId)
    })
    const undone = await org.editor.post(`/api/contacts/changes/${again.id}/undo`)
    expect(undone.body.state).toBe('undone')
    expect((await org.viewer.get(`/api/contacts/${id}`)).status).toBe(404)
    for (const table of [
      'contact',
      'contact_undo',
      'contact_import_problem',
      'contact_change',
      'contact_import',
    ]) {
      const rows = await org.systemCtx.db.query(`select * from ${table} where org_id = $1`, [org.orgId])
      expect(JSON.stringify(rows)).not.toMatch(/gone@example|"Gone"/)
    }
  })
})

import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { harness } from '../testing/harness.ts'
import { apiCaller, type ApiCaller } from '../testing/organization.ts'

const h = await harness()
const DAY_MS = 86_400_000
const byKey = (key: string): ApiCaller => apiCaller(h.server, { authorization: `Bearer ${key}` })

describe('API keys', () => {
  test('DS-access-control.3 a key is shown once; only its hash is stored', async () => {
    const org = await h.organization()
    const made = await org.admin.post('/api/api-keys', { name: 'Shop', scopes: ['organization.read'] })
    expect(made.status).toBe(201)
    const { key, apiKey } = made.body
    expect(key.startsWith('fan_live_')).toBe(true)
    expect(key).toContain(apiKey.prefix)
    const listed = await org.admin.get('/api/api-keys')
    expect(JSON.stringify(listed.body)).not.toContain(key)
    const shown = listed.body.items.find((item: { id: string }) => item.id === apiKey.id)
    expect(shown).toMatchObject({ name: 'Shop', createdBy: 'Test admin', lastUsedAt: null })
    const everything = await dump()
    expect(everything).toContain(apiKey.prefix)
    expect(everything).not.toContain(key.slice(-20))
  })

  test('a key does what its scopes allow and nothing else', async () => {
    const org = await h.organization()
    const { key } = (await org.admin.post('/api/api-keys', { name: 'k', scopes: ['organization.read'] })).body
    expect((await byKey(key).get('/api/organization')).status).toBe(200)
    expect((await byKey(key).get('/api/members')).body).toMatchObject({
      status: 403,
      permission: 'members.read',
    })
    expect((await byKey(key).get('/api/session')).status).toBe(403)
  })

  test('nobody gives a key more than they may do themselves', async () => {
    const org = await h.organization()
    for (const scope of ['*', 'organization.delete']) {
      const refused = await org.admin.post('/api/api-keys', { name: 'k', scopes: [scope] })
      expect(refused.body).toMatchObject({ code: 'team.scope_above_own', scopes: [scope] })
      expect((await org.owner.post('/api/api-keys', { name: 'k', scopes: [scope] })).status).toBe(201)
    }
    const small = (await org.admin.post('/api/api-keys', { name: 'k', scopes: ['api_keys.write'] })).body.key
    expect((await byKey(small).post('/api/api-keys', { name: 'k', scopes: ['contacts.read'] })).status).toBe(
      403,
    )
  })

  test('revoked, expired, truncated and altered keys are nobody’s, also beside a good cookie', async () => {
    const org = await h.organization()
    const make = async (more: object = {}): Promise<{ key: string; id: string }> => {
      const { key, apiKey } = (await org.owner.post('/api/api-keys', { name: 'k', scopes: ['*'], ...more }))
        .body
      return { key, id: apiKey.id }
    }
    const [revoked, expiring, good] = [await make(), await make({ expiresInDays: 1 }), await make()]
    expect((await org.owner.delete(`/api/api-keys/${revoked.id}`)).status).toBe(204)
    expect((await org.owner.delete(`/api/api-keys/${revoked.id}`)).status).toBe(404)
    expect((await byKey(expiring.key).get('/api/organization')).status).toBe(200)
    h.clock.advance(DAY_MS)
    const other = await h.organization()
    const wrong = [
      revoked.key,
      expiring.key,
      good.key.slice(0, -1),
      good.key.slice(0, -1) + (good.key.endsWith('a') ? 'b' : 'a'),
      good.key.replace('live', 'test'),
      // The same secret under another organization's name.
      `fan_live_${other.apiKey.slice(9, 35)}${good.key.slice(35)}`,
    ]
    for (const key of wrong) {
      expect((await byKey(key).get('/api/organization')).status).toBe(401)
      const beside = apiCaller(h.server, {
        authorization: `Bearer ${key}`,
        cookie: org.owner.headers['cookie'] ?? '',
      })
      expect((await beside.get('/api/organization')).status).toBe(401)
    }
    expect((await h.request({ url: `/api/organization?api_key=${good.key}` })).statusCode).toBe(401)
    expect((await byKey(good.key).get('/api/organization')).status).toBe(200)
  })

  test('the last use is noted, and a repeated Idempotency-Key never repeats a secret', async () => {
    const org = await h.organization()
    const headers = { 'idempotency-key': 'same' }
    const wanted = { name: 'k', scopes: ['organization.read'] }
    const made = (await org.owner.post('/api/api-keys', wanted, headers)).body
    await org.owner.post('/api/api-keys', wanted, headers)
    expect(await dump('idempotency_key')).not.toContain(made.key)
    await byKey(made.key).get('/api/organization')
    const { items } = (await org.owner.get('/api/api-keys')).body
    const used = items.find((item: { id: string }) => item.id === made.apiKey.id)
    expect(used.lastUsedAt).toBe(h.clock.now().toISOString())
  })
})

describe('the organization', () => {
  const settings = {
    name: 'Lune',
    locale: 'fr',
    timeZone: 'Europe/Paris',
    currency: 'EUR',
    postalAddress: '2 rue du Test',
  }

  test('is read by everybody and changed by admins; the audit log says what changed', async () => {
    const org = await h.organization()
    expect((await org.editor.patch('/api/organization', settings)).status).toBe(403)
    const changed = await org.admin.patch('/api/organization', settings)
    expect(changed.body).toMatchObject(settings)
    const entry = (await org.admin.get('/api/audit?action=organization.changed')).body.items[0]
    expect(entry.change).toEqual({
      before: { name: 'Atelier Test', locale: 'en', postalAddress: '1 rue du Test, 75001 Paris' },
      after: { name: 'Lune', locale: 'fr', postalAddress: '2 rue du Test' },
    })
    await org.admin.patch('/api/organization', settings)
    expect((await org.admin.get('/api/audit?action=organization.changed')).body.items).toHaveLength(1)
  })

  test.each([
    ['timeZone', 'Mars/Olympus'],
    ['currency', 'EURO'],
    ['locale', 'de'],
    ['name', '   '],
    ['name', 'x'.repeat(121)],
    ['postalAddress', 'x'.repeat(501)],
  ])('NFR-004.6 %s cannot be %j', async (field, value) => {
    const org = await h.organization()
    const refused = await org.owner.patch('/api/organization', { ...settings, [field]: value })
    expect(refused.status).toBe(400)
    expect(refused.body.errors[0].path).toBe(field)
  })
})

describe('the audit log', () => {
  test('NFR-004.4 is filtered by who, what and when, in pages', async () => {
    const org = await h.organization()
    const start = h.clock.now()
    for (let i = 0; i < 5; i++) {
      h.clock.advance(60_000)
      await org.admin.post('/api/api-keys', { name: `key ${i}`, scopes: ['organization.read'] })
    }
    const all = (await org.owner.get('/api/audit?action=api_key.')).body.items
    expect(all.map((entry: { change: { name: string } }) => entry.change.name)).toEqual(
      [4, 3, 2, 1, 0].map((n) => `key ${n}`),
    )
    const first = (await org.owner.get('/api/audit?action=api_key.created&limit=2')).body
    const second = (
      await org.owner.get(`/api/audit?action=api_key.created&limit=2&cursor=${first.nextCursor}`)
    ).body
    expect([...first.items, ...second.items].map((entry) => entry.seq)).toEqual(
      all.slice(0, 4).map((entry: { seq: number }) => entry.seq),
    )
    const count = async (query: string): Promise<number> =>
      (await org.owner.get(`/api/audit?${query}`)).body.items.length
    expect(await count(`actor=${all[0].actor.id}`)).toBe(5)
    expect(await count('actor=system')).toBe(1)
    expect(await count('action=api_key')).toBe(0)
    expect(await count('action=api%25')).toBe(0)
    expect(await count(`subjectKind=api_key&subjectId=${all[2].subject.id}`)).toBe(1)
    expect(await count(`from=${new Date(start.getTime() + 150_000).toISOString()}`)).toBe(3)
    expect((await org.owner.get('/api/audit?cursor=nonsense')).body.code).toBe('request.cursor_foreign')
  })

  test('CS-018.7 the verification finds a changed entry', async () => {
    const org = await h.organization()
    await org.admin.post('/api/api-keys', { name: 'k', scopes: ['organization.read'] })
    expect((await org.owner.get('/api/audit/verification')).body).toEqual({
      entries: 2,
      intact: true,
      brokenAt: null,
      problem: null,
    })
    const client = new pg.Client({ ...h.connection })
    await client.connect()
    await client.query("update audit_entry set actor_id = 'somebody else' where org_id = $1 and seq = 2", [
      org.orgId,
    ])
    await client.end()
    expect((await org.owner.get('/api/audit/verification')).body).toMatchObject({
      intact: false,
      brokenAt: 2,
    })
  })
})

/** Everything that lies in a table, as text. */
async function dump(table = 'api_key'): Promise<string> {
  const client = new pg.Client({ ...h.connection })
  await client.connect()
  const { rows } = await client.query<{ text: string }>(
    `select string_agg(t::text, chr(10)) as text from ${table} t`,
  )
  await client.end()
  return rows[0]?.text ?? ''
}

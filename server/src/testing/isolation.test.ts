/**
 * Every route of every room, tried as those who must not: another organization, a viewer, nobody. Routes and the ids
 * they take are read from the route maps, so that a new route is tried from its first day.
 * Source: PC-46; ASVS 8.4.1; OWASP API1, API2, API5
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { rooms } from '../app.ts'
import { ID_KINDS, newUuid, toWire, type IdKind } from '../platform/ids.ts'
import { PERMISSIONS, ROLES, roleHolds, type Permission } from '../platform/permissions.ts'
import type { RegisteredRoute } from '../platform/room.ts'
import { harness } from './harness.ts'
import { apiCaller, type ApiAnswer, type ApiCaller, type TestOrganization } from './organization.ts'
import { exampleOf, kindsIn, parameterKinds, type IdsByKind } from './route-examples.ts'
import { makeSamples, type Samples } from './samples.ts'

const h = await harness({ env: { FANFARE_RATE_LIMIT_PER_MINUTE: '1000000' } })
const routes = rooms.flatMap((room) => room.routes)
const guarded = routes.filter((route) => route.spec.permission !== 'public')
const withIds = guarded.filter((route) => route.spec.params !== undefined)
const DAY_MS = 86_400_000

/** Path parameters that are no ids of a kind: how to make one in an organization, and one of nothing. */
const OTHER_PARAMETERS: Record<
  string,
  { of(org: TestOrganization): Promise<string>; unknown: string } | 'shared'
> = {
  'DELETE /api/suppressions/:id': {
    of: async (org) => (await org.owner.get('/api/suppressions')).body.items[0].id,
    unknown: `email-${'0'.repeat(32)}`,
  },
  'GET /api/event-definitions/:type': { of: eventTypeOf, unknown: 'track:Never' },
  'PUT /api/event-definitions/:type': { of: eventTypeOf, unknown: 'track:Never' },
  'POST /api/event-definitions/:type/personal': { of: eventTypeOf, unknown: 'track:Never' },
  'DELETE /api/message-prices/:channel': {
    of: async (org) => (await org.owner.get('/api/message-prices')).body.history[0].channel,
    unknown: 'whatsapp',
  },
  // The same names for everybody: nothing of an organization is behind them, or always one’s own.
  'GET /api/content/starters/:key/preview': 'shared',
  'PUT /api/budgets/:scope': 'shared',
}

/** A type of event that nobody else has seen; what it is of was sent before. */
async function eventTypeOf(org: TestOrganization): Promise<string> {
  return encodeURIComponent(`track:${seenBy(org)}`)
}

function seenBy(org: TestOrganization): string {
  return `Seen by ${org.orgId}`
}

/** Bodies that a schema alone does not describe. */
const BODIES: Record<string, (ids: IdsByKind) => unknown> = {
  'POST /api/organizations': () => SETTINGS,
  'PATCH /api/organization': () => SETTINGS,
  'POST /api/contacts/:id/consents': () => ({
    channel: 'email',
    state: 'withdrawn',
    occurredAt: '2026-11-01T09:00:00Z',
    source: 'paper',
  }),
  'POST /api/forms': () => ({ name: 'Form', definition: FORM }),
  'PUT /api/forms/:id': () => ({ name: 'Form', version: 1, definition: FORM }),
  'POST /api/forms/preview': () => ({ definition: FORM }),
  'PUT /api/privacy/preference-center': () => ({ version: 0, design: CENTER }),
  'POST /api/privacy/preference-center/preview': () => ({ design: CENTER }),
  'PUT /api/sending/domains/:id': () => ({ returnPathHost: null }),
  'POST /api/campaigns/:id/spends': () => SPEND,
  'PUT /api/campaigns/:id/spends/:spendId': () => SPEND,
  'POST /api/campaigns/:id/links': () => ({
    destination: 'https://shop.example/',
    platform: 'instagram',
    name: 'x',
  }),
  'POST /api/campaigns/:id/schedule': () => ({ at: '2027-01-15T09:00', timeZone: 'Europe/Paris' }),
}
const FORM = {
  languages: ['en'],
  title: { en: 'Form' },
  fields: [{ field: 'email', isRequired: true }],
  boxes: [],
}
const SPEND = { amount: 1, spentOn: '2026-11-20' }
const CENTER = { channels: ['email'], topics: [], offersTracking: true, accent: null, logoUrl: null }
const SETTINGS = {
  name: 'Alpha',
  locale: 'en',
  timeZone: 'Europe/Paris',
  currency: 'EUR',
  postalAddress: null,
}

let alpha: TestOrganization
let bravo: TestOrganization
let ofAlpha: Samples
let ofBravo: Samples
let unknown: Samples

beforeAll(async () => {
  alpha = await h.organization({ name: 'Alpha' })
  bravo = await h.organization({ name: 'bravomark' })
  await alpha.owner.post('/api/suppressions', { address: 'nobody@alphamark.example' })
  await bravo.owner.post('/api/suppressions', { address: 'nobody@bravomark.example' })
  await alpha.owner.put('/api/message-prices', { prices: [{ channel: 'sms', price: 0.05 }] })
  await bravo.owner.put('/api/message-prices', { prices: [{ channel: 'in_app', price: 0.01 }] })
  for (const org of [alpha, bravo])
    await org.key.post('/api/events', { event: seenBy(org), userId: 'somebody' })
  ofAlpha = await makeSamples(alpha, 'alphamark')
  ofBravo = await makeSamples(bravo, 'bravomark')
  unknown = Object.fromEntries(
    (Object.keys(ID_KINDS) as IdKind[]).map((kind) => [
      kind,
      toWire(kind, ID_KINDS[kind].form === 'uuid' ? newUuid(h.clock.now()) : '99999999999'),
    ]),
  )
})

describe('NFR-004.2 PC-46 DS-access-control.1 another organization', () => {
  test.each(withIds.map((route) => [route.key, route] as const))(
    '%s finds nothing under foreign ids, as under unknown ones, and changes nothing there',
    async (_key, route) => {
      const foreign = await pathOf(route, bravo, ofBravo)
      if (foreign === null) return
      const before = await stateOf(bravo)
      const body = bodyOf(route, ofAlpha)
      const [onForeign, onUnknown] = [
        await call(route, callerFor(route), foreign, body),
        await call(route, callerFor(route), await unknownPathOf(route), body),
      ]
      expect(problemsOf(onForeign), 'the body must be one that the route accepts').toEqual([])
      expect(onForeign.status).toBe(404)
      expect(comparable(onForeign)).toEqual(comparable(onUnknown))
      expect(await stateOf(bravo)).toEqual(before)
    },
  )

  const naming = guarded.filter((route) => route.spec.body && kindsIn(route.spec.body).length > 0)
  test.each(naming.map((route) => [route.key, route] as const))(
    '%s treats foreign ids in its body as unknown ones',
    async (_key, route) => {
      const before = await stateOf(bravo)
      const path = await pathOf(route, alpha, ofAlpha)
      const [onForeign, onUnknown] = [
        await call(route, callerFor(route), path ?? '', bodyOf(route, ofBravo)),
        await call(route, callerFor(route), path ?? '', bodyOf(route, unknown)),
      ]
      expect([onForeign.status, onForeign.body.code]).toEqual([onUnknown.status, onUnknown.body.code])
      expect(JSON.stringify(onForeign.body)).not.toContain('bravomark')
      expect(await stateOf(bravo)).toEqual(before)
    },
  )

  const lists = guarded.filter((route) => route.key.startsWith('GET ') && route.spec.params === undefined)
  test.each(lists.map((route) => [route.key, route] as const))(
    '%s shows nothing of others',
    async (_key, route) => {
      const answer = await call(route, callerFor(route), pathTemplate(route), undefined)
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)
      expect(text).not.toContain('bravomark')
      for (const id of Object.values(ofBravo)) expect(text).not.toContain(`"${id}"`)
    },
  )

  test('what was tried stands in one’s own audit log', async () => {
    const tried: { subject: { id: string }; actor: { kind: string } }[] = []
    let next: string | null = '/api/audit?action=request.not_found&limit=100'
    while (next !== null) {
      const { body } = await alpha.owner.get(next)
      tried.push(...body.items)
      next =
        body.nextCursor === null
          ? null
          : `/api/audit?action=request.not_found&limit=100&cursor=${encodeURIComponent(body.nextCursor)}`
    }
    expect(tried.map(({ subject }) => subject.id)).toContain('GET /api/contacts/:id')
    expect(tried[0]?.actor.kind).toBe('api_key')
  })
})

describe('NFR-004.2 PC-46 the application’s own account at the database', () => {
  test('PC-46 sees no row of any organization’s table without naming an organization, and can write none', async () => {
    await stateOf(alpha)
    const client = await h.platform.database.pool.connect()
    try {
      await client.query('begin')
      const found: string[] = []
      for (const { name } of tenantTables ?? []) {
        const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from ${name}`)
        if (rows[0]?.n !== 0) found.push(name)
      }
      expect(tenantTables?.length).toBeGreaterThan(20)
      expect(found).toEqual([])
      await expect(
        client.query(
          `insert into contact_tag (org_id, tag, created_at) values ('${alpha.orgId}', 'smuggled', now())`,
        ),
      ).rejects.toThrow(/row-level security/)
    } finally {
      await client.query('rollback')
      client.release()
    }
  })
})

describe('CB-13.2 DS-access-control.2 roles', () => {
  const changing = guarded.filter(
    (route) => !route.key.startsWith('GET ') && route.spec.permission !== 'person',
  )
  test.each(changing.map((route) => [route.key, route] as const))(
    '%s: a viewer is refused, or changes nothing',
    async (_key, route) => {
      const before = await stateOf(alpha)
      const path = (await pathOf(route, alpha, ofAlpha)) ?? pathTemplate(route)
      const answer = await call(route, alpha.viewer, path, bodyOf(route, ofAlpha))
      // Some questions are asked by POST: a viewer may ask them, and nothing changes.
      const isQuestion = roleHolds('viewer', route.spec.permission as Permission) // neither public nor for persons
      expect(answer.body.code === 'request.not_permitted').toBe(!isQuestion)
      expect(answer.status === 403).toBe(!isQuestion)
      expect(await stateOf(alpha)).toEqual(before)
    },
  )

  test.each(changing.map((route) => [route.key, route] as const))(
    '%s: a key without its scope is refused',
    async (_key, route) => {
      const scopes = Object.keys(PERMISSIONS).filter((permission) => permission !== route.spec.permission)
      const { body } = await alpha.owner.post('/api/api-keys', { name: 'narrow', scopes })
      const path = (await pathOf(route, alpha, ofAlpha)) ?? pathTemplate(route)
      const narrow = apiCaller(h.server, { authorization: `Bearer ${body.key}` })
      expect((await call(route, narrow, path, bodyOf(route, ofAlpha))).status).toBe(403)
      await alpha.owner.delete(`/api/api-keys/${body.apiKey.id}`)
    },
  )

  test('every role holds what the weaker ones hold, and the table of permissions is this one', () => {
    const held = ROLES.map((role) =>
      Object.keys(PERMISSIONS).filter((permission) => roleHolds(role, permission as Permission)),
    )
    for (const [index, permissions] of held.entries())
      expect(permissions).toEqual(expect.arrayContaining(held[index - 1] ?? []))
    expect(held[0]?.filter((permission) => !permission.endsWith('.read'))).toEqual([])
  })
})

describe('NFR-004.1 nobody', () => {
  const nobodies: Record<string, ApiCaller> = {}

  beforeAll(async () => {
    const make = async (more: object = {}) =>
      (await alpha.owner.post('/api/api-keys', { name: 'k', scopes: ['*'], ...more })).body
    const [revoked, expired] = [await make(), await make({ expiresInDays: 1 })]
    await alpha.owner.delete(`/api/api-keys/${revoked.apiKey.id}`)
    const idle = await h.organization()
    h.clock.advance(8 * DAY_MS)
    const bearer = (key: string) => apiCaller(h.server, { authorization: `Bearer ${key}` })
    Object.assign(nobodies, {
      'without proof': apiCaller(h.server, {}),
      'a revoked key': bearer(revoked.key),
      'an expired key': bearer(expired.key),
      'a truncated key': bearer(alpha.apiKey.slice(0, -1)),
      'a key of another make': bearer(alpha.apiKey.replace('live', 'test')),
      'an expired session': apiCaller(h.server, idle.owner.headers),
      'a made-up session': apiCaller(h.server, { cookie: 'fanfare_session=AAAAAAAAAAAAAAAAAAAAAAAAAAA' }),
    })
  })

  test.each(guarded.map((route) => [route.key, route] as const))('%s answers nobody', async (_key, route) => {
    const path = pathTemplate(route).replaceAll(/:[a-zA-Z]+/g, 'anything')
    for (const [who, caller] of Object.entries(nobodies))
      expect([who, (await call(route, caller, path, bodyOf(route, ofAlpha))).status]).toEqual([who, 401])
  })

  test('the live stream answers nobody', async () => {
    for (const caller of Object.values(nobodies)) expect((await caller.get('/api/stream')).status).toBe(401)
  })
})

/** People-only routes are tried by the owner, everything else by the key that may do everything. */
function callerFor(route: RegisteredRoute): ApiCaller {
  return route.spec.permission === 'person' ? alpha.owner : alpha.key
}

const pathTemplate = (route: RegisteredRoute): string => route.key.slice(route.key.indexOf(' ') + 1)

/** The route's path with the organization's own ids; null when its parameters belong to nobody. */
async function pathOf(
  route: RegisteredRoute,
  org: TestOrganization,
  samples: Samples,
): Promise<string | null> {
  const other = OTHER_PARAMETERS[route.key]
  if (other === 'shared') return null
  return fill(route, samples, other === undefined ? undefined : await other.of(org))
}

async function unknownPathOf(route: RegisteredRoute): Promise<string> {
  const other = OTHER_PARAMETERS[route.key]
  return fill(route, unknown, other === undefined || other === 'shared' ? undefined : other.unknown)
}

function fill(route: RegisteredRoute, samples: Samples, otherValue: string | undefined): string {
  const { params, query } = route.spec
  const search = query
    ? new URLSearchParams(exampleOf(query, samples) as Record<string, string>).toString()
    : ''
  const suffix = search === '' ? '' : `?${search}` // queries are flat texts by their nature
  if (!params) return pathTemplate(route) + suffix
  const kinds = parameterKinds(params)
  const path = pathTemplate(route).replaceAll(/:([a-zA-Z]+)/g, (_, name: string) => {
    const kind = kinds[name]
    const value = kind ? samples[kind] : (otherValue ?? (hasId(kinds) ? '1' : undefined))
    if (value === undefined)
      throw new Error(
        `${route.key}: no sample for :${name} (${kind ?? 'no kind of id'}); see testing/samples.ts`,
      )
    return value
  })
  return path + suffix
}

/** Beside an id, another parameter such as a version number may be any. */
const hasId = (kinds: Record<string, IdKind | null>): boolean =>
  Object.values(kinds).some((kind) => kind !== null)

function bodyOf(route: RegisteredRoute, ids: Samples): unknown {
  const { body, multipart } = route.spec
  if (!body || multipart) return undefined
  return BODIES[route.key]?.(ids) ?? exampleOf(body, ids)
}

function call(route: RegisteredRoute, caller: ApiCaller, path: string, body: unknown): Promise<ApiAnswer> {
  switch (route.key.split(' ')[0]) {
    case 'POST':
      return caller.post(path, body)
    case 'PUT':
      return caller.put(path, body)
    case 'PATCH':
      return caller.patch(path, body)
    case 'DELETE':
      return caller.delete(path, body)
    default:
      return caller.get(path)
  }
}

const problemsOf = (answer: ApiAnswer): unknown[] => (answer.status === 400 ? [answer.body] : [])

const comparable = ({ status, body }: ApiAnswer): unknown => ({ status, ...body, requestId: null })

/** Tables that a mere attempt may write: who tried what, and answers kept for a repeated key. */
const TRACES = new Set(['idempotency_key', 'audit_entry', 'org_log'])

/** A digest of every row of an organization, table by table. */
async function stateOf({ systemCtx: { db, orgId } }: TestOrganization): Promise<Record<string, string>> {
  tenantTables ??= await db.query<{ name: string }>(`
    select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped)`)
  const digests = tenantTables
    .filter(({ name }) => !TRACES.has(name))
    .map(
      ({ name }) =>
        `select '${name}' as name, coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from ${name} t where org_id = $1`,
    )
  const rows = await db.query<{ name: string; digest: string }>(digests.join(' union all '), [orgId])
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]))
}
let tenantTables: { name: string }[] | undefined

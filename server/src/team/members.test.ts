import { simpleParser } from 'mailparser'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { harness } from '../testing/harness.ts'
import { apiCaller, testMember, type ApiAnswer, type ApiCaller } from '../testing/organization.ts'
import { startSmtpSink } from '../testing/smtp-sink.ts'
import { inTransaction, personTransaction } from '../platform/db/index.ts'
import { toWire } from '../platform/ids.ts'
import { permissionsOf } from '../platform/permissions.ts'
import { organizationsOfPerson } from './queries/organizations.ts'

const mails: Buffer[] = []
const sink = await startSmtpSink({ onMail: (_entry, mail) => mails.push(mail) })
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
const ORIGIN = { origin: 'http://localhost:3000' }
const anybody = apiCaller(h.server, ORIGIN)
const PASSWORD = 'trois chats sous la pluie'
const DAY_MS = 86_400_000

function browser(answer: ApiAnswer): ApiCaller {
  const [cookie = ''] = [answer.headers['set-cookie']].flat().map(String)
  return apiCaller(h.server, { ...ORIGIN, cookie: cookie.split(';')[0] ?? '' })
}
const person = (id: string): string => toWire('person', id)
const tokenOf = (link: string): string => link.split('#')[1] ?? ''
/** Of the invitation that was mailed last. */
async function mailedToken(): Promise<string> {
  const { text = '' } = await simpleParser(mails.at(-1) ?? '')
  return tokenOf(/https?:\S+\/invitation#\S+/.exec(text)?.[0] ?? '')
}
const actionsOf = async (caller: ApiCaller): Promise<string[]> =>
  (await caller.get('/api/audit')).body.items.map((entry: { action: string }) => entry.action)

describe('members', () => {
  test('CB-13.2 everybody sees the members and their roles', async () => {
    const org = await h.organization()
    const { items } = (await org.viewer.get('/api/members')).body
    expect(items.map((one: { role: string }) => one.role).toSorted()).toEqual([
      'admin',
      'editor',
      'owner',
      'viewer',
    ])
    expect(items.find((one: { role: string }) => one.role === 'editor')).toMatchObject({
      personId: person(org.editor.personId),
      email: org.editor.email,
      hasSecondFactor: false,
    })
  })

  test('CB-13.2 a changed role holds with the next request, and stands in the audit log', async () => {
    const org = await h.organization()
    expect((await org.viewer.patch('/api/organization', {})).status).toBe(403)
    const changed = await org.admin.patch(`/api/members/${person(org.viewer.personId)}`, { role: 'admin' })
    expect(changed.body.role).toBe('admin')
    expect((await org.viewer.patch('/api/organization', {})).status).toBe(400)
    const entry = (await org.viewer.get('/api/audit?action=member.role_changed')).body.items[0]
    expect(entry).toMatchObject({
      actor: { kind: 'member', id: person(org.admin.personId), name: 'Test admin' },
      subject: { kind: 'person', id: person(org.viewer.personId) },
      change: { before: { role: 'viewer' }, after: { role: 'admin' } },
    })
  })

  test('admins make no owners and touch none', async () => {
    const org = await h.organization()
    const up = await org.admin.patch(`/api/members/${person(org.admin.personId)}`, { role: 'owner' })
    expect(up.body.code).toBe('team.role_above_own')
    const down = await org.admin.patch(`/api/members/${person(org.owner.personId)}`, { role: 'viewer' })
    expect(down.body.code).toBe('team.role_above_own')
    expect((await org.admin.delete(`/api/members/${person(org.owner.personId)}`)).status).toBe(403)
    const keyMade = await org.admin.post('/api/api-keys', { name: 'k', scopes: ['members.write'] })
    const key = apiCaller(h.server, { authorization: `Bearer ${keyMade.body.key}` })
    const byKey = await key.patch(`/api/members/${person(org.admin.personId)}`, { role: 'owner' })
    expect(byKey.body.code).toBe('team.role_above_own')
  })

  test('the last owner stays: cannot step down, be removed or leave', async () => {
    const org = await h.organization()
    const owner = `/api/members/${person(org.owner.personId)}`
    const organizationId = toWire('organization', org.orgId)
    expect((await org.owner.patch(owner, { role: 'admin' })).body.code).toBe('team.last_owner')
    expect((await org.owner.delete(owner)).body.code).toBe('team.last_owner')
    expect((await org.owner.post('/api/account/leave', { organizationId })).body.code).toBe('team.last_owner')
  })

  test('of two owners who step down at once one stays', async () => {
    const org = await h.organization()
    const second = await inTransaction(org.systemCtx, (ctx) => testMember(ctx, h.server, 'owner'))
    const answers = await Promise.all([
      org.owner.patch(`/api/members/${person(org.owner.personId)}`, { role: 'viewer' }),
      second.patch(`/api/members/${person(second.personId)}`, { role: 'viewer' }),
    ])
    expect(answers.map((answer) => String(answer.status)).toSorted()).toEqual(['200', '409'])
  })

  test('a removed member is out at once, in this organization only', async () => {
    const org = await h.organization()
    const other = await h.organization()
    await inTransaction(other.systemCtx, async (ctx) => {
      const { insertMembership } = await import('./queries/memberships.ts')
      await insertMembership(ctx, org.editor.personId, 'viewer')
    })
    expect((await org.admin.delete(`/api/members/${person(org.editor.personId)}`)).status).toBe(204)
    expect((await org.editor.get('/api/organization')).status).toBe(401)
    expect(await organizationsFor(org.editor.personId)).toEqual([other.orgId])
    expect((await org.admin.delete(`/api/members/${person(org.editor.personId)}`)).status).toBe(404)
    expect(await actionsOf(org.owner)).toContain('member.removed')
  })

  test('the open stream of a removed member ends, those of the others go on', async () => {
    const org = await h.organization()
    const base = await h.server.listen({ port: 0, host: '127.0.0.1' })
    const open = async (caller: ApiCaller) => {
      const { body } = await fetch(`${base}/api/stream`, { headers: caller.headers })
      const reader = (body ?? new ReadableStream()).getReader()
      await reader.read()
      return reader
    }
    const [theirs, others] = [await open(org.editor), await open(org.viewer)]
    const next = others.read()
    await org.admin.delete(`/api/members/${person(org.editor.personId)}`)
    expect((await theirs.read()).done).toBe(true)
    h.platform.hub.publish(org.orgId, 'campaign:1', { sent: 1 })
    expect(Buffer.from((await next).value ?? []).toString()).toContain('event: campaign:1')
    await others.cancel()
  })

  test('one leaves by oneself and stays signed in, in no organization', async () => {
    const org = await h.organization()
    const organizationId = toWire('organization', org.orgId)
    expect((await org.viewer.post('/api/account/leave', { organizationId })).status).toBe(204)
    expect((await org.viewer.get('/api/session')).body).toMatchObject({
      organization: null,
      role: null,
      permissions: [],
    })
    expect((await org.viewer.get('/api/organization')).body.code).toBe('request.no_organization')
  })

  test('a disabled person is out at once', async () => {
    const org = await h.organization()
    await asOwnerOfTheSchema('update person set disabled_at = $2 where id = $1', [
      org.editor.personId,
      h.clock.now(),
    ])
    expect((await org.editor.get('/api/session')).status).toBe(401)
  })
})

describe('NFR-004.2 memberships across tenants', () => {
  test('a person sees the rows of their own in every organization, and of nobody else', async () => {
    const [a, b] = [await h.organization(), await h.organization()]
    expect(await organizationsFor(a.owner.personId)).toEqual([a.orgId])
    const others = await personTransaction(h.platform.database, a.owner.personId, (db) =>
      db.query('select person_id from membership where org_id = any($1)', [[a.orgId, b.orgId]]),
    )
    expect(others).toEqual([{ personId: a.owner.personId }])
  })

  test('without a person and an organization nobody sees anything', async () => {
    const org = await h.organization()
    const client = await h.platform.database.pool.connect()
    try {
      const seen = await client.query('select * from membership where org_id = $1', [org.orgId])
      expect(seen.rows).toEqual([])
    } finally {
      client.release()
    }
  })

  test('naming oneself lets one read, never write', async () => {
    const org = await h.organization()
    const raise = personTransaction(h.platform.database, org.viewer.personId, (db) =>
      db.query("update membership set role = 'owner' where org_id = $1 and person_id = $2 returning role", [
        org.orgId,
        org.viewer.personId,
      ]),
    )
    expect(await raise).toEqual([])
    const join = personTransaction(h.platform.database, org.viewer.personId, (db) =>
      db.query(
        "insert into membership (org_id, person_id, role, created_at, updated_at) values ($1, $2, 'owner', $3, $3)",
        [org.orgId, org.viewer.personId, h.clock.now()],
      ),
    )
    await expect(join).rejects.toThrow(/row-level security/)
  })
})

describe('invitations', () => {
  test('a new person is mailed a link, chooses a name and a password, and is in', async () => {
    const org = await h.organization({ name: 'Maison Lune', locale: 'fr' })
    mails.length = 0
    const sent = await org.admin.post('/api/invitations', { email: 'Max@example.com', role: 'editor' })
    expect(sent.status).toBe(201)
    const mail = await simpleParser(mails[0] ?? '')
    expect(mail.subject).toBe('Rejoignez Maison Lune sur Fanfare')
    expect(mail.text).toContain('Test admin vous invite')
    expect(sent.body.link).toBeNull()
    const path = `/api/invitations/accept/${await mailedToken()}`
    expect((await anybody.get(path)).body).toMatchObject({
      organization: 'Maison Lune',
      email: 'Max@example.com',
      role: 'editor',
      hasAccount: false,
    })
    const bare = await anybody.post(path, {})
    expect(bare.body.errors.map((one: { path: string }) => one.path)).toEqual(['name', 'password'])
    const joined = await anybody.post(path, { name: 'Max', password: PASSWORD })
    expect((await browser(joined).get('/api/session')).body).toMatchObject({
      person: { name: 'Max', locale: 'fr' },
      organization: { name: 'Maison Lune' },
      role: 'editor',
    })
    expect((await anybody.post(path, { name: 'Eve', password: PASSWORD })).body.code).toBe(
      'team.invitation_over',
    )
    expect((await org.viewer.get('/api/invitations')).body.items).toEqual([])
    expect(await actionsOf(org.owner)).toContain('member.joined')
  })

  test('somebody with an account accepts signed in, as themselves', async () => {
    const [org, theirs, others] = [await h.organization(), await h.organization(), await h.organization()]
    const sent = await org.admin.post('/api/invitations', { email: theirs.owner.email, role: 'viewer' })
    expect(sent.status).toBe(201)
    const path = `/api/invitations/accept/${await mailedToken()}`
    expect((await anybody.get(path)).body.hasAccount).toBe(true)
    expect((await anybody.post(path, { name: 'Eve', password: PASSWORD })).body.code).toBe(
      'team.sign_in_first',
    )
    expect((await others.owner.post(path, {})).body.code).toBe('team.other_account')
    expect((await theirs.owner.post(path, {})).status).toBe(200)
    const session = (await theirs.owner.get('/api/session')).body
    expect(session.role).toBe('viewer')
    expect(session.organizations).toHaveLength(2)
  })

  test('members are not invited twice', async () => {
    const org = await h.organization()
    const again = await org.admin.post('/api/invitations', {
      email: org.viewer.email.toUpperCase(),
      role: 'editor',
    })
    expect(again.body.code).toBe('team.already_member')
    await org.admin.post('/api/invitations', { email: 'twice@example.com', role: 'editor' })
    const twice = await org.admin.post('/api/invitations', { email: 'Twice@example.com', role: 'editor' })
    expect(twice.body.code).toBe('team.already_invited')
    const owner = await org.admin.post('/api/invitations', { email: 'boss@example.com', role: 'owner' })
    expect(owner.body.code).toBe('team.role_above_own')
  })

  test('a key invites nobody to more than it holds, and changes nobody’s role above or below that', async () => {
    const org = await h.organization({ scopes: ['members.write', ...permissionsOf('viewer')] })
    const refused = { status: 403, body: { code: 'team.role_above_key' } }
    const invited = (role: string): Promise<ApiAnswer> =>
      org.key.post('/api/invitations', { email: `${role}@example.com`, role })
    for (const role of ['admin', 'editor']) expect(await invited(role)).toMatchObject(refused)
    expect((await invited('owner')).body.code).toBe('team.role_above_own')
    expect((await invited('viewer')).status).toBe(201)
    const [editor, viewer] = [org.editor, org.viewer].map(
      ({ personId }) => `/api/members/${person(personId)}`,
    )
    expect(await org.key.patch(viewer ?? '', { role: 'admin' })).toMatchObject(refused)
    expect(await org.key.patch(editor ?? '', { role: 'viewer' })).toMatchObject(refused)
    expect(await org.key.delete(editor ?? '')).toMatchObject(refused)
    expect((await org.key.delete(viewer ?? '')).status).toBe(204)
  })

  test('sending again replaces the link; revoking and a week end it', async () => {
    const org = await h.organization()
    const accept = (token: string): Promise<ApiAnswer> => anybody.get(`/api/invitations/accept/${token}`)
    const { id } = (await org.admin.post('/api/invitations', { email: 'late@example.com', role: 'editor' }))
      .body.invitation
    const first = await mailedToken()
    await org.admin.post(`/api/invitations/${id}/resend`)
    const second = await mailedToken()
    expect((await accept(first)).status).toBe(410)
    expect((await accept(second)).status).toBe(200)
    h.clock.advance(7 * DAY_MS + 1)
    expect((await accept(second)).status).toBe(410)
    // Seven idle days have ended the sessions of this file's people, too: the key goes on.
    await org.key.post(`/api/invitations/${id}/resend`)
    const third = await mailedToken()
    expect((await accept(third)).status).toBe(200)
    expect((await org.key.delete(`/api/invitations/${id}`)).status).toBe(204)
    expect((await accept(third)).status).toBe(410)
    expect((await org.key.delete(`/api/invitations/${id}`)).status).toBe(404)
  })

  test('made-up tokens answer like used ones', async () => {
    for (const token of ['x', 'a'.repeat(58), '%00', '0'.repeat(26) + 'a'.repeat(32)])
      expect((await anybody.get(`/api/invitations/accept/${token}`)).status).toBe(410)
  })
})

describe('an invitation that no mail server takes', () => {
  test('stands unsent, with its link to pass on by hand', async () => {
    const org = await h.organization()
    const sent = await org.admin.post('/api/invitations', {
      email: 'refuse-550-5.1.1.max@example.com',
      role: 'editor',
    })
    expect(sent.status).toBe(201)
    expect(sent.body.invitation.sentAt).toBeNull()
    expect((await anybody.get(`/api/invitations/accept/${tokenOf(sent.body.link)}`)).status).toBe(200)
  })
})

async function organizationsFor(personId: Parameters<typeof organizationsOfPerson>[1]): Promise<string[]> {
  const rows = await personTransaction(h.platform.database, personId, (db) =>
    organizationsOfPerson(db, personId),
  )
  return rows.map((row) => row.id)
}

async function asOwnerOfTheSchema(text: string, values: unknown[]): Promise<void> {
  const client = new pg.Client({ ...h.connection })
  await client.connect()
  await client.query(text, values)
  await client.end()
}

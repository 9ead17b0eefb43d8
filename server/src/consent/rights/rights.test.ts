import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32, inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { createContact, mergeContacts, updateContact, upsertContacts } from '../../contacts/index.ts'
import { recordConsents } from '../index.ts'
import { verifyAudit } from '../../platform/audit/index.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId, toWire, type CampaignId, type ContactId, type RunId } from '../../platform/ids.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { recordMessages } from '../../tracking/index.ts'
import { forgetPeople } from './erase-person.ts'
import { dueFrom } from './requests.ts'

const DAY_MS = 86_400_000
const logLines: string[] = []
const sink = await startSmtpSink({ onMail: () => {} })
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` }, logLines })
let org: TestOrganization
beforeAll(async () => {
  org = await h.organization({ name: 'Atelier Nord' })
})

/** What the outside told, as intake writes it. */
const track = (contactId: ContactId, events: readonly { type: string; payload: object }[]) =>
  inTransaction(org.systemCtx, async (ctx) => {
    const [head] = await ctx.db.query<{ pos: string }>(
      `insert into org_log (org_id, pos) values ($1, $2) on conflict (org_id) do update set pos = org_log.pos + $2 returning pos`,
      [ctx.orgId, events.length],
    )
    await ctx.db.query(
      `
      insert into event (org_id, seq, recorded_at, at, type, contact_id, payload)
      select $1, $2::bigint - e.n + 1, $3, $3, e.type, $4, e.payload
      from unnest($5::text[], $6::jsonb[]) with ordinality as e (type, payload, n)`,
      [
        ctx.orgId,
        head?.pos,
        ctx.now(),
        contactId,
        events.map((event) => event.type),
        events.map((event) => JSON.stringify(event.payload)),
      ],
    )
  })

async function messagesTo(contactId: ContactId, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    const now = h.clock.now()
    const run: { campaignId: CampaignId; runId: RunId; channel: string; month: string } = {
      campaignId: newId<'campaign'>(now),
      runId: newId<'run'>(now),
      channel: 'email',
      month: '2026-11-01',
    }
    await recordMessages(org.systemCtx, run, 1, [
      { contactId, state: n % 4 === 0 ? 'skipped' : 'sent', reason: n % 4 === 0 ? 'withdrawn' : null },
    ])
  }
}

/** Reads an archive by its central directory, as unzip does. */
function unzipped(bytes: Buffer): Map<string, string> {
  const end = bytes.lastIndexOf(Buffer.from('504b0506', 'hex'))
  const files = new Map<string, string>()
  let place = bytes.readUInt32LE(end + 16)
  for (let n = 0; n < bytes.readUInt16LE(end + 10); n++) {
    const [crc, packed, size, nameLength] = [
      bytes.readUInt32LE(place + 16),
      bytes.readUInt32LE(place + 20),
      bytes.readUInt32LE(place + 24),
      bytes.readUInt16LE(place + 28),
    ]
    const name = bytes.toString('utf8', place + 46, place + 46 + nameLength)
    const start = bytes.readUInt32LE(place + 42) + 30 + nameLength
    const content = inflateRawSync(bytes.subarray(start, start + packed))
    expect([content.length, crc32(content)]).toEqual([size, crc])
    files.set(name, content.toString('utf8'))
    place += 46 + nameLength
  }
  return files
}

const fetchPath = (url: string) => h.request({ url: new URL(url).pathname })

describe('PC-45 the erasure of a person', () => {
  const EMAIL = 'ada.lovelace.byron@example.org'
  const PHONE = '+33612349876'
  const NAMES = ['Zyxadora', 'Lovelacebyron']
  const TRACES = [EMAIL, EMAIL.toUpperCase(), PHONE, PHONE.slice(1), ...NAMES]

  test('PC-45 DS-data-privacy.2 leaves no trace in a full dump, the files, the queue or the log; counts stay, the chain verifies, an import stays blocked', async () => {
    const { key } = org
    const made = await key.post('/api/contacts', {
      email: EMAIL,
      phone: PHONE,
      firstName: NAMES[0],
      lastName: NAMES[1],
      tags: ['vip'],
    })
    expect(made.status).toBe(201)
    const wire: string = made.body.id
    const contactId = wire.slice('con_'.length) as ContactId
    await key.patch(`/api/contacts/${wire}`, { city: `Paris of ${NAMES[0]}` })
    await key.post(`/api/contacts/${wire}/consents`, {
      channel: 'email',
      state: 'granted',
      occurredAt: '2026-11-01T09:00:00Z',
      source: `Telephone call with ${NAMES[0]} ${NAMES[1]}`,
      reason: `said ${EMAIL}`,
    })
    const twin = await createContact(
      org.systemCtx,
      { email: `old.${EMAIL}`, firstName: NAMES[0] ?? '' },
      'manual',
    )
    await mergeContacts(org.systemCtx, contactId, twin.id)
    await h.drain()
    const friend = await createContact(org.systemCtx, { email: 'friend@example.org' }, 'manual')
    await track(contactId, [
      {
        type: 'identify',
        payload: { messageId: 'm1', sourceId: 's', traits: { email: EMAIL, name: NAMES.join(' ') } },
      },
      {
        type: 'track:Order Completed',
        payload: {
          messageId: 'm2',
          sourceId: 's',
          properties: { ship_to: NAMES.join(' '), greeting: `Hello ${NAMES[0]}!`, items: 3 },
          money: { amountMinor: 1250, currency: 'EUR' },
        },
      },
    ])
    await track(friend.id, [
      { type: 'track:Invited', payload: { properties: { friend: EMAIL.toUpperCase() } } },
    ])
    await org.admin.post('/api/suppressions', { address: 'x@example.org', note: `letter of ${EMAIL}` })
    await org.owner.get(`/api/suppressions?address=${EMAIL}`)
    const { body: bulk } = await org.owner.post('/api/contacts/changes', {
      action: { kind: 'add_tags', tags: ['sought'] },
      selection: { kind: 'matching', filter: { q: EMAIL }, except: [] },
    })
    expect(bulk.id).toBeDefined()
    const { campaignId } = await testLaunch(org.ctx)
    await h.drain()
    h.clock.advance(5_000)
    await h.drain()
    const before = await figures(campaignId)
    expect(before.length).toBeGreaterThan(0)
    const archive = await org.admin.post('/api/privacy/requests', {
      kind: 'access',
      contactId: wire,
      note: `asked by ${NAMES.join(' ')}`,
    })
    await h.drain()
    expect(await traces()).not.toEqual([])

    const erased = await key.post(`/api/contacts/${wire}/erase`, { note: `by letter of ${EMAIL}` })
    expect(erased.status).toBe(202)
    await h.drain()
    const { body: request } = await org.viewer.get(`/api/privacy/requests/${erased.body.id}`)
    expect(request).toMatchObject({ state: 'completed', contactName: null, note: '', mentions: [] })

    expect(await traces()).toEqual([])
    expect(await tracesInFiles(h.dataDir)).toEqual([])
    expect(logLines.filter((line) => TRACES.some((trace) => line.includes(trace)))).toEqual([])
    expect((await key.get(`/api/contacts/${wire}`)).status).toBe(404)
    expect((await org.admin.get(`/api/privacy/requests/${archive.body.id}/archive`)).status).toBe(410)
    expect(await figures(campaignId)).toEqual(before)
    expect(await verifyAudit(org.ctx)).toMatchObject({ intact: true })
    const [money] = await org.systemCtx.db.query<{ payload: object }>(
      `select payload from event where org_id = $1 and contact_id = $2 and type = 'track:Order Completed'`,
      [org.orgId, contactId],
    )
    expect(money?.payload).toMatchObject({
      properties: { items: 3 },
      money: { amountMinor: 1250, currency: 'EUR' },
    })

    const listed = await org.viewer.get(`/api/suppressions?address=${EMAIL}`)
    expect(listed.body.items).toMatchObject([{ reason: 'erasure', scope: 'all', note: '', contact: null }])
    const [back] = await upsertContacts(org.systemCtx, [{ email: EMAIL, phone: PHONE }], {
      policy: 'update',
      source: 'import',
    })
    await recordConsents(org.systemCtx, { source: 'import' }, [
      {
        contactId: back?.contactId ?? ('0' as ContactId),
        channel: 'email',
        purpose: 'marketing',
        state: 'granted',
      },
    ])
    const { body: again } = await org.viewer.get(
      `/api/contacts/${toWire('contact', back?.contactId ?? '0')}/consents`,
    )
    expect(again.reachability).toMatchObject([
      { channel: 'email', marketing: 'suppressed_erasure', transactional: 'suppressed_erasure' },
      { channel: 'sms', marketing: 'suppressed_erasure', transactional: 'suppressed_erasure' },
      { channel: 'whatsapp', marketing: 'suppressed_erasure', transactional: 'suppressed_erasure' },
      { channel: 'in_app', marketing: 'never_asked', transactional: null },
      { channel: 'webhook', marketing: null, transactional: null },
    ])
  })

  test('PC-45 what strangers and programs wrote of the person in tables of every room is gone too', async () => {
    const email = 'told.about@example.org'
    const phone = '+33698761234'
    const made = await org.key.post('/api/contacts', {
      email,
      phone,
      firstName: 'Quillon',
      lastName: 'Abernathy',
    })
    const contactId = made.body.id.slice('con_'.length) as ContactId
    const { db } = org.systemCtx
    const now = h.clock.now()
    const someId = newId<'run'>(now)
    const said = `550 <${email.toUpperCase()}>: Quillon Abernathy (${phone}) is unknown`
    // Written as the rooms write them; each through its own door would take a provider, a site and a day.
    await db.query(
      `insert into vendor_unknown (org_id, provider_id, type, times, example, first_at, last_at) values ($1, $2, 'odd', 3, $3, $4, $4)`,
      [org.orgId, someId, JSON.stringify({ rcpt: email }), now],
    )
    await db.query(
      `insert into sending_alert (org_id, domain, receiver, reason, text, times, first_at, last_at, held_until)
       values ($1, 'shop.example', 'mx.example', 'blocked', $2, 2, $3, $3, $3)`,
      [org.orgId, said, now],
    )
    await db.query(
      `insert into refusal (org_id, run_id, contact_id, channel, provider, code, words, reason, is_final, attempts, created_at, updated_at)
       values ($1, $2, $3, 'email', '', '550', $4, 'invalid_recipient', true, 1, $5, $5)`,
      [org.orgId, someId, contactId, said, now],
    )
    await db.query(
      `insert into inbound_message (org_id, provider_id, channel, event_id, contact_id, sender, text, intent, received_at)
       values ($1, $2, 'sms', 'e1', $3, $4, 'It is Quillon Abernathy', 'none', $5)`,
      [org.orgId, someId, contactId, phone, now],
    )
    await db.query(
      `insert into in_app_message (org_id, contact_id, token, title, body, created_at) values ($1, $2, 't', 'Hello Quillon', $3, $4)`,
      [org.orgId, contactId, email, now],
    )
    await db.query(
      `insert into direct_message (org_id, id, channel, purpose, version_id, source_id, contact_id, month, data, state, due_at, created_at, updated_at)
       values ($1, $2, 'email', 'transactional', $2, $2, $3, '2026-11-01', $4, 'ended', $5, $5, $5)`,
      [org.orgId, someId, contactId, JSON.stringify({ to: said }), now],
    )
    await db.query(
      `insert into form_submission (org_id, form_id, version, contact_id, state, locale, boxes, field_values, address_hash, submitted_at)
       values ($1, $2, 1, $3, 'recorded', 'en', '{}', $4, '\\x00', $5)`,
      [org.orgId, someId, contactId, JSON.stringify({ email, firstName: 'Quillon' }), now],
    )
    await org.admin.post('/api/suppressions/imports', {
      source: `Mail of ${email}`,
      note: 'asked for others',
    })
    await org.admin.post(`/api/contacts/${made.body.id}/erase`, {})
    await h.drain()
    const traces = [...(await dump())].filter(([, text]) =>
      /told\.about@|698761234|quillon|abernathy/i.test(text),
    )
    expect(traces.map(([table]) => table)).toEqual([])
    const [counted] = await db.query<{ times: string }>(
      `select times from vendor_unknown where org_id = $1 and type = 'odd'`,
      [org.orgId],
    )
    expect(counted?.times).toBe('3')
  })

  test('PC-45 what is marked personal is looked for in everything else that is the person’s, and left alone elsewhere', async () => {
    const email = 'badge.holder@example.org'
    const told = (address: string, event: string, properties: object) =>
      org.key.post('/api/events', { type: 'track', event, email: address, properties })
    const made = await org.key.post('/api/contacts', { email })
    await org.key.post('/api/contacts', { email: 'porter@example.org' })
    await told(email, 'Badge Printed', { badge: 'QX-77319', floor: 2 })
    await told(email, 'Door Opened', { remark: 'shown badge QX-77319', door: 'north' })
    await told('porter@example.org', 'Door Opened', { remark: 'QX-77319 stuck', door: 'south' })
    await h.drain()
    await org.admin.post('/api/event-definitions/track%3ABadge%20Printed/personal', {
      property: 'badge',
      isPersonal: true,
    })
    await org.admin.post(`/api/contacts/${made.body.id}/erase`, {})
    await h.drain()
    const events = await org.systemCtx.db.query<{ properties: object }>(
      `select payload -> 'properties' as properties from event
       where org_id = $1 and type in ('track:Badge Printed', 'track:Door Opened') order by seq`,
      [org.orgId],
    )
    expect(events.map(({ properties }) => properties)).toEqual([
      { floor: 2 },
      { remark: 'shown badge [erased]', door: 'north' },
      { remark: 'QX-77319 stuck', door: 'south' },
    ])
  })

  test('PC-45 whoever is called as JSON calls nothing is forgotten, and what is nothing stays so', async () => {
    const email = 'null.true@example.org'
    const made = await org.key.post('/api/contacts', { email, firstName: 'True', lastName: 'Null' })
    await org.key.post('/api/events', {
      type: 'track',
      event: 'Gift Sent',
      email,
      properties: { isWrapped: true, true: 'kept', [email]: 1 },
    })
    await h.drain()
    const { body } = await org.admin.post(`/api/contacts/${made.body.id}/erase`, {})
    await h.drain()
    expect((await org.viewer.get(`/api/privacy/requests/${body.id}`)).body.state).toBe('completed')
    expect(await propertiesOf('track:Gift Sent')).toEqual([{ isWrapped: true, true: 'kept', '[erased]': 1 }])
  })

  test('PC-45 a personal number is taken out where it stands as a number, too; what was paid stays', async () => {
    const email = 'numbered@example.org'
    const made = await org.key.post('/api/contacts', { email })
    const told = (event: string, properties: object) =>
      org.key.post('/api/events', { type: 'track', event, email, properties })
    await told('Locker Given', { locker: 4711001 })
    await told('Locker Opened', {
      seen: [4711001, 47110012, -4711001],
      locker: 4711001.5,
      note: 'No. 4711001',
    })
    await told('Locker Paid', { revenue: 47110.01, currency: 'EUR' })
    await h.drain()
    await org.admin.post('/api/event-definitions/track%3ALocker%20Given/personal', {
      property: 'locker',
      isPersonal: true,
    })
    await org.admin.post(`/api/contacts/${made.body.id}/erase`, {})
    await h.drain()
    expect(await propertiesOf('track:Locker Opened')).toEqual([
      { seen: [null, 47110012, -4711001], locker: 4711001.5, note: 'No. [erased]' },
    ])
    const [paid] = await org.systemCtx.db.query<{ money: object }>(
      `select payload -> 'money' as money from event where org_id = $1 and type = 'track:Locker Paid'`,
      [org.orgId],
    )
    expect(paid?.money).toEqual({ amountMinor: 4711001, currency: 'EUR' })
  })

  test('PC-45 is found in what others did however the name is written: other scripts, quotes, capitals', async () => {
    const people = [
      { email: 'zinaida@example.org', firstName: 'Зинаида', lastName: 'Пушкарёва' },
      { email: 'little.dragon@example.org', firstName: '李小龙', lastName: '陈港生' },
      { email: 'jojo@example.org', firstName: 'Jean "Jojo"', lastName: 'Petitpas' },
      { email: 'zoe@example.org', firstName: 'Zoë', lastName: 'Ströhmäßiger' },
    ]
    const ids: string[] = []
    for (const person of people) ids.push((await org.key.post('/api/contacts', person)).body.id)
    const written = [
      'met Зинаида Пушкарёва today',
      '李小龙 陈港生, LITTLE.DRAGON@EXAMPLE.ORG',
      'JEAN "JOJO" PETITPAS called',
      'Zoë Ströhmäßiger and Zinaida@Example.org',
      'nobody at all, but another.zoe@example.org',
    ]
    for (const note of written)
      await org.key.post('/api/events', {
        type: 'track',
        event: 'Note Taken',
        email: 'witness@example.org',
        properties: { note },
      })
    await h.drain()
    for (const id of ids) await org.admin.post(`/api/contacts/${id}/erase`, {})
    await h.drain()
    const notes = await org.systemCtx.db.query<{ note: string }>(
      `select payload -> 'properties' ->> 'note' as note from event where org_id = $1 and type = 'track:Note Taken' order by seq`,
      [org.orgId],
    )
    expect(notes.map(({ note }) => note)).toEqual([
      'met [erased] today',
      '[erased], [erased]',
      '[erased] called',
      '[erased] and [erased]',
      'nobody at all, but another.zoe@example.org',
    ])
    const traces = [...(await dump())].filter(([, text]) =>
      /Пушкарёва|陈港生|jojo|petitpas|Ströhmäßiger|zinaida|little\.dragon/i.test(text),
    )
    expect(traces.map(([table]) => table)).toEqual([])
  })

  test('PC-45 people whose time is over are looked for in one pass, each text as a whole', async () => {
    const people = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        createContact(org.systemCtx, { email: `late.${n}.person@example.org` }, 'manual'),
      ),
    )
    const all = people.map((_, n) => `late.${n}.person@example.org`).join(', ')
    await org.key.post('/api/events', {
      type: 'track',
      event: 'List Kept',
      email: 'keeper@example.org',
      properties: { all, near: 'too.late.1.person@example.org' },
    })
    await h.drain()
    await forgetPeople(
      org.systemCtx,
      people.map(({ id }) => id),
    )
    const [kept] = await org.systemCtx.db.query<{ properties: { all: string; near: string } }>(
      `select payload -> 'properties' as properties from event where org_id = $1 and type = 'track:List Kept'`,
      [org.orgId],
    )
    expect(kept?.properties.all).toBe(people.map(() => '[erased]').join(', '))
    expect(kept?.properties.near).toBe('too.late.1.person@example.org')
  })

  test('PC-45 says where members’ own words still name the person', async () => {
    const contact = await createContact(org.systemCtx, { email: 'quoted.person@example.org' }, 'manual')
    await org.editor.post('/api/segments', {
      name: 'Asked by quoted.person@example.org',
      kind: 'static',
    })
    const { body } = await org.admin.post(`/api/contacts/${toWire('contact', contact.id)}/erase`, {})
    await h.drain()
    const { body: request } = await org.viewer.get(`/api/privacy/requests/${body.id}`)
    expect(request.mentions).toEqual([{ table: 'segment', rows: 1 }])
  })

  test('PC-45 reaches a person who was deleted but can still come back, and those of the same name are left alone', async () => {
    const gone = await createContact(org.systemCtx, { email: 'gone.person@example.org' }, 'manual')
    const near = await createContact(org.systemCtx, { email: 'not.gone.person@example.org' }, 'manual')
    await updateContact(org.ctx, near.id, { city: 'Lille' }, 'manual')
    await org.editor.post('/api/contacts/changes', {
      action: { kind: 'delete' },
      selection: { kind: 'ids', ids: [toWire('contact', gone.id)] },
    })
    await h.drain()
    await org.admin.post(`/api/contacts/${toWire('contact', gone.id)}/erase`, {})
    await h.drain()
    const found = await dump()
    expect(
      [...found].filter(([, text]) => /(?<![\w.])gone\.person@/.test(text)).map(([table]) => table),
    ).toEqual([])
    const listed = await org.viewer.get('/api/suppressions?address=gone.person@example.org')
    expect(listed.body.items).toMatchObject([{ reason: 'erasure' }])
    const kept = await org.owner.get(`/api/audit?subjectKind=contact&subjectId=${near.id}`)
    expect(
      kept.body.items.find(({ action }: { action: string }) => action === 'contacts.updated').change,
    ).not.toBeNull()
  })

  async function propertiesOf(type: string): Promise<object[]> {
    const events = await org.systemCtx.db.query<{ properties: object }>(
      `select payload -> 'properties' as properties from event where org_id = $1 and type = $2 order by seq`,
      [org.orgId, type],
    )
    return events.map(({ properties }) => properties)
  }

  /** Every row of every table, as an administrator's COPY writes it. */
  async function dump(): Promise<Map<string, string>> {
    const client = new pg.Client({ ...h.connection })
    await client.connect()
    const { rows } = await client.query<{ name: string }>(
      `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`,
    )
    const texts = new Map<string, string>()
    for (const { name } of rows) {
      const table = await client.query<{ row: string }>(`select t::text as row from "${name}" t`)
      texts.set(name, table.rows.map(({ row }) => unescaped(row)).join('\n'))
    }
    await client.end()
    return texts
  }

  async function traces(): Promise<string[]> {
    return [...(await dump())].flatMap(([table, text]) =>
      TRACES.filter((trace) => text.toLowerCase().includes(trace.toLowerCase())).map(
        (trace) => `${table}: ${trace}`,
      ),
    )
  }

  async function tracesInFiles(folder: string): Promise<string[]> {
    const names = await readdir(folder, { recursive: true, withFileTypes: true })
    const found: string[] = []
    for (const file of names.filter((entry) => entry.isFile())) {
      const text = await readFile(join(file.parentPath, file.name), 'latin1')
      if (TRACES.some((trace) => text.includes(trace))) found.push(file.name)
    }
    return found
  }

  const figures = (campaignId: string) =>
    org.systemCtx.db.query<{ name: string; n: string }>(
      'select name, sum(n)::text as n from metric where org_id = $1 and campaign_id = $2 group by name order by name',
      [org.orgId, campaignId],
    )
})

/** bytea columns show as hexadecimal: a text hidden in one is a text all the same. */
function unescaped(row: string): string {
  return (
    row +
    [...row.matchAll(/\\\\x([0-9a-f]{8,})/g)]
      .map(([, hex]) => Buffer.from(hex ?? '', 'hex').toString('latin1'))
      .join(' ')
  )
}

async function filesIn(folder: string): Promise<string[]> {
  return readdir(folder)
}

describe('requests', () => {
  test('nobody but those who may gets one, and another organization finds nothing', async () => {
    const contact = await createContact(org.systemCtx, { email: 'guarded@example.net' }, 'manual')
    const contactId = toWire('contact', contact.id)
    expect((await org.editor.post('/api/privacy/requests', { kind: 'access', contactId })).status).toBe(403)
    const other = await h.organization()
    expect((await other.owner.post('/api/privacy/requests', { kind: 'access', contactId })).status).toBe(404)
    expect((await other.owner.post(`/api/contacts/${contactId}/erase`, {})).status).toBe(404)
  })

  test('are due one month after they were received, and each step names who took it', async () => {
    const contact = await createContact(org.systemCtx, { email: 'asks@example.net' }, 'manual')
    const contactId = toWire('contact', contact.id)
    const opened = await org.admin.post('/api/privacy/requests', {
      kind: 'erasure',
      contactId,
      receivedAt: '2026-10-31T08:00:00Z',
    })
    expect(opened.body).toMatchObject({
      state: 'open',
      dueAt: '2026-11-30T08:00:00.000Z',
      isOverdue: false,
      createdBy: `member:${org.admin.personId}`,
    })
    const path = `/api/privacy/requests/${opened.body.id}`
    expect((await org.admin.post(`${path}/reject`, { reason: 'x' })).status).toBe(400)
    const rejected = await org.owner.post(`${path}/reject`, {
      reason: 'Not the person: no proof of identity.',
    })
    expect(rejected.body).toMatchObject({ state: 'rejected', endedBy: `member:${org.owner.personId}` })
    expect((await org.owner.post(`${path}/carry-out`)).status).toBe(409)
    expect((await org.viewer.get(`/api/privacy/requests?contactId=${contactId}`)).body.items).toHaveLength(1)
    expect(
      (
        await org.admin.post('/api/privacy/requests', {
          kind: 'access',
          contactId,
          receivedAt: '2999-01-01T00:00:00Z',
        })
      ).status,
    ).toBe(400)
  })

  test('no due date is later than a calendar month, or earlier than 28 days', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        (received) => {
          const days = (dueFrom(received).getTime() - received.getTime()) / DAY_MS
          expect(days).toBeGreaterThanOrEqual(28)
          expect(days).toBeLessThanOrEqual(31)
        },
      ),
    )
  })
})

// Last, because the clock goes on for more than a week.
describe('PC-44 the archive of a person', () => {
  test('NFR-004.1 PC-44 whoever may only look at requests gets no link to the archive; a member who fetches it is named', async () => {
    const contact = await createContact(org.systemCtx, { email: 'irene@example.net' }, 'manual')
    const opened = await org.admin.post('/api/privacy/requests', {
      kind: 'access',
      contactId: toWire('contact', contact.id),
    })
    await h.drain()
    const path = `/api/privacy/requests/${opened.body.id}`
    for (const looking of [org.viewer, org.editor]) {
      const [one, list] = [await looking.get(path), await looking.get('/api/privacy/requests')]
      expect(one.body.archive).toMatchObject({ bytes: expect.any(Number) as number, url: null })
      expect(JSON.stringify([one.body, list.body])).not.toContain('/privacy/archives/')
      expect((await looking.get(`${path}/archive`)).status).toBe(403)
    }
    const { body } = await org.admin.get(path)
    expect((await fetchPath(body.archive.url)).statusCode).toBe(200)

    expect((await org.admin.get(`${path}/archive`)).status).toBe(200)
    const audited = await org.owner.get('/api/audit?action=privacy_request.archive_downloaded')
    const { body: session } = await org.admin.get('/api/session')
    expect(audited.body.items.map(({ actor }: { actor: object }) => actor)).toMatchObject([
      { kind: 'member', name: session.person.name },
      { kind: 'contact' },
    ])
  })

  test('PC-44 DS-data-privacy.2 is complete against a hand count, as JSON and as tables, within a minute; its link ends, its download is audited', async () => {
    const contact = await createContact(
      org.systemCtx,
      { email: 'marie.curie@example.net', firstName: 'Marie', lastName: 'Curie', phone: '+33612340001' },
      'manual',
    )
    const wire = toWire('contact', contact.id)
    await track(
      contact.id,
      Array.from({ length: 500 }, (_, n) => ({ type: 'track:Visited', payload: { properties: { n } } })),
    )
    await messagesTo(contact.id, 40)
    for (let n = 0; n < 6; n++) {
      h.clock.advance(1_000)
      await recordConsents(org.systemCtx, { source: 'form', wording: { text: 'Oui.', locale: 'fr' } }, [
        {
          contactId: contact.id,
          channel: 'email',
          purpose: 'marketing',
          state: n % 2 ? 'denied' : 'granted',
        },
      ])
    }
    for (const name of ['One', 'Two']) {
      const { body } = await org.editor.post('/api/segments', { name, kind: 'static' })
      await org.editor.post(`/api/segments/${body.id}/members`, { contactIds: [wire] })
    }
    await org.editor.post('/api/segments', {
      name: 'Curies',
      kind: 'dynamic',
      rule: { all: [{ kind: 'contact', field: 'last_name', operator: 'equals', value: 'Curie' }] },
    })
    await org.editor.post('/api/segments', {
      name: 'Others',
      kind: 'dynamic',
      rule: { all: [{ kind: 'contact', field: 'last_name', operator: 'equals', value: 'Pasteur' }] },
    })
    const opened = await org.admin.post('/api/privacy/requests', { kind: 'access', contactId: wire })
    expect(opened.status).toBe(201)
    expect(opened.body).toMatchObject({ state: 'running', archive: null })
    await h.drain()
    const { body: ready } = await org.admin.get(`/api/privacy/requests/${opened.body.id}`)
    expect(ready).toMatchObject({ state: 'completed', downloads: 0 })
    const answer = await fetchPath(ready.archive.url)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-type']).toBe('application/zip')
    const files = unzipped(answer.rawPayload)
    const archive = JSON.parse(files.get('archive.json') ?? '')
    const rowsOf = (part: string): Record<string, unknown>[] => archive.parts[part].rows
    expect(rowsOf('event').filter(({ type }) => type === 'track:Visited')).toHaveLength(500)
    expect(rowsOf('message')).toHaveLength(40)
    expect(rowsOf('message').filter(({ reason }) => reason === 'withdrawn')).toHaveLength(10)
    expect(rowsOf('consent_event')).toHaveLength(6)
    expect(rowsOf('consent_event')[0]).toMatchObject({ wording: 'Oui.', sourceKind: 'form' })
    expect(rowsOf('segment_member').map(({ name }) => name)).toEqual(['Curies', 'One', 'Two'])
    expect(rowsOf('contact')).toMatchObject([{ email: 'marie.curie@example.net', lastName: 'Curie' }])
    const lines = (name: string): number => (files.get(name) ?? '').trimEnd().split('\r\n').length - 1
    expect(lines('message.csv')).toBe(40)
    expect(lines('event.csv')).toBe(rowsOf('event').length)
    expect(lines('consent_event.csv')).toBe(6)
    const readme = files.get('README.txt') ?? ''
    expect(readme).toContain('event.csv')
    for (const sentence of ['Your profile, with all fields', 'Votre profil, avec tous ses champs'])
      expect(readme).toContain(sentence)
    expect(archive.parts.contact.about).toMatchObject({
      en: expect.stringMatching(/^Your profile/),
      fr: expect.stringMatching(/^Votre profil/),
    })

    const { body: fetched } = await org.viewer.get(`/api/privacy/requests/${opened.body.id}`)
    expect(fetched).toMatchObject({ downloads: 1 })
    const audited = await org.owner.get('/api/audit?action=privacy_request.archive_downloaded')
    expect(audited.body.items[0]).toMatchObject({ actor: { kind: 'contact' } })
    const altered = ready.archive.url.slice(0, -1) + (ready.archive.url.endsWith('A') ? 'B' : 'A')
    expect((await fetchPath(altered)).statusCode).toBe(404)
    h.clock.advance(8 * DAY_MS)
    expect((await fetchPath(ready.archive.url)).statusCode).toBe(410)
    await h.drain()
    expect(await filesIn(join(h.dataDir, 'files', org.orgId, 'archives'))).toEqual([])
  })
})

import { beforeAll, describe, expect, test } from 'vitest'
import { createContact, mergeContacts, upsertContacts } from '../contacts/index.ts'
import { inTransaction } from '../platform/db/index.ts'
import { announce } from '../platform/events/index.ts'
import { newId, toWire, type CampaignId, type ContactId } from '../platform/ids.ts'
import { harness, type Harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import {
  linkSigner,
  messageBounced,
  messageComplained,
  recordMessages,
  type MessageLinks,
} from '../tracking/index.ts'
import {
  consentOf,
  reachabilitySql,
  recordConsent,
  recordConsents,
  suppress,
  withdraw,
  type ConsentRecord,
} from './index.ts'

let h: Harness
let org: TestOrganization
let serial = 0
beforeAll(async () => {
  h = await harness()
  org = await h.organization({ name: 'Atelier Nord' })
})

async function contact(
  input: { email?: string; phone?: string; language?: string } = {},
): Promise<ContactId> {
  serial += 1
  const made = await createContact(
    org.systemCtx,
    { email: `person${serial}@example.com`, ...input },
    'manual',
  )
  return made.id
}
const grant = (contactId: ContactId, more: Partial<ConsentRecord> = {}): Promise<boolean> =>
  recordConsent(
    org.systemCtx,
    { source: 'form' },
    { contactId, channel: 'email', purpose: 'marketing', state: 'granted', ...more },
  )

async function reasonOf(
  contactId: ContactId,
  channel: 'email' | 'sms' = 'email',
  purpose: 'marketing' | 'transactional' = 'marketing',
): Promise<string | null> {
  const { joins, reason } = reachabilitySql({ channel, purpose, org: '$1', now: '$3' })
  const [row] = await org.systemCtx.db.query<{ reason: string | null }>(
    `select ${reason} as reason from contact c ${joins} where c.org_id = $1 and c.id = $2 and $3::timestamptz is not null`,
    [org.orgId, contactId, h.clock.now()],
  )
  return row?.reason ?? null
}

interface Mailed {
  contactId: ContactId
  links: MessageLinks
  campaignId: CampaignId
}
async function mailed(input: Parameters<typeof contact>[0] = {}): Promise<Mailed> {
  const contactId = await contact(input)
  await grant(contactId)
  const now = h.clock.now()
  const run = {
    campaignId: newId<'campaign'>(now),
    runId: newId<'run'>(now),
    channel: 'email',
    month: '2026-11-01',
  }
  const signer = await linkSigner(org.systemCtx, { ...run, versionId: newId<'mail_version'>(now) }, 0)
  await recordMessages(org.systemCtx, run, 1, [{ contactId, state: 'sent', reason: null }])
  return { contactId, links: signer.linksFor(contactId), campaignId: run.campaignId }
}
const pathOf = (url: string): string => new URL(url).pathname

async function historyOf(
  contactId: ContactId,
): Promise<{ state: string; sourceKind: string; reason: string | null }[]> {
  return org.systemCtx.db.query(
    'select state, source_kind, reason from consent_event where org_id = $1 and contact_id = $2 order by id',
    [org.orgId, contactId],
  )
}
async function unsubscriptions(contactId: ContactId): Promise<number> {
  const [row] = await org.systemCtx.db.query<{ n: number }>(
    `select count(*)::int as n from event where org_id = $1 and contact_id = $2 and type = 'message.unsubscribed'`,
    [org.orgId, contactId],
  )
  return row?.n ?? 0
}

const oneClick = (url: string) =>
  h.request({
    method: 'POST',
    url: pathOf(url),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'List-Unsubscribe=One-Click',
  })

describe('one-click unsubscribe', () => {
  test('PC-13 CS-017.2 urlencoded, without cookie or origin: 200, no redirect, no cookie, effective at once', async () => {
    const { contactId, links } = await mailed()
    expect(await reasonOf(contactId)).toBeNull()
    const answer = await oneClick(links.unsubscribe)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['location']).toBeUndefined()
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(await reasonOf(contactId)).toBe('withdrawn')
    expect(await unsubscriptions(contactId)).toBe(1)
  })

  test('PC-14 multipart, then three times more: 200 each time, one consent event, counted once', async () => {
    const { contactId, links } = await mailed()
    const boundary = 'b0undary'
    const multipart = await h.request({
      method: 'POST',
      url: pathOf(links.unsubscribe),
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
      payload: `--${boundary}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--${boundary}--\r\n`,
    })
    expect(multipart.statusCode).toBe(200)
    const again = await Promise.all([
      oneClick(links.unsubscribe),
      oneClick(links.unsubscribe),
      oneClick(links.unsubscribe),
    ])
    expect(again.map((answer) => answer.statusCode)).toEqual([200, 200, 200])
    expect(await historyOf(contactId)).toMatchObject([
      { state: 'granted' },
      { state: 'withdrawn', sourceKind: 'one_click' },
    ])
    expect(await unsubscriptions(contactId)).toBe(1)
  })

  test('PC-14 four at the same moment count once', async () => {
    const { contactId, links } = await mailed()
    await Promise.all([1, 2, 3, 4].map(() => oneClick(links.unsubscribe)))
    expect((await historyOf(contactId)).length).toBe(2)
    expect(await unsubscriptions(contactId)).toBe(1)
  })

  test('PC-15 GET and HEAD by scanners change nothing; GET shows a page with a button', async () => {
    const { contactId, links } = await mailed()
    for (const method of ['GET', 'HEAD'] as const)
      for (let i = 0; i < 10; i++)
        await h.request({
          method,
          url: pathOf(links.unsubscribe),
          headers: { 'user-agent': 'Barracuda Sentinel (EE)' },
        })
    const page = await h.request({ url: pathOf(links.unsubscribe) })
    expect(page.body).toMatch(/<form method="post">[\s\S]*<button type="submit">Unsubscribe<\/button>/)
    expect(page.body).not.toContain('<script')
    expect(await reasonOf(contactId)).toBeNull()
    expect((await historyOf(contactId)).length).toBe(1)
  })

  test('PC-16 one altered character and a random token get the same 404, and nothing changes', async () => {
    const { contactId, links } = await mailed()
    const path = pathOf(links.unsubscribe)
    const altered = path.slice(0, -1) + (path.endsWith('A') ? 'B' : 'A')
    const answers = await Promise.all(
      [
        altered,
        `/u/${'A'.repeat(40)}`,
        '/u/nothing',
        pathOf(links.preferences).replace('/preferences/', '/u/'),
      ].map((url) =>
        h.request({
          method: 'POST',
          url,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          payload: 'List-Unsubscribe=One-Click',
        }),
      ),
    )
    for (const answer of answers) {
      expect(answer.statusCode).toBe(404)
      expect(answer.body).toBe(answers[0]?.body)
    }
    expect(await reasonOf(contactId)).toBeNull()
  })

  test('reaches the person whose profile was merged into another', async () => {
    const { contactId, links } = await mailed()
    const kept = await contact()
    await grant(kept)
    await mergeContacts(org.systemCtx, kept, contactId)
    await h.drain()
    expect((await oneClick(links.unsubscribe)).statusCode).toBe(200)
    expect(await reasonOf(kept)).toBe('withdrawn')
  })
})

describe('the public pages', () => {
  test('MA-9.2 leaving by the page keeps the reason that was given', async () => {
    const { contactId, links } = await mailed()
    await h.request({
      method: 'POST',
      url: pathOf(links.unsubscribe),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'reason=too_many',
    })
    expect((await historyOf(contactId)).at(-1)).toEqual({
      state: 'withdrawn',
      sourceKind: 'unsubscribe_page',
      reason: 'too_many',
    })
  })

  test('speak the person’s language, and show as much of the address as its owner recognises', async () => {
    const { links } = await mailed({ email: 'jeanne.dupont@exemple.fr', language: 'fr' })
    const page = await h.request({ url: pathOf(links.unsubscribe) })
    expect(page.body).toContain('<html lang="fr">')
    expect(page.body).toContain('Se désabonner de Atelier Nord')
    expect(page.body).toContain('j•••@exemple.fr')
    expect(page.body).not.toContain('jeanne')
  })

  test('PC-18 MA-9.2 the preference page changes channels and following at once, with the wording that was shown', async () => {
    const { contactId, links } = await mailed({ phone: '+33612345678' })
    const save = (payload: string) =>
      h.request({
        method: 'POST',
        url: pathOf(links.preferences),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: `do=save&${payload}`,
      })
    const first = await h.request({ url: pathOf(links.preferences) })
    expect(first.body).toMatch(/name="email" value="yes" checked/)
    expect(first.body).toMatch(/name="tracking_open" value="yes">/)
    await save('sms=yes&tracking_open=yes&tracking_click=yes')
    expect([await reasonOf(contactId), await reasonOf(contactId, 'sms')]).toEqual(['withdrawn', null])
    const { preferences, history } = await consentOf(org.ctx, contactId)
    expect(preferences.find((word) => word.purpose === 'tracking_open')?.state).toBe('granted')
    expect(history.find((event) => event.channel === 'sms')?.wording?.text).toBe(
      'I would like to receive news and offers from Atelier Nord by text message.',
    )
    h.clock.advance(1_000)
    await save('email=yes')
    expect([await reasonOf(contactId), await reasonOf(contactId, 'sms')]).toEqual([null, 'withdrawn'])
    expect(
      (await consentOf(org.ctx, contactId)).preferences.find((word) => word.purpose === 'tracking_open')
        ?.state,
    ).toBe('withdrawn')
  })

  test('CS-018.5 stopping everything holds on every channel, until the person says yes to one', async () => {
    const { contactId, links } = await mailed({ phone: '+33612345679' })
    await recordConsent(
      org.systemCtx,
      { source: 'form' },
      { contactId, channel: 'sms', purpose: 'marketing', state: 'granted' },
    )
    const post = (payload: string) =>
      h.request({
        method: 'POST',
        url: pathOf(links.preferences),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload,
      })
    await post('do=stop_all')
    expect([await reasonOf(contactId), await reasonOf(contactId, 'sms')]).toEqual(['opted_out', 'opted_out'])
    h.clock.advance(60_000)
    await post('do=save&sms=yes')
    expect([await reasonOf(contactId), await reasonOf(contactId, 'sms')]).toEqual(['withdrawn', null])
  })
})

describe('reachability', () => {
  test('PC-03 MA-9.3 unknown is not granted, and every exclusion has its reason', async () => {
    const yesterday = new Date(h.clock.now().getTime() - 86_400_000)
    const people = await Promise.all(Array.from({ length: 5 }, () => contact()))
    const [granted, denied, asked, left, implied] = people as [
      ContactId,
      ContactId,
      ContactId,
      ContactId,
      ContactId,
    ]
    await grant(granted)
    await grant(denied, { state: 'denied' })
    await grant(left)
    await withdraw(
      org.systemCtx,
      { source: 'member' },
      { contactId: left, channels: ['email'], purpose: 'marketing' },
    )
    await grant(implied, {
      basis: 'soft_opt_in',
      expiresAt: yesterday,
      occurredAt: new Date(yesterday.getTime() - 86_400_000),
    })
    const reasons = await Promise.all([granted, denied, asked, left, implied].map((id) => reasonOf(id)))
    expect(reasons).toEqual([null, 'denied', 'never_asked', 'withdrawn', 'expired'])
  })

  test('PC-06 CS-018.4 transactional mail ignores marketing preferences, never a hard bounce', async () => {
    const contactId = await contact()
    await grant(contactId)
    await withdraw(
      org.systemCtx,
      { source: 'member' },
      { contactId, channels: ['all'], purpose: 'marketing' },
    )
    expect(await reasonOf(contactId)).toBe('opted_out')
    expect(await reasonOf(contactId, 'email', 'transactional')).toBeNull()
    const [hashes] = await org.systemCtx.db.query<{ emailHash: Buffer }>(
      'select email_hash from contact where org_id = $1 and id = $2',
      [org.orgId, contactId],
    )
    await suppress(org.systemCtx, [
      {
        channel: 'email',
        addressHash: hashes?.emailHash ?? Buffer.alloc(0),
        reason: 'hard',
        scope: 'all',
        source: 'bounce',
      },
    ])
    expect(await reasonOf(contactId, 'email', 'transactional')).toBe('suppressed_hard')
  })

  test('PC-07 CS-018.2 a yes to mail is no yes to text messages', async () => {
    const contactId = await contact({ phone: '+33612345670' })
    await grant(contactId)
    expect([await reasonOf(contactId), await reasonOf(contactId, 'sms')]).toEqual([null, 'never_asked'])
    expect(await reasonOf(await contact(), 'sms')).toBe('no_address')
  })
})

describe('suppression', () => {
  test('PC-23 FR-002.3 survives another spelling, a claimed consent, a deletion and a merger', async () => {
    const suppressed = await org.admin.post('/api/suppressions', {
      address: 'Foo.Bar@EXAMPLE.com',
      note: 'asked by letter',
    })
    expect(suppressed.status).toBe(201)
    await upsertContacts(org.systemCtx, [{ email: 'foo.bar@example.com' }], {
      policy: 'update',
      source: 'api',
    })
    const [row] = await org.systemCtx.db.query<{ id: ContactId }>(
      `select id from contact where org_id = $1 and email = 'foo.bar@example.com'`,
      [org.orgId],
    )
    const contactId = row?.id ?? ('0' as ContactId)
    await recordConsents(org.systemCtx, { source: 'import' }, [
      { contactId, channel: 'email', purpose: 'marketing', state: 'granted' },
    ])
    expect(await reasonOf(contactId)).toBe('suppressed_manual')
    const merged = await contact()
    await grant(merged)
    await mergeContacts(org.systemCtx, contactId, merged)
    await h.drain()
    expect(await reasonOf(contactId)).toBe('suppressed_manual')
  })

  test('an unsubscription outlives the contact; only the person’s own later yes ends it', async () => {
    const email = 'comes.back@example.com'
    const first = await contact({ email })
    await grant(first)
    await withdraw(
      org.systemCtx,
      { source: 'one_click' },
      { contactId: first, channels: ['email'], purpose: 'marketing' },
    )
    await org.systemCtx.db.query('delete from contact where org_id = $1 and id = $2', [org.orgId, first])
    const second = await contact({ email })
    h.clock.advance(1_000)
    await recordConsents(org.systemCtx, { source: 'import' }, [
      { contactId: second, channel: 'email', purpose: 'marketing', state: 'granted' },
    ])
    expect(await reasonOf(second)).toBe('withdrawn')
    h.clock.advance(1_000)
    await grant(second)
    expect(await reasonOf(second)).toBeNull()
  })

  test('DS-data-privacy.3 lifting needs a reason and a permission, and stands in the audit log', async () => {
    const made = await org.admin.post('/api/suppressions', { address: 'lift.me@example.com' })
    const path = `/api/suppressions/${made.body.id}`
    expect((await org.editor.delete(`${path}?reason=please`)).status).toBe(403)
    expect((await org.admin.delete(path)).status).toBe(400)
    expect((await org.admin.delete(`${path}?reason=Wrote%20to%20us`)).status).toBe(204)
    expect((await org.admin.delete(`${path}?reason=Wrote%20to%20us`)).status).toBe(404)
    const [entry] = await org.ctx.db.query<{ change: unknown }>(
      `select change from audit_entry where org_id = $1 and action = 'suppression.lifted' order by seq desc limit 1`,
      [org.orgId],
    )
    expect(entry?.change).toEqual({ reason: 'manual', because: 'Wrote to us' })
  })

  test('lifting a stronger reason brings the unsubscription beneath it to light', async () => {
    const email = 'beneath@example.com'
    const contactId = await contact({ email })
    await grant(contactId)
    await withdraw(
      org.systemCtx,
      { source: 'one_click' },
      { contactId, channels: ['email'], purpose: 'marketing' },
    )
    const made = await org.admin.post('/api/suppressions', { address: email })
    expect(made.body.reason).toBe('manual')
    await org.admin.delete(`/api/suppressions/${made.body.id}?reason=mistake`)
    expect((await org.viewer.get(`/api/suppressions?address=${email}`)).body.items).toMatchObject([
      { reason: 'unsubscribe', isLiftable: false },
    ])
    expect((await org.admin.delete(`/api/suppressions/${made.body.id}?reason=mistake`)).status).toBe(409)
  })

  test('the list is found by address, holds none, and is each organization’s own', async () => {
    await org.admin.post('/api/suppressions', { address: 'private@example.com' })
    const other = await h.organization()
    expect((await org.viewer.get('/api/suppressions?address=PRIVATE@example.com')).body.items.length).toBe(1)
    expect((await other.viewer.get('/api/suppressions?address=private@example.com')).body.items).toEqual([])
    expect(JSON.stringify((await org.viewer.get('/api/suppressions')).body)).not.toContain('private@')
    expect((await org.admin.post('/api/suppressions', { address: 'not an address' })).status).toBe(400)
    expect((await org.viewer.post('/api/suppressions', { address: 'a@example.com' })).status).toBe(403)
    const pages = await org.viewer.get('/api/suppressions?limit=1')
    const next = await org.viewer.get(`/api/suppressions?limit=1&cursor=${pages.body.nextCursor}`)
    expect(next.body.items[0].id).not.toBe(pages.body.items[0].id)
  })
})

describe('a list of addresses from elsewhere', () => {
  const LIST = { source: 'Export of the former mailer', note: 'They bounced or left there' }

  test('FR-002.3 is looked at first, suppresses at once, is known by its hashes only, and can be taken back', async () => {
    const org = await h.organization()
    const made = await createContact(org.systemCtx, { email: 'known@example.com' }, 'manual')
    await org.admin.post('/api/suppressions', { address: 'barred@example.com' })
    const addresses = [
      'KNOWN@Example.com',
      'known@example.com',
      'barred@example.com',
      '+33612345678',
      'nonsense',
    ]
    const preview = await org.admin.post('/api/suppressions/preview', { addresses })
    expect(preview.body).toEqual({
      emails: 2,
      phones: 1,
      alreadyListed: 1,
      contacts: 1,
      unreadable: { count: 1, examples: ['nonsense'] },
    })
    expect((await org.viewer.get('/api/suppressions')).body.items).toHaveLength(1)

    const { body: list } = await org.admin.post('/api/suppressions/imports', LIST)
    const path = `/api/suppressions/imports/${list.id}`
    expect((await org.admin.post(`${path}/addresses`, { addresses })).body).toMatchObject({ added: 2 })
    expect((await org.admin.post(`${path}/addresses`, { addresses })).body).toMatchObject({ added: 0 })
    expect((await org.viewer.get('/api/suppressions/imports')).body.items).toMatchObject([
      { ...LIST, scope: 'all', added: 2, undoneAt: null, createdBy: `member:${org.admin.personId}` },
    ])
    const { body: consents } = await org.viewer.get(`/api/contacts/${toWire('contact', made.id)}/consents`)
    expect(consents.reachability[0]).toMatchObject({
      marketing: 'suppressed_import',
      transactional: 'suppressed_import',
    })
    const dump = await org.systemCtx.db.query<{ row: string }>(
      `select s::text as row from suppression s where org_id = $1
       union all select i::text from suppression_import i where org_id = $1
       union all select a::text from audit_entry a where org_id = $1 and action like 'suppression.%'
       union all select e::text from event e where org_id = $1 and type like 'consent.%'`,
      [org.orgId],
    )
    expect(JSON.stringify(dump)).not.toMatch(/known@|612345678/i)

    expect((await org.admin.post(`${path}/undo`)).body).toEqual({ lifted: 2 })
    expect((await org.admin.post(`${path}/undo`)).body).toEqual({ lifted: 0 })
    expect((await org.viewer.get('/api/suppressions')).body.items).toMatchObject([{ reason: 'manual' }])
    expect((await org.admin.post(`${path}/addresses`, { addresses })).status).toBe(409)
    const actions = await org.systemCtx.db.query<{ action: string }>(
      `select action from audit_entry where org_id = $1 and subject_kind = 'suppression_import' order by seq`,
      [org.orgId],
    )
    expect(actions.map(({ action }) => action)).toEqual([
      'suppression.list_begun',
      'suppression.list_added',
      'suppression.list_added',
      'suppression.list_undone',
    ])
  })

  test('PC-23 taking it back frees nobody who left by themselves, or whom something stronger bars since', async () => {
    const org = await h.organization()
    const [left, bounced] = ['left', 'bounced'].map((name) => `${name}.list@example.com`)
    const { id } = await createContact(org.systemCtx, { email: left ?? '' }, 'manual')
    await withdraw(
      org.systemCtx,
      { source: 'one_click' },
      { contactId: id, channels: ['email'], purpose: 'marketing' },
    )
    const { body: list } = await org.admin.post('/api/suppressions/imports', LIST)
    const path = `/api/suppressions/imports/${list.id}`
    await org.admin.post(`${path}/addresses`, { addresses: [left, bounced] })
    await org.admin.post('/api/suppressions', { address: bounced })
    expect((await org.admin.post(`${path}/undo`)).body).toEqual({ lifted: 1 })
    const reasonOfAddress = async (address: string | undefined): Promise<string> =>
      (await org.viewer.get(`/api/suppressions?address=${address}`)).body.items[0]?.reason
    expect([await reasonOfAddress(left), await reasonOfAddress(bounced)]).toEqual(['unsubscribe', 'manual'])
  })

  test('NFR-004.6 needs a source and a reason, a permission, and no more than a call takes', async () => {
    const org = await h.organization()
    const bare = await org.admin.post('/api/suppressions/imports', { source: ' ', note: '' })
    expect(bare.body.errors.map(({ path }: { path: string }) => path)).toEqual(['source', 'note'])
    expect((await org.editor.post('/api/suppressions/imports', LIST)).status).toBe(403)
    const many = Array.from({ length: 5_001 }, (_, n) => `p${n}@example.com`)
    const refused = await org.admin.post('/api/suppressions/preview', { addresses: many })
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'addresses'])
  })
})

const tell = async (
  contactId: ContactId,
  what: 'bounce' | 'complaint',
  kind: 'hard' | 'soft' = 'hard',
): Promise<void> => {
  const [row] = await org.systemCtx.db.query<{ emailHash: Buffer }>(
    'select email_hash from contact where org_id = $1 and id = $2',
    [org.orgId, contactId],
  )
  const addressHash = row?.emailHash.toString('hex') ?? ''
  await inTransaction(org.systemCtx, async (ctx) => {
    if (what === 'bounce')
      announce(
        ctx,
        messageBounced,
        { class: kind, reason: kind, code: '550 5.1.1', addressHash },
        { contactId, channel: 'email' },
      )
    else
      announce(
        ctx,
        messageComplained,
        { variant: 0, source: 'arf', addressHash: null },
        { contactId, channel: 'email' },
      )
  })
  await h.drain()
}

describe('what providers say', () => {
  test('PC-19 FR-002.3 a hard bounce suppresses the address at once', async () => {
    const contactId = await contact()
    await grant(contactId)
    await tell(contactId, 'bounce')
    expect(await reasonOf(contactId)).toBe('suppressed_hard')
  })

  test('PC-22 a complaint told twice ends marketing mail once, and leaves text messages alone', async () => {
    const contactId = await contact({ phone: '+33612345611' })
    await grant(contactId)
    await recordConsent(
      org.systemCtx,
      { source: 'form' },
      { contactId, channel: 'sms', purpose: 'marketing', state: 'granted' },
    )
    await tell(contactId, 'complaint')
    await tell(contactId, 'complaint')
    expect(await reasonOf(contactId)).toBe('suppressed_complaint')
    expect(await reasonOf(contactId, 'email', 'transactional')).toBeNull()
    expect(await reasonOf(contactId, 'sms')).toBeNull()
  })
})

describe('the API', () => {
  test('MA-9.1 a word given elsewhere is recorded with its date, source, wording and member', async () => {
    const contactId = await contact()
    const path = `/api/contacts/${toWire('contact', contactId)}/consents`
    const occurredAt = new Date(h.clock.now().getTime() - 3_600_000).toISOString()
    const word = {
      channel: 'email',
      state: 'granted',
      occurredAt,
      source: 'Paper form at the fair',
      wording: { text: 'Yes, write to me.', locale: 'en' },
    }
    expect((await org.viewer.post(path, word)).status).toBe(403)
    expect((await org.editor.post(path, { ...word, source: '' })).status).toBe(400)
    expect((await org.editor.post(path, { ...word, occurredAt: '2999-01-01T00:00:00Z' })).status).toBe(400)
    const made = await org.editor.post(path, word)
    expect(made.status).toBe(201)
    expect(made.body.history).toMatchObject([
      {
        state: 'granted',
        occurredAt,
        source: { kind: 'member', version: 'Paper form at the fair' },
        wording: { text: 'Yes, write to me.' },
        actor: { kind: 'member', id: org.editor.personId },
      },
    ])
    expect(made.body.reachability).toMatchObject([
      { channel: 'email', marketing: null },
      { channel: 'sms', marketing: 'no_address' },
      { channel: 'whatsapp', marketing: 'no_address' },
      { channel: 'in_app', marketing: 'never_asked' },
      { channel: 'webhook', marketing: null },
    ])
    const other = await h.organization()
    for (const answer of [
      await other.editor.get(path),
      await other.editor.post(path, word),
      await other.editor.get(path.replace('consents', 'proof')),
    ])
      expect(answer.status).toBe(404)
  })

  test('PC-01 MA-9.1 no route changes or removes a consent event', async () => {
    const contactId = await contact()
    await grant(contactId)
    const path = `/api/contacts/${toWire('contact', contactId)}/consents`
    for (const answer of [
      await org.owner.delete(path),
      await org.owner.put(path, {}),
      await org.owner.patch(path, {}),
    ])
      expect(answer.status).toBe(404)
  })

  test('MA-9.4 the proof holds history, messages with reasons, and the verdict on the audit chain', async () => {
    const { contactId } = await mailed()
    const { status, body } = await org.viewer.get(`/api/contacts/${toWire('contact', contactId)}/proof`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      consents: [{ state: 'granted' }],
      messages: [{ state: 'sent' }],
      auditChain: { verdict: 'ok' },
      messagesOmitted: false,
    })
  })

  test('the ledger lists what everybody said, latest first, page by page', async () => {
    const contactId = await contact()
    await grant(contactId)
    const first = await org.viewer.get('/api/consents?limit=1')
    expect(first.body.items).toMatchObject([
      { state: 'granted', contact: { id: toWire('contact', contactId) } },
    ])
    const second = await org.viewer.get(`/api/consents?limit=1&cursor=${first.body.nextCursor}`)
    expect(second.body.items[0].id).not.toBe(first.body.items[0].id)
    const withdrawn = await org.viewer.get('/api/consents?state=withdrawn')
    expect(new Set(withdrawn.body.items.map((item: { state: string }) => item.state))).toEqual(
      new Set(['withdrawn']),
    )
  })
})

// Last, because sessions end when the clock jumps that far.
describe('much later', () => {
  test('PC-20 one soft bounce suppresses nobody; five on four days do, for a while', async () => {
    const contactId = await contact()
    await grant(contactId)
    for (const waitDays of [0, 1, 1, 0, 1]) {
      expect(await reasonOf(contactId)).toBeNull()
      h.clock.advance(waitDays * 86_400_000 + 1_000)
      await tell(contactId, 'bounce', 'soft')
    }
    expect(await reasonOf(contactId)).toBe('suppressed_soft_repeat')
    h.clock.advance(91 * 86_400_000)
    expect(await reasonOf(contactId)).toBeNull()
  })

  test('PC-17 works 400 days later', async () => {
    const { contactId, links } = await mailed()
    h.clock.advance(400 * 86_400_000)
    expect((await oneClick(links.unsubscribe)).statusCode).toBe(200)
    expect(await reasonOf(contactId)).toBe('withdrawn')
  })
})

import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { createContact } from '../../contacts/index.ts'
import { verifyAudit } from '../../platform/audit/index.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { toWire, type ContactId } from '../../platform/ids.ts'
import { retentionParts } from '../../platform/retention.ts'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { recordConsents } from '../index.ts'

const DAY_MS = 86_400_000
const h = await harness()

const happened = (
  org: TestOrganization,
  contactId: ContactId,
  type: string,
  payload: object,
  daysAgo: number,
) =>
  inTransaction(org.systemCtx, async (ctx) => {
    const at = new Date(h.clock.now().getTime() - daysAgo * DAY_MS)
    const [head] = await ctx.db.query<{ pos: string }>(
      `insert into org_log (org_id, pos) values ($1, 1) on conflict (org_id) do update set pos = org_log.pos + 1 returning pos`,
      [ctx.orgId],
    )
    await ctx.db.query(
      'insert into event (org_id, seq, recorded_at, at, type, contact_id, payload) values ($1, $2, $3, $3, $4, $5, $6)',
      [ctx.orgId, head?.pos, at, type, contactId, JSON.stringify(payload)],
    )
  })
const aged = (org: TestOrganization, id: ContactId, days: number) =>
  org.systemCtx.db.query('update contact set created_at = $3 where org_id = $1 and id = $2', [
    org.orgId,
    id,
    new Date(h.clock.now().getTime() - days * DAY_MS),
  ])
const person = async (org: TestOrganization, email: string, daysOld: number): Promise<ContactId> => {
  const { id } = await createContact(org.systemCtx, { email }, 'manual')
  await aged(org, id, daysOld)
  return id
}
const emails = async (org: TestOrganization): Promise<string[]> =>
  (
    await org.systemCtx.db.query<{ email: string }>(
      'select email from contact where org_id = $1 order by email',
      [org.orgId],
    )
  ).map(({ email }) => email)

describe('retention', () => {
  test('a preview counts exactly what the rule then removes, and removes nothing itself', async () => {
    const org = await h.organization()
    const [silent, clicking, opening] = [
      await person(org, 'silent@example.net', 1_200),
      await person(org, 'clicking@example.net', 1_200),
      await person(org, 'opening@example.net', 1_200),
    ]
    await person(org, 'new@example.net', 10)
    const agreeing = await person(org, 'agreeing@example.net', 1_200)
    await happened(org, clicking, 'message.clicked', {}, 100)
    const replying = await person(org, 'replying@example.net', 1_200)
    await happened(org, replying, 'message.replied', { variant: 0 }, 100)
    await happened(org, opening, 'message.opened', {}, 100)
    await happened(org, silent, 'track:Visited', {}, 1_150)
    await recordConsents(org.systemCtx, { source: 'form' }, [
      { contactId: agreeing, channel: 'email', purpose: 'marketing', state: 'granted' },
    ])
    const asked = { subject: 'inactive_contacts', keepDays: 1_095 }
    const preview = await org.viewer.post('/api/privacy/retention/preview', asked)
    expect(preview.body).toMatchObject({ count: 2, isAtLeast: false })
    expect(await emails(org)).toHaveLength(6)

    expect((await org.editor.put('/api/privacy/retention', asked)).status).toBe(403)
    expect((await org.admin.put('/api/privacy/retention', asked)).status).toBe(200)
    await org.admin.post('/api/privacy/retention/apply')
    await h.drain()
    expect(await emails(org)).toEqual([
      'agreeing@example.net',
      'clicking@example.net',
      'new@example.net',
      'replying@example.net',
    ])
    const { body } = await org.viewer.get('/api/privacy/retention')
    expect(
      body.items.find(({ subject }: { subject: string }) => subject === 'inactive_contacts'),
    ).toMatchObject({
      keepDays: 1_095,
      removed: 2,
      appliedAt: h.clock.now().toISOString(),
    })
    const audited = await org.viewer.get('/api/audit?action=retention.applied')
    expect(audited.body.items[0].change).toMatchObject({ removed: 2, keepDays: 1_095 })
    expect(await verifyAudit(org.ctx)).toMatchObject({ intact: true })
    // Time is no wish: whoever comes back is welcome.
    const back = await createContact(org.systemCtx, { email: 'silent@example.net' }, 'manual')
    const consents = await org.viewer.get(`/api/contacts/${toWire('contact', back.id)}/consents`)
    expect(consents.body.reachability[0]).toMatchObject({ marketing: 'never_asked', transactional: null })
  })

  test('PC-45 one person whom forgetting fails for holds up nobody, and goes when it no longer fails', async () => {
    const org = await h.organization()
    const ids: ContactId[] = []
    for (let n = 0; n < 9; n++) ids.push(await person(org, `old.${n}@example.net`, 1_200))
    const admin = new pg.Client({ ...h.connection })
    await admin.connect()
    await admin.query(`
      create function refuse_one() returns trigger language plpgsql as $$ begin raise exception 'not this one'; end $$;
      create trigger refuse_one before delete on contact for each row when (old.id = ${ids[3]}) execute function refuse_one()`)
    await org.admin.put('/api/privacy/retention', { subject: 'inactive_contacts', keepDays: 1_095 })
    await org.admin.post('/api/privacy/retention/apply')
    await h.drain()
    expect(await emails(org)).toEqual(['old.3@example.net'])
    const { body } = await org.viewer.get('/api/privacy/retention')
    expect(
      body.items.find(({ subject }: { subject: string }) => subject === 'inactive_contacts').removed,
    ).toBe(8)

    await admin.query('drop trigger refuse_one on contact; drop function refuse_one()')
    await admin.end()
    await org.admin.post('/api/privacy/retention/apply')
    await h.drain()
    expect(await emails(org)).toEqual([])
  })

  test('old events go, but for those with money; the changes of old audit entries go, and the chain verifies', async () => {
    const org = await h.organization()
    const id = await person(org, 'tracked@example.net', 0)
    await happened(org, id, 'page', { properties: { url: '/a' } }, 400)
    await happened(org, id, 'track:Order Completed', { money: { amountMinor: 100, currency: 'EUR' } }, 400)
    await happened(org, id, 'page', { properties: { url: '/b' } }, 10)
    await happened(org, id, 'message.clicked', {}, 400)
    for (const subject of ['events', 'audit_details'])
      expect((await org.admin.put('/api/privacy/retention', { subject, keepDays: 365 })).status).toBe(200)
    await org.admin.post('/api/privacy/retention/apply')
    await h.drain()
    const types = await org.systemCtx.db.query<{ type: string }>(
      `select type from event where org_id = $1 and contact_id = $2 and type <> 'contacts.created' order by at, type`,
      [org.orgId, id],
    )
    expect(types.map(({ type }) => type)).toEqual(['message.clicked', 'track:Order Completed', 'page'])
  })

  test('every part counts nothing and removes nothing where nothing is old, and refuses to be too quick', async () => {
    const org = await h.organization()
    await person(org, 'fresh@example.net', 0)
    for (const { subject, keepDaysMin } of retentionParts()) {
      const fine = await org.viewer.post('/api/privacy/retention/preview', { subject, keepDays: keepDaysMin })
      expect(fine.body).toMatchObject({ subject, count: 0 })
      const quick = await org.admin.put('/api/privacy/retention', { subject, keepDays: keepDaysMin - 1 })
      expect(quick.status).toBe(400)
      expect((await org.admin.put('/api/privacy/retention', { subject, keepDays: keepDaysMin })).status).toBe(
        200,
      )
    }
    await org.admin.post('/api/privacy/retention/apply')
    await h.drain()
    expect(await emails(org)).toEqual(['fresh@example.net'])
    await org.admin.put('/api/privacy/retention', { subject: 'events', keepDays: null })
    const { body } = await org.viewer.get('/api/privacy/retention')
    expect(body.items.find(({ subject }: { subject: string }) => subject === 'events').keepDays).toBeNull()
    expect(
      (await org.admin.put('/api/privacy/retention', { subject: 'nothing', keepDays: 400 })).status,
    ).toBe(404)
  })
})

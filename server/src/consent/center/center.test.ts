import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createContact } from '../../contacts/index.ts'
import { newId, toWire, type ContactId } from '../../platform/ids.ts'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { linkSigner, recordMessages } from '../../tracking/index.ts'
import { reachabilitySql, recordConsents } from '../index.ts'
import { textOn } from '../../platform/public-page.ts'

const h = await harness()
const DESIGN = {
  title: { en: 'Your choices', fr: 'Vos choix' },
  channels: ['email', 'sms', 'whatsapp'],
  topics: [
    { key: 'news', name: { en: 'News', fr: 'Actualités' }, channels: ['email', 'sms'] },
    { key: 'sales', name: { en: 'Sales', fr: 'Soldes' }, channels: ['email'] },
  ],
  offersTracking: false,
  accent: '#0a7d55',
  logoUrl: 'https://cdn.example.net/logo.png',
}

async function mailed(org: TestOrganization, language: string): Promise<{ id: ContactId; path: string }> {
  const { id } = await createContact(
    org.systemCtx,
    { email: `p${h.clock.now().getTime()}@example.net`, phone: '+33612345678', language },
    'manual',
  )
  await recordConsents(org.systemCtx, { source: 'form' }, [
    { contactId: id, channel: 'email', purpose: 'marketing', state: 'granted' },
  ])
  h.clock.advance(1_000)
  const now = h.clock.now()
  const run = {
    campaignId: newId<'campaign'>(now),
    runId: newId<'run'>(now),
    channel: 'email',
    month: '2026-11-01',
  }
  const signer = await linkSigner(org.systemCtx, { ...run, versionId: newId<'mail_version'>(now) }, 0)
  await recordMessages(org.systemCtx, run, 1, [{ contactId: id, state: 'sent', reason: null }])
  return { id, path: new URL(signer.linksFor(id).preferences).pathname }
}
const save = (path: string, values: Record<string, string>) =>
  h.request({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ do: 'save', ...values }).toString(),
  })
async function reasonAbout(org: TestOrganization, id: ContactId, topic: string): Promise<string | null> {
  const { joins, reason } = reachabilitySql({
    channel: 'email',
    purpose: 'marketing',
    org: '$1',
    now: '$3',
    topic: '$4',
  })
  const [row] = await org.systemCtx.db.query<{ reason: string | null }>(
    `select ${reason} as reason from contact c ${joins} where c.org_id = $1 and c.id = $2 and $3::timestamptz is not null`,
    [org.orgId, id, h.clock.now(), topic],
  )
  return row?.reason ?? null
}

describe('the preference centre', () => {
  test('MA-9.2 shows what the organization designed, in the person’s language, from the moment that it is saved', async () => {
    const org = await h.organization({ name: 'Atelier Nord' })
    const { path } = await mailed(org, 'fr')
    expect((await h.request({ url: path })).body).toContain('Vos préférences chez Atelier Nord')
    const saved = await org.admin.put('/api/privacy/preference-center', { version: 0, design: DESIGN })
    expect(saved.body).toMatchObject({ version: 1, createdBy: `member:${org.admin.personId}` })
    const page = (await h.request({ url: path })).body
    expect(page).toContain('<h1>Vos choix</h1>')
    expect(page).toContain('Je m’intéresse à : Soldes')
    expect(page).toContain('sur WhatsApp')
    expect(page).not.toContain('tracking_open')
    expect(page).toContain('background:#0a7d55')
    expect(page).toContain('alt="Atelier Nord"')
    expect(page).not.toContain('<script')
    const stale = await org.admin.put('/api/privacy/preference-center', { version: 0, design: DESIGN })
    expect(stale.status).toBe(409)
    const removed = await org.admin.put('/api/privacy/preference-center', {
      version: 1,
      design: { ...DESIGN, topics: [] },
    })
    expect(removed.status).toBe(400)
    expect(
      (await org.editor.put('/api/privacy/preference-center', { version: 1, design: DESIGN })).status,
    ).toBe(403)
    expect((await org.viewer.get('/api/privacy/preference-center/versions')).body.items).toHaveLength(1)
    const preview = await org.viewer.post('/api/privacy/preference-center/preview', {
      design: DESIGN,
      locale: 'en',
    })
    expect(preview.body.html).toContain('<h1>Your choices</h1>')
  })

  test('CS-018.1 a person leaves one topic and keeps the others, with the words and the version that they saw', async () => {
    const org = await h.organization()
    await org.admin.put('/api/privacy/preference-center', { version: 0, design: DESIGN })
    const { id, path } = await mailed(org, 'en')
    const page = (await h.request({ url: path })).body
    expect(page).toMatch(/name="topic_news" value="yes" checked/)
    await save(path, { email: 'yes', topic_news: 'yes' })
    expect([await reasonAbout(org, id, 'news'), await reasonAbout(org, id, 'sales')]).toEqual([
      null,
      'topic_refused',
    ])
    const { body } = await org.viewer.get(`/api/contacts/${toWire('contact', id)}/consents`)
    expect(body.history.at(-1)).toMatchObject({
      channel: 'email',
      purpose: 'marketing',
      topic: 'sales',
      state: 'withdrawn',
      source: { kind: 'preference_page', version: '1' },
      wording: { text: 'I am interested in: Sales' },
    })
    expect(body.reachability[0]).toMatchObject({ channel: 'email', marketing: null })
    h.clock.advance(1_000)
    await save(path, { email: 'yes', topic_news: 'yes', topic_sales: 'yes' })
    expect(await reasonAbout(org, id, 'sales')).toBeNull()
    h.clock.advance(1_000)
    await save(path, { topic_news: 'yes', topic_sales: 'yes' })
    expect([await reasonAbout(org, id, 'news'), await reasonAbout(org, id, 'sales')]).toEqual([
      'withdrawn',
      'withdrawn',
    ])
  })

  test('CS-018.5 stopping everything beats every topic', async () => {
    const org = await h.organization()
    await org.admin.put('/api/privacy/preference-center', { version: 0, design: DESIGN })
    const { id, path } = await mailed(org, 'en')
    await save(path, { email: 'yes', topic_news: 'yes', topic_sales: 'yes' })
    h.clock.advance(1_000)
    await save(path, { do: 'stop_all' })
    expect(await reasonAbout(org, id, 'news')).toBe('opted_out')
  })

  test('text on any colour an organization may choose is readable (WCAG 1.4.3)', () => {
    const luminance = (colour: string): number =>
      [1, 3, 5]
        .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, n) => sum + part * ([0.2126, 0.7152, 0.0722][n] ?? 0), 0)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xff_ff_ff }), (number) => {
        const colour = `#${number.toString(16).padStart(6, '0')}`
        const [a, b] = [luminance(colour), luminance(textOn(colour))]
        expect((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)).toBeGreaterThanOrEqual(4.5)
      }),
    )
  })
})

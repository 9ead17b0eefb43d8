import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inTransaction } from '../../platform/db/index.ts'
import { newId, type ContactId } from '../../platform/ids.ts'
import { harness, type Harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { freezeLinks, linkSigner, recordMessages, registerFollowGate, type MessageLinks } from '../index.ts'
import { followGate } from '../hits/follow-gate.ts'
import { checkLinkDomain } from './link-domain.ts'

const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1'
const HOST = 'go.shop.example'

let h: Harness
/** Other files of this process follow as the product does. */
const gateOfTheProduct = followGate()
afterAll(() => registerFollowGate(gateOfTheProduct))
beforeAll(async () => {
  h = await harness()
  registerFollowGate(async (_ctx, ids) => new Set(ids))
})

async function texted(
  org: TestOrganization,
  channel = 'sms',
): Promise<{ id: ContactId; links: MessageLinks }> {
  const now = h.clock.now()
  const id = String(Math.floor(h.platform.dice() * 1e6) + 1) as ContactId
  const run = { campaignId: newId<'campaign'>(now), runId: newId<'run'>(now), channel, month: '2026-11-01' }
  const versionId = newId<'mail_version'>(now)
  const links = await inTransaction(org.systemCtx, async (ctx) => {
    await freezeLinks(ctx, versionId, [{ linkNo: 0, url: 'https://shop.example/sale', label: 'Sale' }])
    const signer = await linkSigner(ctx, { ...run, versionId }, 1)
    await recordMessages(ctx, run, 1, [{ contactId: id, state: 'sent', reason: null }])
    return signer.linksFor(id)
  })
  return { id, links }
}

const follow = (url: string, headers: Record<string, string> = { 'user-agent': PHONE }) =>
  h.request({ url: new URL(url).pathname, headers })

const clicksOf = (org: TestOrganization, id: ContactId): Promise<{ payload: Record<string, unknown> }[]> =>
  org.systemCtx.db.query(
    "select payload from event where org_id = $1 and contact_id = $2 and type = 'message.clicked' order by seq",
    [org.orgId, id],
  )

/** A world in which the domain publishes and answers what it should, but for what is named. */
async function worldOf(org: TestOrganization, without: string[] = []) {
  const { body } = await org.admin.get('/api/link-domain')
  const publishedFor = (kind: string): string[] =>
    without.includes(kind)
      ? []
      : body.findings
          .filter((one: { kind: string }) => one.kind === kind)
          .map((one: { expected: string }) => one.expected)
  return {
    lookup: async (type: 'TXT' | 'CNAME' | 'MX') => publishedFor(type === 'TXT' ? 'ownership' : 'cname'),
    probe: async () => publishedFor('https')[0] ?? null,
  }
}

describe('a short link', () => {
  test('FR-006.2 of a text leads to the stored address, and its click counts as others do, programs apart', async () => {
    const org = await h.organization()
    const { id, links } = await texted(org)
    const url = links.clicks[0] ?? ''
    expect(url).toMatch(/\/s\/[A-Za-z0-9]{13,17}$/)
    h.clock.advance(60_000)
    const answer = await follow(url)
    expect(answer.statusCode).toBe(302)
    expect(answer.headers['location']).toBe('https://shop.example/sale')
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
    await follow(url, { 'user-agent': 'WhatsApp/2.23.20.0' })
    expect((await clicksOf(org, id)).map(({ payload }) => payload['machine'])).toEqual([false, true])
  })

  test('MA-5.3 to unsubscribe leads to the person’s own page', async () => {
    const { links } = await texted(await h.organization())
    const answer = await follow(links.unsubscribe)
    expect(answer.statusCode).toBe(302)
    expect(answer.headers['location']).toMatch(/\/u\/[A-Za-z0-9_-]{40}$/)
  })

  test('mails keep the long form', async () => {
    const { links } = await texted(await h.organization(), 'email')
    expect(links.clicks[0]).toMatch(/\/c\/.{40}$/)
  })

  test('PC-26 that nobody wrote says so in the reader’s language, and names no destination', async () => {
    const { id, links } = await texted(await h.organization())
    const code = new URL(links.clicks[0] ?? '').pathname
    const forged = code.slice(0, -1) + (code.endsWith('0') ? '1' : '0')
    for (const path of [forged, '/s/x', `/s/${'Z'.repeat(17)}`]) {
      const french = await h.request({ url: path, headers: { 'accept-language': 'fr-FR' } })
      expect(french.statusCode).toBe(404)
      expect(french.headers['location']).toBeUndefined()
      expect(french.body).toContain('Ce lien ne mène nulle part')
      expect((await h.request({ url: path })).body).toContain('This link leads nowhere')
    }
    expect(Number(id)).toBeGreaterThan(0)
  })
})

describe('the domain of short links', () => {
  test('is used once its owner’s record and its https answer are found, and no longer than that', async () => {
    const org = await h.organization()
    const { body: set } = await org.admin.put('/api/link-domain', { host: 'GO.shop.example' })
    expect(set).toMatchObject({ host: HOST, liveSince: null, checkedAt: null })
    expect((await texted(org)).links.clicks[0]).not.toContain(HOST)

    const used = await checkLinkDomain(org.ctx, await worldOf(org, ['cname']))
    expect(used).toMatchObject({ origin: `https://${HOST}`, liveSince: h.clock.now() })
    expect((await texted(org)).links.clicks[0]).toMatch(/^https:\/\/go\.shop\.example\/s\/.{11,17}$/)

    for (const missing of ['ownership', 'https'])
      expect(await checkLinkDomain(org.ctx, await worldOf(org, [missing]))).toMatchObject({ liveSince: null })
    expect((await texted(org)).links.clicks[0]).not.toContain(HOST)
    const trace = await org.systemCtx.db.query<{ action: string }>(
      "select action from audit_entry where org_id = $1 and action like 'link_domain.%' order by seq",
      [org.orgId],
    )
    expect(trace.map(({ action }) => action)).toEqual([
      'link_domain.set',
      'link_domain.used',
      'link_domain.rested',
    ])
  })

  test('the installation answers under each name with a mark of that name alone', async () => {
    const org = await h.organization()
    const { body } = await org.admin.put('/api/link-domain', { host: HOST })
    const expected = body.findings.find((one: { kind: string }) => one.kind === 'https').expected
    const asked = (host: string) => h.request({ url: '/s/about', headers: { host } })
    expect((await asked(HOST)).body).toBe(expected)
    expect((await asked('other.example')).body).not.toBe(expected)
  })

  test('two organizations that name the same domain are asked for different records', async () => {
    const marks = await Promise.all(
      [await h.organization(), await h.organization()].map(async ({ admin }) => {
        const { body } = await admin.put('/api/link-domain', { host: HOST })
        return body.findings.find((one: { kind: string }) => one.kind === 'ownership').expected
      }),
    )
    expect(marks[0]).not.toBe(marks[1])
  })

  test('public shorteners, addresses and paths are refused with what to enter instead', async () => {
    const { admin, editor } = await h.organization()
    for (const host of ['bit.ly', '10.0.0.1', 'https://go.shop.example', 'go.shop.example/x', 'localhost'])
      expect((await admin.put('/api/link-domain', { host })).status).toBe(400)
    expect((await editor.put('/api/link-domain', { host: HOST })).status).toBe(403)
    expect((await admin.delete('/api/link-domain')).status).toBe(404)
  })
})

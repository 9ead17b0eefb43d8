import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inTransaction } from '../../platform/db/index.ts'
import { newId, type ContactId, type RunId } from '../../platform/ids.ts'
import { harness, type Harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import {
  freezeLinks,
  linkSigner,
  recordMessages,
  registerFollowGate,
  registerViewRenderer,
  type MessageLinks,
} from '../index.ts'
import { viewRenderer } from '../links/view-renderer.ts'
import { followGate } from './follow-gate.ts'

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const LINKS = 12

let h: Harness
let org: TestOrganization
/** Other files of this process follow and show as the product does. */
const [gateOfTheProduct, rendererOfTheProduct] = [followGate(), viewRenderer()]
afterAll(() => {
  registerFollowGate(gateOfTheProduct)
  registerViewRenderer(rendererOfTheProduct)
})
/** Whose opens may be kept, and who refuses to be followed; the room consent answers this in the product. */
const consenting = new Set<ContactId>()
const refusing = new Set<ContactId>()

interface Mailed {
  contactId: ContactId
  links: MessageLinks
  runId: RunId
}

beforeAll(async () => {
  h = await harness()
  org = await h.organization()
  registerFollowGate(
    async (_ctx, ids, _channel, following) =>
      new Set(ids.filter((id) => (following === 'open' ? consenting.has(id) : !refusing.has(id)))),
  )
})

/** A message that was handed over at the present instant. */
async function mailed(): Promise<Mailed> {
  const now = h.clock.now()
  const contactId = String(Math.floor(h.platform.dice() * 1e9) + 1) as ContactId
  const run = {
    campaignId: newId<'campaign'>(now),
    runId: newId<'run'>(now),
    channel: 'email',
    month: '2026-11-01',
  }
  const versionId = newId<'mail_version'>(now)
  const links = await inTransaction(org.systemCtx, async (ctx) => {
    await freezeLinks(
      ctx,
      versionId,
      Array.from({ length: LINKS }, (_, linkNo) => ({
        linkNo,
        url: `https://shop.example/p/${linkNo}?a=1&b=é`,
        label: `Product ${linkNo}`,
      })),
    )
    const signer = await linkSigner(ctx, { ...run, versionId }, LINKS)
    await recordMessages(ctx, run, 1, [{ contactId, state: 'sent', reason: null }])
    return signer.linksFor(contactId)
  })
  return { contactId, links, runId: run.runId }
}

const fetchAs = (url: string, userAgent: string, method: 'GET' | 'HEAD' = 'GET') =>
  h.request({ method, url: new URL(url).pathname, headers: { 'user-agent': userAgent } })

async function eventsOf(contactId: ContactId): Promise<{ type: string; payload: Record<string, unknown> }[]> {
  return org.systemCtx.db.query(
    'select type, payload from event where org_id = $1 and contact_id = $2 order by seq',
    [org.orgId, contactId],
  )
}

describe('a click', () => {
  test('FR-006.2 leads to the stored address and is in the log before the answer', async () => {
    const { contactId, links } = await mailed()
    h.clock.advance(60_000)
    const answer = await fetchAs(links.clicks[3] ?? '', BROWSER)
    expect(answer.statusCode).toBe(302)
    expect(answer.headers['location']).toBe('https://shop.example/p/3?a=1&b=%C3%A9')
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(await eventsOf(contactId)).toMatchObject([
      { type: 'message.clicked', payload: { linkNo: 3, machine: false, reasons: [], agent: 'firefox' } },
    ])
  })

  test('PC-26 with another destination or another last character leads nowhere and echoes nothing', async () => {
    const { contactId, links } = await mailed()
    const url = new URL(links.clicks[0] ?? '').pathname
    const altered = url.slice(0, -1) + (url.endsWith('A') ? 'B' : 'A')
    const answers = await Promise.all(
      [altered, `${altered}?url=https://evil.example`, `/c/${'A'.repeat(40)}`, '/c/x'].map((path) =>
        h.request({ url: path }),
      ),
    )
    for (const answer of answers) {
      expect(answer.statusCode).toBe(404)
      expect(answer.headers['location']).toBeUndefined()
      expect(answer.body).toBe(answers[0]?.body)
      expect(answer.body).not.toContain('evil')
    }
    expect((await h.request({ url: `${url}?url=https://evil.example` })).headers['location']).toMatch(
      /^https:\/\/shop\.example\//,
    )
    expect((await eventsOf(contactId)).length).toBe(1)
  })

  test('PC-26 cut by one character gets a page in the reader’s language, and so does a mail that is not there', async () => {
    const { links } = await mailed()
    const cut = (url: string): string => new URL(url).pathname.slice(0, -1)
    for (const path of [cut(links.clicks[0] ?? ''), '/c/xxxx', cut(links.view), '/v/xxxx']) {
      const french = await h.request({ url: path, headers: { 'accept-language': 'fr-FR,fr;q=0.9' } })
      expect(french.statusCode).toBe(404)
      expect(french.headers['cache-control']).toContain('no-store')
      expect(french.body).toContain('<html lang="fr">')
      expect(french.body).toContain('<h1>Ce lien ne mène nulle part</h1>')
      expect(french.body).toContain('prefers-color-scheme:dark')
      expect((await h.request({ url: path })).body).toContain('<h1>This link leads nowhere</h1>')
    }
  })

  test('PC-26 with a token for another purpose leads nowhere', async () => {
    const { links } = await mailed()
    const token = links.unsubscribe.split('/').at(-1)
    expect((await h.request({ url: `/c/${token}` })).statusCode).toBe(404)
  })

  test('PC-25 on all links within two seconds of delivery is a machine’s', async () => {
    const { contactId, links } = await mailed()
    h.clock.advance(2_000)
    await Promise.all(links.clicks.map((url) => fetchAs(url, BROWSER)))
    const events = await eventsOf(contactId)
    expect(events.length).toBe(LINKS)
    for (const event of events)
      expect(event.payload).toMatchObject({ machine: true, reasons: expect.arrayContaining(['too_fast']) })
  })

  test('FR-006.2 on three links within ten seconds takes back those that were counted as a person’s', async () => {
    const { contactId, links } = await mailed()
    h.clock.advance(3_600_000)
    for (const url of links.clicks.slice(0, 4)) {
      await fetchAs(url, BROWSER)
      h.clock.advance(1_000)
    }
    const events = await eventsOf(contactId)
    expect(events.map((event) => event.type)).toEqual([
      'message.clicked',
      'message.clicked',
      'message.clicks_reclassified',
      'message.clicked',
      'message.clicked',
    ])
    expect(events[2]?.payload).toMatchObject({ reason: 'many_links', clicks: [{ linkNo: 0 }, { linkNo: 1 }] })
    expect(events[3]?.payload).toMatchObject({ machine: true })
  })

  test('FR-006.2 by a scanner, a prefetch or HEAD is a machine’s, and HEAD leads on', async () => {
    const { contactId, links } = await mailed()
    h.clock.advance(3_600_000)
    await fetchAs(links.clicks[0] ?? '', 'Barracuda Sentinel (EE)')
    const head = await fetchAs(links.clicks[0] ?? '', BROWSER, 'HEAD')
    await h.request({
      url: new URL(links.clicks[0] ?? '').pathname,
      headers: { 'user-agent': BROWSER, 'sec-purpose': 'prefetch' },
    })
    expect(head.statusCode).toBe(302)
    expect((await eventsOf(contactId)).map((event) => event.payload['reasons'])).toEqual([
      ['user_agent'],
      ['head_request'],
      ['prefetch'],
    ])
  })
})

test('a click of somebody who refuses to be followed leads on and leaves no trace', async () => {
  const { contactId, links } = await mailed()
  refusing.add(contactId)
  h.clock.advance(60_000)
  expect((await fetchAs(links.clicks[0] ?? '', BROWSER)).statusCode).toBe(302)
  expect(await eventsOf(contactId)).toEqual([])
})

describe('an open', () => {
  test('PC-18 of somebody who does not consent gets the same picture and leaves no trace', async () => {
    const [silent, open] = [await mailed(), await mailed()]
    consenting.add(open.contactId)
    h.clock.advance(60_000)
    const pictures = [await fetchAs(silent.links.open, BROWSER), await fetchAs(open.links.open, BROWSER)]
    consenting.delete(open.contactId)
    pictures.push(await fetchAs(open.links.open, BROWSER))
    for (const picture of pictures) {
      expect(picture.statusCode).toBe(200)
      expect(picture.headers['content-type']).toBe('image/gif')
      expect(picture.rawPayload.equals(pictures[0]?.rawPayload ?? Buffer.alloc(0))).toBe(true)
    }
    expect(await eventsOf(silent.contactId)).toEqual([])
    expect((await eventsOf(open.contactId)).length).toBe(1)
  })

  test('PC-24 by Apple’s proxy three seconds after delivery is a machine’s', async () => {
    const { contactId, links } = await mailed()
    consenting.add(contactId)
    h.clock.advance(3_000)
    await fetchAs(links.open, 'Mozilla/5.0')
    expect(await eventsOf(contactId)).toMatchObject([
      { type: 'message.opened', payload: { machine: true, reasons: ['apple_privacy', 'too_fast'] } },
    ])
  })

  test('through Google’s picture proxy is a person’s', async () => {
    const { contactId, links } = await mailed()
    consenting.add(contactId)
    h.clock.advance(60_000)
    await fetchAs(
      links.open,
      'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
    )
    expect(await eventsOf(contactId)).toMatchObject([{ payload: { machine: false, agent: 'google_proxy' } }])
  })
})

describe('the view in the browser', () => {
  test('shows what content renders, with nothing of ours in reach', async () => {
    const { contactId, links } = await mailed()
    expect((await fetchAs(links.view, BROWSER)).statusCode).toBe(404)
    registerViewRenderer({
      view: async (ctx, message) => `<p>${ctx.actor.id} ${message.contactId}</p>`,
      url: async () => null,
    })
    const page = await fetchAs(links.view, BROWSER)
    expect(page.body).toBe(`<p>${contactId} ${contactId}</p>`)
    expect(page.headers['content-security-policy']).toMatch(/^sandbox /)
    expect(page.headers['content-security-policy']).not.toContain('script')
  })
})

test('many hits at once are all in the log when they are answered', async () => {
  const messages = await Promise.all(Array.from({ length: 20 }, mailed))
  h.clock.advance(60_000)
  const before = await clicks()
  await Promise.all(
    messages.flatMap(({ links }) => [0, 0, 1, 1].map((n) => fetchAs(links.clicks[n] ?? '', BROWSER))),
  )
  expect((await clicks()) - before).toBe(80)
})

async function clicks(): Promise<number> {
  const [row] = await org.systemCtx.db.query<{ n: number }>(
    `select count(*)::int as n from event where org_id = $1 and type = 'message.clicked'`,
    [org.orgId],
  )
  return row?.n ?? 0
}

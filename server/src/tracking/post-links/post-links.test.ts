import { beforeAll, describe, expect, test } from 'vitest'
import { harness, type Harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { markedUrl, postSourceOf } from './marks.ts'

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

let h: Harness
beforeAll(async () => {
  h = await harness()
})

const campaignOf = async (org: TestOrganization, name = 'Noël & Fêtes'): Promise<string> =>
  (await org.editor.post('/api/campaigns', { name })).body.id

const wanted = { destination: 'https://shop.example/sale?size=m#top', platform: 'instagram', name: 'Story 1' }

const follow = (shortUrl: string, headers: Record<string, string> = { 'user-agent': BROWSER }) =>
  h.request({ url: new URL(shortUrl).pathname, headers })

describe('tracked links of posts and pages', () => {
  test('CB-8.3 a link keeps its destination and carries the marks of its campaign, platform and name', async () => {
    const org = await h.organization()
    const id = await campaignOf(org)
    const { status, body } = await org.editor.post(`/api/campaigns/${id}/links`, wanted)
    expect(status).toBe(201)
    const url = new URL(body.url)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      size: 'm',
      utm_source: 'instagram',
      utm_medium: 'social',
      utm_campaign: 'noel-fetes',
      utm_id: id,
      utm_content: 'story-1',
    })
    expect([url.origin, url.pathname, url.hash]).toEqual(['https://shop.example', '/sale', '#top'])
    expect(body.shortUrl).toMatch(/\/s\/[A-Za-z0-9]{10}$/)
  })

  test('FR-006.2 the short one leads to the stored address and nowhere else; people and programs are counted apart, and nobody is named', async () => {
    const org = await h.organization()
    const id = await campaignOf(org)
    const { body: link } = await org.editor.post(`/api/campaigns/${id}/links`, wanted)
    const answer = await follow(`${link.shortUrl}?to=https://evil.example`)
    expect([answer.statusCode, answer.headers['location']]).toEqual([302, link.url])
    await follow(link.shortUrl)
    await follow(link.shortUrl, { 'user-agent': 'facebookexternalhit/1.1' })
    const { body } = await org.viewer.get(`/api/campaigns/${id}/links`)
    expect(body.items).toMatchObject([{ id: link.id, clicks: 2, machineClicks: 1 }])
    const [people] = await org.systemCtx.db.query<{ n: number }>(
      'select count(*)::int as n from contact where org_id = $1',
      [org.orgId],
    )
    expect(people?.n).toBe(0)
    expect((await follow('http://x.example/s/Zzzzzzzzzz')).statusCode).toBe(404)
  })

  test('a renamed link and one that was put away still lead on, both are audited', async () => {
    const org = await h.organization()
    const id = await campaignOf(org)
    const { body: link } = await org.editor.post(`/api/campaigns/${id}/links`, wanted)
    const path = `/api/campaigns/${id}/links/${link.id}`
    expect((await org.editor.patch(path, { name: 'Reel' })).body).toMatchObject({
      name: 'Reel',
      url: link.url,
      archivedAt: null,
    })
    expect((await org.editor.patch(path, { isArchived: true })).body.archivedAt).not.toBeNull()
    expect((await follow(link.shortUrl)).statusCode).toBe(302)
    expect((await org.editor.patch(path, { isArchived: false })).body).toMatchObject({
      archivedAt: null,
      clicks: 1,
    })
    const trace = await org.systemCtx.db.query<{ action: string }>(
      "select action from audit_entry where org_id = $1 and action like 'post_link.%' order by seq",
      [org.orgId],
    )
    expect(trace.map(({ action }) => action)).toEqual([
      'post_link.created',
      'post_link.changed',
      'post_link.changed',
      'post_link.changed',
    ])
  })

  test('only pages of the web are led to', async () => {
    const org = await h.organization()
    const path = `/api/campaigns/${await campaignOf(org)}/links`
    for (const destination of [
      'javascript:alert(1)',
      'data:text/html,x',
      'ftp://shop.example/',
      'https://user:secret@shop.example/',
      'https://127.0.0.1/',
      'https://[::1]/',
      'https://localhost/',
      'shop.example/sale',
    ]) {
      const { status, body } = await org.editor.post(path, { ...wanted, destination })
      expect([destination, status, body.errors?.[0]?.path]).toEqual([destination, 400, 'destination'])
    }
    expect((await org.viewer.get(path)).body.items).toEqual([])
  })

  test('belong to one organization, and are made by those who may write campaigns', async () => {
    const [org, other] = [await h.organization(), await h.organization()]
    const id = await campaignOf(org)
    const { body: link } = await org.editor.post(`/api/campaigns/${id}/links`, wanted)
    expect((await org.viewer.post(`/api/campaigns/${id}/links`, wanted)).status).toBe(403)
    expect((await org.viewer.patch(`/api/campaigns/${id}/links/${link.id}`, { name: 'x' })).status).toBe(403)
    expect((await other.editor.get(`/api/campaigns/${id}/links`)).status).toBe(404)
    expect((await other.editor.post(`/api/campaigns/${id}/links`, wanted)).status).toBe(404)
    const theirs = await campaignOf(other)
    expect(
      (await other.editor.patch(`/api/campaigns/${theirs}/links/${link.id}`, { name: 'x' })).status,
    ).toBe(404)
  })
})

describe('marks', () => {
  const id = 'camp_01jdkz0000abcdefghjkmnpqrs'
  const source = { campaignId: expect.any(String), platform: 'tiktok' }

  test('are read from the campaign of the context, and from the page’s address', () => {
    const search = `?a=b&utm_source=TikTok&utm_id=${id}`
    for (const [context, properties] of [
      [{ campaign: { id, source: 'tiktok' } }, {}],
      [{ page: { search } }, {}],
      [{ page: { url: `https://shop.example/x${search}#y` } }, {}],
      [null, { url: `https://shop.example/x${search}` }],
      [null, { search }],
    ] as const)
      expect(postSourceOf(context, properties)).toEqual(source)
  })

  test('of mails, of other sources and of no campaign are none', () => {
    for (const campaign of [
      { id, source: 'newsletter' },
      { id },
      { id: 'spring', source: 'tiktok' },
      { source: 'tiktok' },
      'tiktok',
    ])
      expect(postSourceOf({ campaign }, {})).toBeNull()
    expect(postSourceOf(null, { url: 'https://shop.example/?utm_id=' })).toBeNull()
  })

  test('give way to ours where the destination had some', () => {
    const marked = markedUrl('https://shop.example/?utm_source=old&utm_term=kept', {
      campaignId: '01939d4c-0000-7000-8000-000000000001' as never, // any campaign
      campaignName: 'Spring',
      platform: 'reddit',
      name: 'Post',
    })
    const { searchParams } = new URL(marked)
    expect(searchParams.getAll('utm_source')).toEqual(['reddit'])
    expect(searchParams.get('utm_term')).toBe('kept')
  })
})

import { beforeAll, describe, expect, test } from 'vitest'
import { harness, type Harness } from '../../testing/harness.ts'

const DAY_MS = 86_400_000
let h: Harness
beforeAll(async () => {
  h = await harness()
})

const OVERVIEW = { kind: 'overview', days: 7 }
const pathOf = (url: string): string => new URL(url).pathname

describe('shared reports', () => {
  test('MA-7.4 a link shows a report without an account, on a page, as PDF and as CSV, and counts who looked', async () => {
    const org = await h.organization({ name: 'Atelier <b>' })
    await org.owner.post('/api/contacts', { email: 'ada.private@example.com', firstName: 'Ada' })
    const { status, body } = await org.editor.post('/api/reports/shares', {
      question: OVERVIEW,
      title: 'For the <i>board</i>',
      days: 2,
      locale: 'fr',
    })
    expect(status).toBe(201)
    const page = await h.request({ url: pathOf(body.url) })
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('<html lang="fr">')
    expect(page.body).toContain('Que tenter ensuite')
    expect(page.body).not.toContain('<i>board')
    expect(page.body).not.toContain('ada.private')
    expect(page.body).not.toContain('<script')
    expect(page.headers['x-robots-tag']).toContain('noindex')
    expect(page.headers['cache-control']).toContain('no-store')
    const pdf = await h.request({ url: `${pathOf(body.url)}?format=pdf` })
    expect(pdf.rawPayload.toString('latin1', 0, 8)).toBe('%PDF-1.7')
    const table = await h.request({ url: `${pathOf(body.url)}?format=csv` })
    expect(table.headers['content-type']).toContain('text/csv')
    expect(table.headers['cache-control']).toContain('no-store')
    expect(table.body).toContain('rate_click')
    expect(table.body).not.toContain('ada.private')
    expect((await org.viewer.get('/api/reports/shares')).body.items).toMatchObject([{ views: 3 }])
  })

  test('it shows nothing once it has expired, and nothing once it was taken back; both are written down', async () => {
    const org = await h.organization()
    const make = async (): Promise<{ id: string; url: string }> =>
      (await org.editor.post('/api/reports/shares', { question: OVERVIEW, days: 1 })).body
    const [expiring, revoked] = [await make(), await make()]
    expect((await org.editor.delete(`/api/reports/shares/${revoked.id}`)).status).toBe(204)
    expect((await org.editor.delete(`/api/reports/shares/${revoked.id}`)).status).toBe(404)
    const gone = await h.request({ url: pathOf(revoked.url) })
    expect(gone.statusCode).toBe(404)
    expect((await h.request({ url: pathOf(expiring.url) })).statusCode).toBe(200)
    h.clock.advance(DAY_MS)
    const late = await h.request({ url: pathOf(expiring.url) })
    expect([late.statusCode, late.body]).toEqual([404, gone.body])
    const items = (await org.viewer.get('/api/reports/shares')).body.items
    expect(items.map(({ url }: { url: string | null }) => url)).toEqual([null, null])
    const actions = (await org.owner.get('/api/audit?limit=50')).body.items.map(
      ({ action }: { action: string }) => action,
    )
    expect(actions).toEqual(expect.arrayContaining(['reports.shared', 'reports.share_revoked']))
  })

  test('NFR-004.6 a changed or made-up token shows nothing, and viewers share nothing', async () => {
    const org = await h.organization()
    const { url } = (await org.editor.post('/api/reports/shares', { question: OVERVIEW })).body
    const path = pathOf(url)
    const last = path.endsWith('A') ? 'B' : 'A'
    for (const wrong of [`${path.slice(0, -1)}${last}`, `${path}x`, '/r/x'])
      expect((await h.request({ url: wrong })).statusCode).toBe(404)
    expect((await org.viewer.post('/api/reports/shares', { question: OVERVIEW })).status).toBe(403)
    expect((await org.editor.post('/api/reports/shares', { question: OVERVIEW, days: 91 })).status).toBe(400)
  })
})

/** Programs in a real browser send events from a page of another origin: Segment's own client, and our script. */
import { expect, test, type Page } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { api, startFanfare, type Fanfare } from './fanfare.ts'

const ANALYTICS = join(
  dirname(createRequire(import.meta.url).resolve('@segment/analytics-next/package.json')),
  'dist/umd/index.js',
)

let fanfare: Fanfare
let writeKey: string
/** Stands in front of Fanfare and sometimes answers in its place. */
let front: Server
let faults: number[] = []
/** The page of a shop, on an origin of its own. */
let shop: Server

test.beforeAll(async () => {
  fanfare = await startFanfare()
  const source = (await api(fanfare, 'POST', '/api/event-sources', { name: 'Shop', kind: 'browser' })) as {
    writeKey: string
  }
  writeKey = source.writeKey
  front = await listen((request, response) => void pass(request, response))
  shop = await listen((request, response) => void shopPage(request, response))
})
test.afterAll(async () => {
  front?.close()
  shop?.close()
  await fanfare?.stop()
})
test.beforeEach(() => {
  faults = []
})

const originOf = (server: Server): string => `http://localhost:${(server.address() as AddressInfo).port}` // it listens

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return server
}

async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer) // a request gives buffers
  const fault = request.method === 'POST' ? faults.shift() : undefined
  if (fault !== undefined) {
    response.writeHead(fault, {
      'access-control-allow-origin': '*',
      'retry-after': '1',
      'access-control-expose-headers': 'retry-after',
    })
    response.end('{}')
    return
  }
  const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers
  const answer = await fetch(`${fanfare.url}${request.url}`, {
    method: request.method ?? 'GET',
    headers: headers as Record<string, string>, // repeated headers do not occur here
    ...(parts.length > 0 ? { body: Buffer.concat(parts) } : {}),
  })
  const {
    'content-encoding': _encoding,
    'content-length': _size,
    ...kept
  } = Object.fromEntries(answer.headers)
  response.writeHead(answer.status, kept)
  response.end(Buffer.from(await answer.arrayBuffer()))
}

async function shopPage({ url }: IncomingMessage, response: ServerResponse): Promise<void> {
  if (url === '/analytics.js') {
    response.writeHead(200, { 'content-type': 'text/javascript' }).end(await readFile(ANALYTICS))
    return
  }
  const scripts = url?.startsWith('/segment')
    ? '<script src="/analytics.js"></script>'
    : `<script>
        window.fanfare = window.fanfare || { q: [] }
        for (const name of ['track', 'page', 'identify', 'group', 'consent', 'reset'])
          fanfare[name] ??= (...values) => fanfare.q.push([name, ...values])
        fanfare.track('Called early')
      </script>
      <script async src="${originOf(front)}/tracker.js" data-key="${writeKey}"></script>`
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    .end(`<!doctype html><html lang="en"><title>Shop</title>${scripts}<h1>Shop</h1></html>`)
}

/** The timeline of whoever has this address, latest first. */
async function timelineOf(email: string): Promise<string[]> {
  const found = (await api(fanfare, 'GET', `/api/contacts?search=${encodeURIComponent(email)}`)) as {
    items: { id: string }[]
  }
  const [contact] = found.items
  if (!contact) return []
  const { items } = (await api(fanfare, 'GET', `/api/contacts/${contact.id}/timeline?limit=100`)) as {
    items: { type: string }[]
  }
  return items.map(({ type }) => type)
}

test.describe('Segment’s browser client', () => {
  const start = async (page: Page): Promise<void> => {
    await page.goto(`${originOf(shop)}/segment`)
    await page.evaluate(
      ({ writeKey: key, origin }) => {
        const { AnalyticsBrowser } = (
          window as unknown as {
            AnalyticsNext: { AnalyticsBrowser: { load(...options: object[]): unknown } }
          }
        ).AnalyticsNext
        Object.assign(window, {
          analytics: AnalyticsBrowser.load(
            { writeKey: key, cdnURL: origin },
            { integrations: { 'Segment.io': { apiHost: `${new URL(origin).host}/v1`, protocol: 'http' } } },
          ),
        })
      },
      { writeKey, origin: originOf(front) },
    )
  }

  test('works unchanged: what happened before and after saying who one is belongs to one person', async ({
    page,
  }) => {
    await start(page)
    await page.evaluate(async () => {
      const { analytics } = window as unknown as {
        analytics: Record<string, (...values: unknown[]) => Promise<unknown>>
      }
      await analytics['page']?.('Home')
      await analytics['track']?.('Product Viewed', { product_id: 'p-1' })
      await analytics['identify']?.('user-1', { email: 'segment@example.com' })
      await analytics['track']?.('Order Completed', { order_id: 'o-1', revenue: 14.99 })
      await analytics['group']?.('g-1', { name: 'Initech' })
    })
    await expect
      .poll(async () => (await timelineOf('segment@example.com')).toSorted())
      .toEqual(
        expect.arrayContaining([
          'group',
          'identify',
          'page',
          'track:Order Completed',
          'track:Product Viewed',
        ]),
      )
  })

  test('NFR-002.3 after 429 and 500 it tries again, and the event counts once', async ({ page }) => {
    await start(page)
    await page.evaluate(async () => {
      const { analytics } = window as unknown as {
        analytics: Record<string, (...values: unknown[]) => Promise<unknown>>
      }
      await analytics['identify']?.('user-2', { email: 'retried@example.com' })
    })
    await expect.poll(() => timelineOf('retried@example.com')).toContain('identify')
    faults = [429, 500]
    await page.evaluate(() => {
      const { analytics } = window as unknown as {
        analytics: Record<string, (...values: unknown[]) => Promise<unknown>>
      }
      void analytics['track']?.('Retried')
    })
    await expect
      .poll(
        async () =>
          (await timelineOf('retried@example.com')).filter((type) => type === 'track:Retried').length,
      )
      .toBe(1)
    expect(faults).toEqual([])
  })
})

test.describe('our browser script', () => {
  const kept = (page: Page): Promise<[cookies: string, items: number]> =>
    page.evaluate(() => [document.cookie, localStorage.length + sessionStorage.length])

  test('sends page views and events, and keeps nothing on the device until consent says so', async ({
    page,
  }) => {
    await page.goto(originOf(shop))
    await page.evaluate(() => {
      const { fanfare: own } = window as unknown as {
        fanfare: Record<string, (...values: unknown[]) => void>
      }
      own['identify']?.('user-3', { email: 'script@example.com' })
      history.pushState({}, '', '/cart')
      own['track']?.('Product Added', { product_id: 'p-1' })
    })
    await expect
      .poll(async () => (await timelineOf('script@example.com')).toSorted())
      .toEqual(['contacts.created', 'identify', 'page', 'page', 'track:Called early', 'track:Product Added'])
    expect(await kept(page)).toEqual(['', 0])
    await page.evaluate(() =>
      (window as unknown as { fanfare: { consent(isGiven: boolean): void } }).fanfare.consent(true),
    )
    expect(await kept(page)).toEqual(['', 1])
    await page.reload()
    await expect
      .poll(async () => (await timelineOf('script@example.com')).filter((type) => type === 'page').length)
      .toBe(3)
    await page.evaluate(() =>
      (window as unknown as { fanfare: { consent(isGiven: boolean): void } }).fanfare.consent(false),
    )
    expect(await kept(page)).toEqual(['', 0])
  })

  test('NFR-002.3 tries again after 429 and 500, and sends what is left when the page goes', async ({
    page,
  }) => {
    await page.goto(originOf(shop))
    await page.evaluate(() => {
      const { fanfare: own } = window as unknown as {
        fanfare: Record<string, (...values: unknown[]) => void>
      }
      own['identify']?.('user-4', { email: 'patient@example.com' })
    })
    await expect.poll(() => timelineOf('patient@example.com')).toContain('identify')
    faults = [429, 500]
    await page.evaluate(() =>
      (window as unknown as { fanfare: { track(name: string): void } }).fanfare.track('Patient'),
    )
    await expect.poll(() => timelineOf('patient@example.com')).toContain('track:Patient')
    await page.evaluate(() => {
      ;(window as unknown as { fanfare: { track(name: string): void } }).fanfare.track('Leaving')
      location.href = 'about:blank'
    })
    await expect.poll(() => timelineOf('patient@example.com')).toContain('track:Leaving')
    const all = await timelineOf('patient@example.com')
    expect(all.filter((type) => type === 'track:Patient')).toHaveLength(1)
    expect(all.filter((type) => type === 'track:Leaving')).toHaveLength(1)
  })
})

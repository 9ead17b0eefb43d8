/** Every screen of the product, for screenshots and for the checks that hold on all of them. */
import type { Page } from '@playwright/test'
import { OWNER } from './fanfare.ts'

/** A screen: its name for files, and where it lies. */
export interface Screen {
  name: string
  path: string
}

/** Screens that are seen without an account. */
export const OUTSIDE: readonly Screen[] = [
  { name: 'login', path: '/login' },
  { name: 'forgot-password', path: '/forgot-password' },
  { name: 'not-found', path: '/no-such-page' },
]

/** Signs the owner in, by keyboard, as the first organization's set-up made them. */
export async function signIn(page: Page, base: string): Promise<void> {
  await page.goto(`${base}/login`)
  await page.getByRole('textbox', { name: /e-mail/i }).fill(OWNER.email)
  await page.locator('input[type=password]').fill(OWNER.password)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => !url.pathname.startsWith('/login'))
}

/** Enters a sample workspace of one's own, so that every screen has something to show. */
export async function enterSample(page: Page): Promise<void> {
  await fetchJson(page, 'POST', '/api/sample-workspace')
  await page.goto('/')
}

/** Every screen inside, with ids of things that exist. */
export async function insideScreens(page: Page): Promise<Screen[]> {
  const first = async (
    path: string,
    pick: (item: Record<string, unknown>) => boolean = () => true,
  ): Promise<string> => {
    const { items } = (await fetchJson(page, 'GET', path)) as { items: Record<string, unknown>[] }
    const id = items.find(pick)?.['id']
    if (typeof id !== 'string') throw new Error(`${path} has nothing to show a screen of`)
    return id
  }
  const [draft, sent] = [
    await first('/api/campaigns?status=draft'),
    await first('/api/campaigns?status=completed,running'),
  ]
  await fetchJson(page, 'POST', `/api/campaigns/${sent}/links`, {
    destination: 'https://shop.example.com/sale',
    platform: 'instagram',
    name: 'Story on Friday',
  })
  // What a shop would send, so that the dictionary has something to explain.
  const event = 'track:Order Completed'
  await fetchJson(page, 'POST', '/api/events', {
    event: 'Order Completed',
    userId: 'screen-1',
    properties: { order_id: 'o-1', revenue: 14.99, currency: 'EUR', customer_email: 'ada@example.com' },
  })
  await fetchJson(page, 'POST', '/api/event-sources', { name: 'Shop', kind: 'browser' })
  const [written, running] = await testsOf(page, draft)
  const [waiting, switchedOn] = await triggeredOf(page, draft)
  const [segment, contact] = [await first('/api/segments'), await first('/api/contacts')]
  return [
    { name: 'home', path: '/' },
    { name: 'campaigns', path: '/campaigns' },
    { name: 'campaign-composer', path: `/campaigns/${draft}` },
    { name: 'campaign-report', path: `/campaigns/${sent}` },
    { name: 'campaign-sending', path: `/campaigns/${sent}?view=desk` },
    { name: 'campaign-test', path: `/campaigns/${written}` },
    { name: 'campaign-test-results', path: `/campaigns/${running}?view=test` },
    { name: 'campaign-trigger', path: `/campaigns/${waiting}` },
    { name: 'campaign-triggered', path: `/campaigns/${switchedOn}` },
    { name: 'campaign-plan', path: `/campaigns/${sent}?view=plan` },
    { name: 'reports', path: '/reports' },
    {
      name: 'reports-compare',
      path: `/reports/compare?ids=${encodeURIComponent(JSON.stringify([sent, running]))}`,
    },
    { name: 'reports-money', path: '/reports/money?by=channel' },
    { name: 'reports-spends', path: '/reports/spends' },
    { name: 'reports-history', path: '/reports/history' },
    { name: 'reports-saved', path: '/reports/saved' },
    { name: 'journeys', path: '/reports/journeys' },
    { name: 'campaign-money', path: `/reports/${sent}` },
    { name: 'contacts', path: '/audience/contacts' },
    { name: 'contact', path: `/audience/contacts/${contact}` },
    { name: 'contact-fields', path: '/audience/fields' },
    { name: 'segments', path: '/audience/segments' },
    { name: 'segment', path: `/audience/segments/${segment}` },
    { name: 'buyers', path: '/audience/buyers' },
    { name: 'buyers-class', path: '/audience/buyers?class=champions' },
    { name: 'segment-compare', path: '/audience/segments/compare' },
    { name: 'events', path: '/audience/events' },
    { name: 'event', path: `/audience/events/${encodeURIComponent(event)}` },
    { name: 'imports', path: '/audience/imports' },
    { name: 'content', path: '/content' },
    { name: 'forms', path: '/forms' },
    { name: 'privacy', path: '/privacy' },
    ...['ledger', 'requests', 'center', 'retention', 'log'].map((view) => ({
      name: `privacy-${view}`,
      path: `/privacy?view=${view}`,
    })),
    { name: 'mailbox', path: '/mailbox' },
    { name: 'settings', path: '/settings' },
    ...['members', 'api-keys', 'sending', 'hours', 'prices', 'sources', 'audit'].map((name) => ({
      name: `settings-${name}`,
      path: `/settings/${name}`,
    })),
    { name: 'account', path: '/account' },
  ]
}

/** Copies of a draft whose contents are compared: one that is being written, one under way. */
async function testsOf(page: Page, draft: string): Promise<[written: string, running: string]> {
  const copy = async (): Promise<string> => {
    const { id, content } = (await fetchJson(page, 'POST', `/api/campaigns/${draft}/duplicate`, {})) as {
      id: string
      content: { email: { subject: string } }
    }
    const email = { ...content.email, subject: 'We would love to see you again' }
    await fetchJson(page, 'POST', `/api/campaigns/${id}/ab-test`, {
      variants: [{}, { name: 'Warm', content: { email } }, { name: 'No message', isControl: true }],
      settings: { metric: 'conversion', minSample: 100 },
    })
    return id
  }
  const [written, running] = [await copy(), await copy()]
  await fetchJson(page, 'POST', `/api/campaigns/${running}/launch`, {})
  return [written, running]
}

/** Copies of a draft that an event sets off: one that is being written, one that is switched on. */
async function triggeredOf(page: Page, draft: string): Promise<[written: string, switchedOn: string]> {
  const copy = async (): Promise<string> => {
    const { id } = (await fetchJson(page, 'POST', `/api/campaigns/${draft}/duplicate`, {
      name: 'Thank you for your order',
      delivery: 'triggered',
      audience: { include: { rule: { all: [] } } },
      trigger: {
        source: {
          kind: 'event',
          event: 'track:Order Completed',
          filters: [{ property: 'revenue', type: 'number', operator: 'at_least', value: 10 }],
        },
        delay: { count: 2, unit: 'hours' },
        limit: '7d',
      },
    })) as { id: string }
    return id
  }
  const [written, switchedOn] = [await copy(), await copy()]
  await fetchJson(page, 'POST', `/api/campaigns/${switchedOn}/launch`, {})
  return [written, switchedOn]
}

/** The person at the page speaks another language from now on. */
export async function speak(page: Page, locale: 'en' | 'fr'): Promise<void> {
  await fetchJson(page, 'PATCH', '/api/account', { name: 'Camille Martin', locale })
}

/** Calls the API from the page, with its session. */
export async function fetchJson(
  page: Page,
  method: string,
  path: string,
  body: unknown = null,
): Promise<unknown> {
  return page.evaluate(
    async ([verb, url, sent]) => {
      const answer = await fetch(url, {
        method: verb,
        ...(sent === 'null' ? {} : { body: sent, headers: { 'content-type': 'application/json' } }),
      })
      if (!answer.ok) throw new Error(`${verb} ${url}: ${answer.status}`)
      return answer.status === 204 ? null : answer.json()
    },
    [method, path, JSON.stringify(body)] as const,
  )
}

/** Waits until a page has shown what it has: skeletons gone, pictures and fonts there. */
export async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('load')
  await page.locator('h1').first().waitFor()
  await page
    .locator('.appear-late')
    .first()
    .waitFor({ state: 'detached', timeout: 10_000 })
    .catch(() => undefined)
  // Larger fields arrive after the page that holds them.
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
  await page.evaluate(() => document.fonts.ready)
}

/** A campaign is written on the screen and saved by itself: nothing that was typed is lost, and nothing leaves without it. */
import { expect, test, type Page } from '@playwright/test'
import { startImport } from './checks.ts'
import { api, startFanfare, type Fanfare } from './fanfare.ts'
import { signIn } from './screens.ts'

let fanfare: Fanfare
test.beforeAll(async () => {
  fanfare = await startFanfare()
})
test.afterAll(() => fanfare.stop())

interface Saved {
  id: string
  name: string
  description: string
  version: number
}

const savedOf = async (id: string): Promise<Saved> =>
  (await api(fanfare, 'GET', `/api/campaigns/${id}`)) as Saved

/** A campaign of nothing but its name, open on the screen. */
async function written(page: Page): Promise<string> {
  await signIn(page, fanfare.url)
  const { id } = (await api(fanfare, 'POST', '/api/campaigns', { name: 'Autumn' })) as Saved
  await page.goto(`${fanfare.url}/campaigns/${id}`)
  await expect(nameOf(page)).toHaveValue('Autumn')
  return id
}

const nameOf = (page: Page) => page.getByRole('textbox', { name: 'Name', exact: true })
const descriptionOf = (page: Page) => page.getByRole('textbox', { name: /^Description/ })

test('a launch waits for what is being saved, and does not begin without it', async ({ page }) => {
  const id = await written(page)
  const saves = `**/api/campaigns/${id}`
  const held = Promise.withResolvers<void>()
  await page.route(saves, async (route) => {
    if (route.request().method() === 'PUT') await held.promise
    await route.continue()
  })
  await nameOf(page).fill('Autumn sale')
  await expect(page.getByText('Saving…')).toBeVisible()
  await page.getByRole('button', { name: 'Launch…' }).click()
  await descriptionOf(page).fill('Typed while the name was on its way')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  held.resolve()
  await expect(page.getByRole('dialog')).toBeVisible()
  expect((await savedOf(id)).name).toBe('Autumn sale')
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect.poll(async () => (await savedOf(id)).description).toBe('Typed while the name was on its way')

  await page.unroute(saves)
  await page.route(saves, (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()))
  await nameOf(page).fill('Autumn sale, second try')
  await page.getByRole('button', { name: 'Launch…' }).click()
  await expect(page.getByText(/^Your last changes could not be saved/)).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.unroute(saves)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(async () => (await savedOf(id)).name).toBe('Autumn sale, second try')
})

test('what was looked at is what leaves: changed meanwhile, it is looked at once more', async ({ page }) => {
  const csv = 'Email,Consent,Consent date,Consent source\r\nada@people.example,yes,2026-01-15,Checkout box'
  const { state } = await startImport(fanfare, 'people.csv', csv)
  await expect.poll(state).toMatchObject({ state: 'completed', created: 1 })
  const id = await written(page)
  const change = async (edit: object): Promise<unknown> =>
    api(fanfare, 'PUT', `/api/campaigns/${id}`, { ...edit, version: (await savedOf(id)).version })
  await change({
    audience: { include: { rule: { all: [] } } },
    content: {
      email: {
        subject: 'Autumn',
        fromName: 'Atelier Lumière',
        fromEmail: 'hello@atelier.example',
        format: 'html',
        body: '<html><body><p>Our autumn sale has begun.</p></body></html>',
      },
    },
  })
  await page.reload()
  await page.getByRole('button', { name: 'Launch…' }).click()
  const question = page.getByRole('dialog')
  const launch = question.getByRole('button', { name: /^Send to 1 / })
  await expect(launch).toBeEnabled()
  await change({ name: 'Theirs' })
  await launch.click()
  await expect(question.getByText(/has been changed since you looked at it/)).toBeVisible()
  await expect(question.getByText(/Theirs/)).toBeVisible()
  expect(await savedOf(id)).toMatchObject({ status: 'draft' })
  await launch.click()
  await expect(page.getByRole('tab', { name: 'Report' })).toBeVisible()
})

test('what was typed a moment before the page is left is saved', async ({ page }) => {
  const id = await written(page)
  await descriptionOf(page).fill('For those who bought in summer')
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Campaigns' }).click()
  await expect.poll(async () => (await savedOf(id)).description).toBe('For those who bought in summer')
})

test('an earlier version is brought back onto the screen, and written on from', async ({ page }) => {
  const id = await written(page)
  // Another author: saves of one person within minutes share a version.
  const { version } = await savedOf(id)
  await api(fanfare, 'PUT', `/api/campaigns/${id}`, { name: 'Theirs', version })
  await page.reload()
  await nameOf(page).fill('Mine')
  await expect.poll(async () => (await savedOf(id)).name).toBe('Mine')
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'History' }).click()
  await page
    .getByRole('listitem')
    .filter({ hasText: 'Theirs' })
    .getByRole('button', { name: 'Restore' })
    .click()
  await expect(page.getByText(/is the present plan again/)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(nameOf(page)).toHaveValue('Theirs')
  await descriptionOf(page).fill('For both')
  await expect.poll(() => savedOf(id)).toMatchObject({ name: 'Theirs', description: 'For both' })
})

test('the preview of a call says the campaign’s name, and a sender is chosen for mails only', async ({
  page,
}) => {
  const id = await written(page)
  await api(fanfare, 'PUT', `/api/campaigns/${id}`, {
    version: (await savedOf(id)).version,
    channels: ['email', 'webhook'],
    content: { webhook: { url: 'https://crm.example/hook', payload: '{"campaign": "{{ campaign.name }}"}' } },
  })
  await page.reload()
  const sender = page.getByRole('button', { name: 'Choose a sender' })
  await expect(sender).toBeVisible()
  await page.getByRole('tab', { name: 'Webhook' }).click()
  await expect(page.getByText(/"campaign": "Autumn"/)).toBeVisible()
  await expect(sender).toHaveCount(0)
  await nameOf(page).fill('Winter')
  await expect(page.getByText(/"campaign": "Winter"/)).toBeVisible()
  await page.getByRole('tab', { name: 'E-mail' }).click()
  await expect(sender).toBeVisible()
})

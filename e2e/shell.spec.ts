import { expect, test } from '@playwright/test'
import { api, startFanfare, type Fanfare } from './fanfare.ts'
import { signIn } from './screens.ts'

let fanfare: Fanfare

test.beforeAll(async () => {
  fanfare = await startFanfare()
})
test.afterAll(() => fanfare.stop())
test.beforeEach(({ page }) => signIn(page, fanfare.url))

test('the first Tab skips to the content', async ({ page }) => {
  await page.goto(fanfare.url)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('#content')).toBeFocused()
})

test('Ctrl K finds a place by its beginning and goes there, by keyboard alone', async ({ page }) => {
  await page.goto(fanfare.url)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible()
  await page.keyboard.type('sett')
  await expect(page.getByRole('menuitem').first()).toContainText('Settings')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`${fanfare.url}/settings`)
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('single keys act outside fields only, and can be switched off', async ({ page }) => {
  await page.goto(`${fanfare.url}/campaigns`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Campaigns')
  await page.getByRole('searchbox').focus()
  await page.keyboard.type('gh?')
  await expect(page).toHaveURL(/\/campaigns/)
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await page.locator('#content').focus()
  await page.keyboard.press('?')
  await page.getByRole('switch', { name: 'Single-key shortcuts' }).click({ force: true })
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.locator('#content').focus()
  await page.keyboard.type('gh')
  await expect(page).toHaveURL(/\/campaigns/)
})

test('a new page is announced and takes the keyboard to its beginning', async ({ page }) => {
  await page.goto(fanfare.url)
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click()
  await expect(page.locator('#content')).toBeFocused()
  await expect(page.getByRole('status').filter({ hasText: 'Organization' })).toBeAttached()
  await expect(page).toHaveTitle('Organization · Fanfare')
})

test('theme and language are chosen in the menu of the person and hold after a reload', async ({ page }) => {
  await page.goto(fanfare.url)
  await page.getByRole('button', { name: 'Your account' }).click()
  await page.getByRole('menuitem', { name: /Dark/ }).click()
  await expect(page.locator('html')).toHaveClass(/dark/)
  await page.getByRole('button', { name: 'Your account' }).click()
  await page.getByRole('menuitem', { name: 'Français' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Accueil')
  await page.reload()
  await expect(page.locator('html')).toHaveClass(/dark/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Accueil')
  await page.getByRole('button', { name: 'Votre compte' }).click()
  await page.getByRole('menuitem', { name: 'English' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Home')
})

test('at 390 px the navigation is behind one button and nothing is cut off', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(fanfare.url)
  await page.getByRole('button', { name: 'Open navigation' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Campaigns' }).click()
  await expect(page).toHaveURL(`${fanfare.url}/campaigns`)
  await expect(page.getByRole('dialog')).toHaveCount(0)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
})

test('an address that leads nowhere says so and offers the way back', async ({ page }) => {
  await page.goto(`${fanfare.url}/no-such-page`)
  await expect(page.getByRole('heading', { name: 'Page not found' }).first()).toBeVisible()
  await page.getByRole('link', { name: 'Back to Home' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Home')
})

test('what somebody else took away meanwhile is refused in the words of the server, beside the question and as a toast', async ({
  page,
}) => {
  const key = (await api(fanfare, 'POST', '/api/api-keys', { name: 'Shop', scopes: ['contacts.read'] })) as {
    apiKey: { id: string }
  }
  await page.goto(`${fanfare.url}/settings/api-keys`)
  await page
    .getByRole('row', { name: /Shop/ })
    .getByRole('button', { name: /actions/i })
    .click()
  await page.getByRole('menuitem', { name: 'Revoke' }).click()
  await api(fanfare, 'DELETE', `/api/api-keys/${key.apiKey.id}`)
  const question = page.getByRole('alertdialog').or(page.getByRole('dialog'))
  await question.getByRole('button', { name: 'Revoke' }).click()
  await expect(question.getByRole('alert')).toHaveText('No such API key.')

  const template = (await api(fanfare, 'POST', '/api/content/templates', {
    name: 'Autumn',
    source: { language: 'en' },
  })) as { id: string }
  await page.goto(`${fanfare.url}/content`)
  await page.getByRole('button', { name: 'Actions for Autumn' }).click()
  await api(fanfare, 'DELETE', `/api/content/templates/${template.id}`)
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(page.getByText('No such template.')).toBeVisible()
})

/** What is being written on a page with a Save button: Back leaves the page, and only what was saved is left without a question. */
import { expect, test, type Page } from '@playwright/test'
import { api, startFanfare, type Fanfare } from './fanfare.ts'
import { signIn } from './screens.ts'

let fanfare: Fanfare
test.beforeAll(async () => {
  fanfare = await startFanfare()
})
test.afterAll(() => fanfare.stop())
test.beforeEach(({ page }) => signIn(page, fanfare.url))

/** A form, opened from the list of forms. */
async function openForm(page: Page, name: string): Promise<void> {
  await api(fanfare, 'POST', '/api/forms', {
    name,
    definition: {
      languages: ['en'],
      title: { en: 'Join us' },
      fields: [{ field: 'email', isRequired: true }],
      boxes: [],
    },
  })
  await page.goto(`${fanfare.url}/forms`)
  await page.getByRole('row', { name }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name)
}

const titleOf = (page: Page) => page.getByRole('textbox', { name: 'Title (English)' })

test('one Back leaves an editor, however often its preview was drawn', async ({ page }) => {
  await openForm(page, 'Letter')
  const preview = page.frameLocator('iframe[title="Preview"]')
  for (const title of ['Join', 'Join the club', 'Join us']) {
    await titleOf(page).fill(title)
    await expect(preview.getByRole('heading', { level: 1 })).toHaveText(title)
  }
  await expect(page.locator('iframe')).toHaveCount(1)
  await page.goBack()
  await expect(page).toHaveURL(`${fanfare.url}/forms`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign-up forms')
})

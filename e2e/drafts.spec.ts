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

test('unsaved changes are left after a question only, and taken back or saved without one', async ({
  page,
}) => {
  await openForm(page, 'Invitation')
  const question = page.getByRole('dialog', { name: 'Leave without saving?' })
  const contacts = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Contacts' })
  await titleOf(page).fill('Be our guest')
  await contacts.click()
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(question).toHaveCount(0)
  await expect(titleOf(page)).toHaveValue('Be our guest')

  await page.getByRole('tab', { name: 'Versions' }).click()
  await expect(question).toBeVisible()
  await question.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('Saved', { exact: false }).first()).toBeVisible()
  await titleOf(page).fill('Be')
  await titleOf(page).fill('Be our guest')
  await contacts.click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Contacts')

  await page.goBack()
  await titleOf(page).fill('Come in')
  await page.goBack()
  await question.getByRole('button', { name: 'Leave without saving' }).click()
  await expect(page).toHaveURL(`${fanfare.url}/forms`)
})

/** Pages with a Save button, and how something is changed on each. */
const PAGES: readonly { what: string; path: string; change: (page: Page) => Promise<void> }[] = [
  {
    what: 'the organization',
    path: '/settings',
    change: (page) => page.getByRole('textbox', { name: 'Name', exact: true }).fill('Atelier Ombre'),
  },
  {
    what: 'one’s account',
    path: '/account',
    change: (page) => page.getByRole('textbox', { name: /name/i }).first().fill('Ada'),
  },
  {
    what: 'limits',
    path: '/settings/hours',
    change: (page) =>
      page
        .getByRole('textbox', { name: /in a minute|per minute/i })
        .first()
        .fill('70'),
  },
  {
    what: 'caps',
    path: '/settings/hours',
    change: (page) => page.getByRole('button', { name: 'Add a rule' }).click(),
  },
  {
    what: 'the preference centre',
    path: '/privacy?view=center',
    change: (page) =>
      page
        .getByRole('textbox', { name: /\(English\)/ })
        .first()
        .fill('Your choice'),
  },
]

for (const { what, path, change } of PAGES)
  test(`what was changed of ${what} is not lost without a question`, async ({ page }) => {
    await page.goto(`${fanfare.url}${path}`)
    await change(page)
    // A number is taken once its field is left.
    await page.keyboard.press('Tab')
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Contacts' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Leave without saving' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Contacts')
  })

/** Where the keyboard goes on once something was opened, kept or left. */
import { expect, test } from '@playwright/test'
import { api, startFanfare, type Fanfare } from './fanfare.ts'
import { signIn } from './screens.ts'

let fanfare: Fanfare
test.beforeAll(async () => {
  fanfare = await startFanfare()
})
test.afterAll(() => fanfare.stop())
test.beforeEach(({ page }) => signIn(page, fanfare.url))

test('a date of a profile is opened, left and kept by keyboard', async ({ page }) => {
  const { id } = (await api(fanfare, 'POST', '/api/contacts', {
    email: 'ada@example.com',
    birthday: '1990-05-17',
  })) as { id: string }
  await page.goto(`${fanfare.url}/audience/contacts/${id}`)
  const pencil = page.getByRole('button', { name: /Birthday/ })
  // The first time its calendar is loaded, later it is there.
  for (let times = 1; times <= 2; times += 1) {
    await pencil.press('Enter')
    await expect(page.getByRole('spinbutton').first()).toBeFocused()
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Escape')
    await expect(pencil).toBeFocused()
  }
  await pencil.press('Enter')
  await page.keyboard.press('ArrowUp')
  await page.getByRole('button', { name: 'Save', exact: true }).press('Enter')
  await expect(pencil).toBeFocused()
  const kept = (await api(fanfare, 'GET', `/api/contacts/${id}`)) as { birthday: string }
  expect(kept.birthday).toBe('1990-05-18')
})

test('once a new key was copied the keyboard is back where it began', async ({ page }) => {
  await page.goto(`${fanfare.url}/settings/api-keys`)
  const begin = page.getByRole('button', { name: 'New key' })
  await begin.press('Enter')
  await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Shop')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /copied it/ }).press('Enter')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(begin).toBeFocused()
})

/** On a telephone the one that is chosen of a row that scrolls is seen. */
import { expect, test, type Locator, type Page } from '@playwright/test'
import { startFanfare, type Fanfare } from './fanfare.ts'
import { signIn } from './screens.ts'

let fanfare: Fanfare
test.beforeAll(async () => {
  fanfare = await startFanfare()
})
test.afterAll(() => fanfare.stop())
test.use({ viewport: { width: 390, height: 844 } })
test.beforeEach(({ page }) => signIn(page, fanfare.url))

/** It is in view but for the pixel that lies on the line below, and the page stands where it stood. */
async function expectSeen(page: Page, one: Locator): Promise<void> {
  await expect(one).toBeInViewport({ ratio: 0.95 })
  expect(await page.evaluate(() => [scrollX, scrollY])).toEqual([0, 0])
}

test('at 390 px the chosen tab is in view, at first and when another is chosen', async ({ page }) => {
  await page.goto(`${fanfare.url}/privacy?view=log`)
  const chosen = page.getByRole('tab', { selected: true })
  await expectSeen(page, chosen)
  await chosen.press('Home')
  await expect(page).toHaveURL(`${fanfare.url}/privacy`)
  await expectSeen(page, chosen)
})

test('at 390 px the page one is on is in view among its family', async ({ page }) => {
  await page.goto(`${fanfare.url}/settings/audit`)
  await expectSeen(page, page.locator('nav [aria-current=page]').last())
})

/** What an import says before it is started. */
import { expect, test } from '@playwright/test'
import { startFanfare, type Fanfare } from './fanfare.ts'
import { signIn } from './screens.ts'

let fanfare: Fanfare
test.beforeAll(async () => {
  fanfare = await startFanfare()
})
test.afterAll(() => fanfare.stop())

test('a file without an address says which column to choose, and nothing is waited for', async ({ page }) => {
  const form = new FormData()
  form.set('file', new Blob(['Colour,Shoe\nred,42\n'], { type: 'text/csv' }), 'shoes.csv')
  const answer = await fetch(`${fanfare.url}/api/contacts/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${fanfare.apiKey}` },
    body: form,
  })
  const { id } = (await answer.json()) as { id: string } // as its route promises
  await signIn(page, fanfare.url)
  await page.goto(`${fanfare.url}/audience/imports/${id}`)
  const preview = page.getByRole('region', { name: 'What will happen' })
  await expect(preview.getByText('Choose the column of the e-mail address')).toBeVisible()
})

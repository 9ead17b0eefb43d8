/** The way that a user walks most often, on the screen: set up, import, choose, write, launch, read the report. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { startFanfare, type Fanfare } from './fanfare.ts'
import { hasHillstrom, hillstromCsv, hillstromCustomers, isMeant, type Customer } from './hillstrom.ts'
import { startSink, type Sink } from './sink.ts'

/** The whole list, unless one is in a hurry. */
const PEOPLE = Number(process.env['E2E_PEOPLE'] ?? 64_000)
const OWNER = {
  name: 'Camille Martin',
  email: 'camille@atelier.example',
  password: 'une phrase assez longue',
}

let work: string
let sink: Sink
let fanfare: Fanfare
let customers: Customer[]
test.beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'fanfare-browser-'))
  sink = await startSink(work)
  fanfare = await startFanfare({ isSetUp: false, smtpUrl: `smtp://127.0.0.1:${sink.port}` })
  customers = hasHillstrom() ? hillstromCustomers(PEOPLE) : madeUpCustomers(500)
})
test.afterAll(async () => {
  await fanfare.stop()
  sink.stop()
  await rm(work, { recursive: true, force: true })
})

test('CS-001.1 CS-001.2 CS-001.6 CB-1.1 MA-1.1 KPI-5 from an empty installation to a live report, by mouse and keyboard', async ({
  page,
}) => {
  await setUp(page)
  await makeFields(page)
  await importCustomers(page)
  await makeSegment(page)
  await writeCampaign(page)
  await launch(page)
  await readReport(page)
  await leaveByLink(page)
})

async function setUp(page: Page): Promise<void> {
  await page.goto(fanfare.url)
  await page.waitForURL('**/setup')
  await page.getByLabel('Name', { exact: true }).fill('Atelier Lumière')
  await page.getByLabel(/your name/i).fill(OWNER.name)
  await page.getByLabel(/e-mail/i).fill(OWNER.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(OWNER.password)
  await page.getByLabel(/postal address/i).fill('1 rue de la Lune, 75002 Paris')
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible()
}

async function makeFields(page: Page): Promise<void> {
  for (const [name, type] of [
    ['Recency', 'number'],
    ['Womens', 'boolean'],
  ] as const)
    await page.evaluate(
      async ([fieldName, fieldType]) => {
        const answer = await fetch('/api/contacts/fields', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ name: fieldName, type: fieldType }),
        })
        if (!answer.ok) throw new Error(String(answer.status))
      },
      [name, type] as const,
    )
}

async function importCustomers(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Imports' }).click()
  await page.locator('input[type=file]').setInputFiles({
    name: 'customers.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(hillstromCsv(customers)),
  })
  await page.getByRole('button', { name: 'Start the import' }).click()
  await expect(page.getByText('The import is complete')).toBeVisible({ timeout: 180_000 })
  await expect(page.getByText(new RegExp(`${grouped(customers.length)} people are new`))).toBeVisible()
}

/** By the API, for the builder has its own tests: what counts here is that the composer offers it. */
async function makeSegment(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const rule = {
      all: [
        { kind: 'contact', field: 'custom.womens', operator: 'is_true' },
        { kind: 'contact', field: 'custom.recency', operator: 'at_most', value: 6 },
      ],
    }
    const answer = await fetch('/api/segments', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Women’s goods lately', kind: 'dynamic', rule }),
    })
    if (!answer.ok) throw new Error(await answer.text())
  })
  await page.getByRole('link', { name: 'Segments' }).click()
  await page.getByRole('row', { name: /Women’s goods lately/ }).click()
  await expect(page.getByText(grouped(meant())).first()).toBeVisible()
}

async function writeCampaign(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Campaigns' }).click()
  await page.getByRole('button', { name: 'New campaign' }).first().click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Women’s autumn')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: /Women’s autumn/ })).toBeVisible()
  // What is missing is said before anything is tried.
  await expect(page.getByText('No audience is chosen.')).toBeVisible()
  await page.getByRole('button', { name: 'Choose a template' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Newsletter/ })
    .first()
    .click()
  const use = page.getByRole('dialog').getByRole('button', { name: /use|start|take/i })
  if (
    await use
      .first()
      .isVisible()
      .catch(() => false)
  )
    await use.first().click()
  await page
    .getByRole('textbox', { name: 'Subject' })
    .fill('Hello {{ contact.first_name | default: "there" }}')
  await page.getByRole('textbox', { name: 'Sender’s name' }).fill('Atelier Lumière')
  await page.getByRole('textbox', { name: 'Sender’s address' }).fill('hello@atelier.example')
  // The list is drawn anew while sizes arrive: choose again until the choice holds.
  await expect(async () => {
    await page.locator('#audience').getByRole('combobox').first().click()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('Women')
    await page.getByRole('option', { name: /Women’s goods lately/ }).click({ timeout: 3_000 })
    await expect(page.locator('#audience').getByText('Women’s goods lately')).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 120_000 })
  await expect(page.getByRole('complementary').getByText(grouped(meant())).first()).toBeVisible()
  await expect(page.getByText(/Saved at/)).toBeVisible()
}

async function launch(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Launch…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText(new RegExp(`by e-mail to ${grouped(meant())} people`))).toBeVisible()
  await dialog.getByRole('button', { name: new RegExp(`Send to ${grouped(meant())} people`) }).click()
  await expect(page.getByRole('tab', { name: 'Report' })).toBeVisible()
}

async function readReport(page: Page): Promise<void> {
  await expect(page.getByText('Completed', { exact: true }).first()).toBeVisible({ timeout: 180_000 })
  const sent = page.getByRole('definition').filter({ hasText: `of ${grouped(meant())} in the audience` })
  await expect(sent).toContainText(grouped(meant()))
}

/** Every message arrived exactly once; one receiver leaves by the link of theirs, and the report says so. */
async function leaveByLink(page: Page): Promise<void> {
  const arrivals = await sink.arrivals()
  expect(new Set(arrivals)).toEqual(new Set(customers.filter(isMeant).map(({ email }) => email)))
  expect(arrivals).toHaveLength(meant())
  const report = page.url()
  const [mail] = await sink.mails(1)
  const head = String(mail).replaceAll(/\r\n\s+/g, ' ')
  await page.goto(/List-Unsubscribe:\s*<(https?:[^>]*)>/i.exec(head)?.[1] ?? '')
  await page.getByRole('button').first().click()
  await page.goto(report)
  await expect(
    page.getByRole('term').filter({ hasText: 'Unsubscribed' }).locator('xpath=following-sibling::dd'),
  ).toContainText('1')
}

const meant = (): number => customers.filter(isMeant).length
const grouped = (count: number): string => count.toLocaleString('en-GB')

/** Where the public data set does not lie beside the project. */
function madeUpCustomers(count: number): Customer[] {
  return Array.from({ length: count }, (_, index) => ({
    email: `customer${index}@people.example`,
    firstName: `Ada${index}`,
    lastName: 'Martin',
    recency: index % 12,
    history: '10',
    mens: index % 2 === 0,
    womens: index % 3 === 0,
    zip: 'Urban',
    channel: 'Web',
  }))
}

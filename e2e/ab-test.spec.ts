/**
 * A test of contents as a user runs it: written on the screen, sent over real SMTP to a sink, clicked by following the
 * links of the mails, watched until it is decided. Hours go by on the installation's own clock.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { simpleParser } from 'mailparser'
import { startImport } from './checks.ts'
import { api, OWNER, startFanfare, type Fanfare } from './fanfare.ts'
import { signIn } from './screens.ts'
import { startSink, type Sink } from './sink.ts'

const PEOPLE = 800
const TESTED_PERCENT = 60
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** What a person's browser calls itself. */
const READER =
  'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36'
/** Links that are followed at once. */
const READERS = 8

let work: string
let sink: Sink
let fanfare: Fanfare
test.beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'fanfare-ab-'))
  sink = await startSink(work)
  fanfare = await startFanfare({ smtpUrl: `smtp://127.0.0.1:${sink.port}`, hasMovableClock: true })
  await importPeople()
})
test.afterAll(async () => {
  await fanfare.stop()
  sink.stop()
  await rm(work, { recursive: true, force: true })
})

test('DS-e2e-tests.2 CS-005.6 CS-007.1 CB-5.5 three contents are written and sent, and the one that people follow is chosen and goes to the rest', async ({
  page,
}) => {
  const { before, tested } = await launched(page, 'Autumn')
  expect(Object.keys(tested).toSorted()).toEqual(['Autumn A', 'Autumn B', 'Autumn C'])
  for (const links of Object.values(tested)) expect(links.length).toBeGreaterThan(100)

  await page.getByRole('tab', { name: 'Test' }).click()
  await fanfare.advance(HOUR_MS / 2)
  await follow(tested, { 'Autumn A': 0.2, 'Autumn B': 0.22, 'Autumn C': 0.55 })
  await fanfare.advance(5 * MINUTE_MS)
  await expect(page.getByText('Not yet clear')).toBeVisible()
  await expect(page.getByText('Variant C is ahead, not yet proven.')).toBeVisible()
  // Quick readers answer differently: nothing is decided before three hours have gone by.
  await fanfare.advance(3 * HOUR_MS)
  await expect(page.getByText('C beats A and B (95 %)')).toBeVisible()
  await expect(page.getByText(/Variant C went to the rest on/)).toBeVisible()
  await expect(page.getByText('Completed', { exact: true }).first()).toBeVisible()

  await everybodyOnce(before)
  const all = await mailsBySubject(before)
  expect(all['Autumn C']?.length).toBe(
    PEOPLE - (tested['Autumn A']?.length ?? 0) - (tested['Autumn B']?.length ?? 0),
  )
})

test('CB-5.4 without an effect the test ends without a winner, says so, and the rest gets what was chosen for that case', async ({
  page,
}) => {
  const { before, tested } = await launched(page, 'Winter')
  await page.getByRole('tab', { name: 'Test' }).click()
  await fanfare.advance(HOUR_MS / 2)
  await follow(tested, { 'Winter A': 0.3, 'Winter B': 0.3, 'Winter C': 0.32 })
  await fanfare.advance(4 * HOUR_MS)
  await expect(page.getByText('The difference may be chance.')).toBeVisible()
  await expect(page.getByText('Not yet clear')).toBeVisible()
  await fanfare.advance(20 * HOUR_MS)
  await expect(page.getByText('No winner is proven')).toBeVisible()
  await expect(page.getByText(/went to the rest on/)).toBeVisible()
  await expect(page.getByText('Completed', { exact: true }).first()).toBeVisible()
  await everybodyOnce(before)
})

test('CB-6.2 a start is planned for the hour in which people followed their links, with one press', async ({
  page,
}) => {
  await signIn(page, fanfare.url)
  await writeCampaign(page, 'Spring')
  const id = new URL(page.url()).pathname.split('/').at(-1)
  const section = page.locator('#when')
  await expect(section.getByText(/^More read between .* of the [1-9]\d+ people/)).toBeVisible()
  await section.getByRole('button', { name: /^Take / }).click()
  // What was done is said, however long the page takes to ask for what it shows then.
  await page.route('**/best-hours', () => undefined)
  await section.getByRole('button', { name: 'Schedule' }).click()
  await expect(page.getByText('Scheduled.')).toBeVisible()
  const { best } = (await api(fanfare, 'GET', `/api/campaigns/${id}/best-hours`)) as {
    best: { hour: number }
  }
  const { schedule } = (await api(fanfare, 'GET', `/api/campaigns/${id}`)) as { schedule: { at: string } }
  expect(schedule.at.slice('2026-11-27'.length)).toBe(`T${String(best.hour).padStart(2, '0')}:00`)
})

/** Everybody got one mail, and so did the author, who is told how the test ended. */
async function everybodyOnce(before: number): Promise<void> {
  const author = async (): Promise<number> =>
    (await sink.arrivals()).slice(before).filter((to) => to === OWNER.email).length
  await expect.poll(author).toBe(1)
  const arrivals = (await sink.arrivals()).slice(before)
  expect(new Set(arrivals).size).toBe(PEOPLE + 1)
  expect(arrivals).toHaveLength(PEOPLE + 1)
}

/** Three contents written, compared and launched: mails that came before, and those of the test by their subject. */
async function launched(
  page: Page,
  name: string,
): Promise<{ before: number; tested: Record<string, string[]> }> {
  await signIn(page, fanfare.url)
  const before = (await sink.arrivals()).length
  await writeCampaign(page, name)
  await compare(page, name)
  await launch(page)
  return { before, tested: await testedMails(before) }
}

async function importPeople(): Promise<void> {
  const rows = Array.from(
    { length: PEOPLE },
    (_none, index) => `fan${index}@people.example,Ada${index},yes,2026-01-15,Checkout box`,
  )
  const csv = ['Email,First name,Consent,Consent date,Consent source', ...rows].join('\r\n')
  const { state } = await startImport(fanfare, 'people.csv', csv)
  await expect.poll(state).toMatchObject({ state: 'completed', created: PEOPLE })
  await api(fanfare, 'POST', '/api/segments', { name: 'Everybody', kind: 'dynamic', rule: { all: [] } })
}

async function writeCampaign(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Campaigns' }).click()
  await page.getByRole('button', { name: 'New campaign' }).first().click()
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: new RegExp(name) })).toBeVisible()
  await page.getByRole('button', { name: 'Choose a template' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Newsletter/ })
    .first()
    .click()
  await page.getByRole('textbox', { name: 'Subject' }).fill(`${name} A`)
  await page.getByRole('textbox', { name: 'Sender’s name' }).fill('Atelier Lumière')
  await page.getByRole('textbox', { name: 'Sender’s address' }).fill('hello@atelier.example')
  // The list is drawn anew while sizes arrive: choose again until the choice holds.
  await expect(async () => {
    await page.locator('#audience').getByRole('combobox').first().click()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type('Every')
    await page.getByRole('option', { name: /Everybody/ }).click({ timeout: 3_000 })
  }).toPass({ timeout: 120_000 })
  await expect(page.getByRole('complementary').getByText(String(PEOPLE)).first()).toBeVisible()
  await expect(page.getByText(/Saved at/)).toBeVisible()
}

/** Two contents, the second written anew, cloned in one click and the clone written anew. */
async function compare(page: Page, name: string): Promise<void> {
  const section = page.locator('#test')
  await section.getByRole('button', { name: 'Compare variants' }).click()
  await rewrite(page, 'B', `${name} B`)
  await section.getByRole('button', { name: 'Clone variant B' }).click()
  await rewrite(page, 'C', `${name} C`)
  await section.getByRole('textbox', { name: 'Take part in the test' }).fill(String(TESTED_PERCENT))
  await section.getByRole('textbox', { name: 'Recipients per variant, at least' }).fill('100')
  const saved = page.waitForResponse(
    (answer) =>
      answer.url().endsWith('/ab-test') &&
      answer.request().method() === 'POST' &&
      answer.request().postData()?.includes('"minSample":100') === true,
  )
  await page.keyboard.press('Tab')
  expect((await saved).status()).toBe(201)
}

async function rewrite(page: Page, letter: string, subject: string): Promise<void> {
  await page
    .locator('#test')
    .getByRole('button', { name: `Edit variant ${letter}` })
    .click()
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('textbox', { name: 'Subject' }).fill(subject)
  await sheet.getByRole('button', { name: 'Keep this content' }).click()
  await expect(sheet).toBeHidden()
  await expect(page.locator('#test').getByText(subject, { exact: true })).toBeVisible()
}

async function launch(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Launch…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: new RegExp(`Send to ${PEOPLE} people`) }).click()
  await expect(page.getByRole('tab', { name: 'Report' })).toBeVisible()
}

/** Waits until the mails of the test have come; the rest waits for the winner. */
async function testedMails(before: number): Promise<Record<string, string[]>> {
  const expected = (PEOPLE * TESTED_PERCENT) / 100
  let last = -1
  await expect
    .poll(
      async () => {
        const now = (await sink.arrivals()).length - before
        const isStill = now === last && now > expected * 0.8
        last = now
        return isStill
      },
      { intervals: [1_500] },
    )
    .toBe(true)
  return mailsBySubject(before)
}

/** A tracked link of each mail, by the mail's subject. */
async function mailsBySubject(before: number): Promise<Record<string, string[]>> {
  const links: Record<string, string[]> = {}
  for (const mail of (await sink.mails(Number.POSITIVE_INFINITY)).slice(before)) {
    const { subject = '', html } = await simpleParser(mail)
    const link = /href="([^"]*\/c\/[^"]*)"/.exec(String(html))?.[1]?.replaceAll('&amp;', '&') ?? ''
    links[subject] = [...(links[subject] ?? []), link]
  }
  return links
}

/** People follow the link of their mail: of each content a planted share, as browsers would. */
async function follow(
  mails: Readonly<Record<string, string[]>>,
  shares: Readonly<Record<string, number>>,
): Promise<void> {
  const chosen = Object.entries(shares).flatMap(([subject, share]) => {
    const links = mails[subject] ?? []
    return links.slice(0, Math.round(links.length * share))
  })
  for (let from = 0; from < chosen.length; from += READERS) {
    const answers = await Promise.all(
      chosen
        .slice(from, from + READERS)
        .map((link) => fetch(link, { redirect: 'manual', headers: { 'user-agent': READER } })),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 302))
  }
}

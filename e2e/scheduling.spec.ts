/** A plan that was made is moved and cancelled on the campaign's own page: nothing must be paused for it. */
import { expect, test, type Locator, type Page } from '@playwright/test'
import { api, startFanfare, type Fanfare } from './fanfare.ts'
import { signIn } from './screens.ts'

const DAY_MS = 86_400_000
const ZONE = 'Europe/Paris'

let fanfare: Fanfare
test.beforeAll(async () => {
  fanfare = await startFanfare({ hasMovableClock: true })
})
test.afterAll(() => fanfare.stop())

interface Planned {
  id: string
  status: string
  scheduledAt: string | null
  schedule: { at: string; clock: string; repeat: unknown } | null
}

const read = async (id: string): Promise<Planned> =>
  (await api(fanfare, 'GET', `/api/campaigns/${id}`)) as Planned

/** The day so many days from now, by the clock in Paris. */
const dayFromNow = (days: number): string =>
  new Intl.DateTimeFormat('sv', { timeZone: ZONE }).format(new Date(Date.now() + days * DAY_MS))

/** A campaign that could leave. */
async function written(): Promise<string> {
  const { id } = (await api(fanfare, 'POST', '/api/campaigns', {
    name: 'Winter sale',
    audience: { include: { rule: { all: [] } } },
    content: {
      email: {
        subject: 'Winter',
        fromName: 'Atelier Lumière',
        fromEmail: 'hello@atelier.example',
        format: 'html',
        body: '<html><body><p>Our winter sale has begun.</p></body></html>',
      },
    },
  })) as Planned
  return id
}

const sectionOf = (page: Page): Locator => page.getByRole('region', { name: 'When', exact: true })

/** Sets the hour of the plan that is being changed. */
async function typeHour(page: Page, hour: string): Promise<void> {
  await sectionOf(page).getByRole('spinbutton', { name: /^hour/i }).pressSequentially(hour)
}

test('CS-008.5 CS-008.7 a scheduled campaign is moved on its page, shows when it leaves then, and is cancelled', async ({
  page,
}) => {
  await signIn(page, fanfare.url)
  const id = await written()
  const day = dayFromNow(2)
  await page.goto(`${fanfare.url}/campaigns/${id}?at=${day}T09:00`)
  await sectionOf(page).getByRole('button', { name: 'Schedule', exact: true }).click()
  await expect(page.getByText('Scheduled.')).toBeVisible()
  await expect(page.getByText(/^Leaves on .*09:00/)).toBeVisible()

  const change = page.getByRole('button', { name: 'Change the plan' })
  await change.press('Enter')
  const leave = page.getByRole('button', { name: 'Leave it as it is' })
  await expect(leave).toBeFocused()
  await typeHour(page, '11')
  await leave.click()
  await expect(change).toBeFocused()
  expect((await read(id)).schedule?.at).toBe(`${day}T09:00`)

  await change.click()
  await typeHour(page, '15')
  await page.getByRole('button', { name: 'Reschedule' }).click()
  await expect(page.getByText('The plan has been changed.')).toBeVisible()
  await expect(page.getByText(/^Leaves on .*15:00/)).toBeVisible()
  await expect(sectionOf(page).getByText(/15:00/)).toBeVisible()
  expect(await read(id)).toMatchObject({ status: 'scheduled', schedule: { at: `${day}T15:00` } })

  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Cancel campaign' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel campaign' }).click()
  await expect(page.getByText(/^Cancelled on /)).toBeVisible()
  await expect(change).toHaveCount(0)
  expect(await read(id)).toMatchObject({ status: 'cancelled' })
})

test('CS-008.5 by each recipient’s clock it is moved, too, and at rest between its runs', async ({
  page,
}) => {
  await signIn(page, fanfare.url)
  const id = await written()
  await api(fanfare, 'POST', `/api/campaigns/${id}/schedule`, {
    at: `${dayFromNow(2)}T09:00`,
    timeZone: ZONE,
    clock: 'recipient',
    repeat: { kind: 'daily', every: 1 },
  })
  await page.goto(`${fanfare.url}/campaigns/${id}`)
  const next = sectionOf(page).getByRole('list', { name: 'Next runs' })
  await expect(next.getByText(/09:00$/)).toHaveCount(5)
  await page.getByRole('button', { name: 'Change the plan' }).click()
  await typeHour(page, '10')
  await page.getByRole('button', { name: 'Reschedule' }).click()
  await expect(next.getByText(/10:00$/)).toHaveCount(5)
  expect((await read(id)).schedule).toMatchObject({ clock: 'recipient', at: `${dayFromNow(2)}T10:00` })

  await fanfare.advance(3 * DAY_MS)
  await expect.poll(async () => (await read(id)).status).toBe('active')
  await page.goto(`${fanfare.url}/campaigns/${id}?view=plan`)
  await page.getByRole('button', { name: 'Change the plan' }).click()
  await typeHour(page, '16')
  await page.getByRole('button', { name: 'Reschedule' }).click()
  await expect(page.getByText('The plan has been changed.')).toBeVisible()
  await expect(next.getByText(/16:00$/)).toHaveCount(5)
  expect(await read(id)).toMatchObject({ status: 'active', schedule: { clock: 'recipient' } })

  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(page.getByText(/^Paused on /)).toBeVisible()
  await typeHour(page, '17')
  await sectionOf(page).getByRole('button', { name: 'Reschedule' }).click()
  await expect(next.getByText(/17:00$/)).toHaveCount(5)
  expect(await read(id)).toMatchObject({
    status: 'active',
    schedule: { at: expect.stringMatching(/17:00$/) },
  })
})

test('what was refused of a plan is not said of another, and what cannot be read is said at once', async ({
  page,
}) => {
  await signIn(page, fanfare.url)
  const id = await written()
  await page.goto(`${fanfare.url}/campaigns/${id}?at=2020-05-17T09:00`)
  const section = sectionOf(page)
  await expect(section.getByText('it would never leave')).toBeVisible()
  await section.getByRole('button', { name: 'Schedule', exact: true }).click()
  const refusal = section.getByText('Choose a time at least five minutes ahead')
  await expect(refusal).toBeVisible()
  const year = section.getByRole('spinbutton', { name: /^year/i }).first()
  await year.press('ArrowUp')
  await expect(refusal).toHaveCount(0)

  await section.getByRole('button', { name: /Repeat$/ }).click()
  await page.getByRole('option', { name: 'By a cron expression' }).click()
  const expression = section.getByRole('textbox', { name: 'Cron expression' })
  await expression.fill('every monday')
  await expect(section.getByText('Write five fields')).toBeVisible()
  await expression.fill('0 9 31 2 *')
  await expect(section.getByText('it would never leave')).toBeVisible()
  await expression.fill('0 9 * * 1')
  await expect(section.getByRole('list', { name: 'Next runs' })).toBeVisible()
})

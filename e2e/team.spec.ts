/** The team on the screen: first run, invitation, what a viewer sees, the second factor, a forgotten password. */
import { expect, test, type Browser, type Page } from '@playwright/test'
import { createHmac } from 'node:crypto'
import { startFanfare, type Fanfare } from './fanfare.ts'

const OWNER = { name: 'Zoé Martin', email: 'zoe@lune.example', password: 'trois chats sous la pluie' }
const VIEWER = { name: 'Victor', email: 'victor@lune.example', password: 'quatre chiens dans le vent' }

let fanfare: Fanfare

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  fanfare = await startFanfare({ isSetUp: false })
})
test.afterAll(() => fanfare.stop())

test('a new installation asks one page, in the language of the browser, and opens', async ({ browser }) => {
  const page = await newPerson(browser, 'fr-FR')
  await page.goto(fanfare.url)
  await expect(page.getByRole('heading', { name: 'Bienvenue dans Fanfare' })).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Fuseau horaire' })).toHaveValue('Europe/Paris')
  await expect(page.getByRole('combobox', { name: 'Devise' })).toHaveValue(/^EUR/)
  await page.getByRole('button', { name: 'Commencer' }).click()
  await expect(page.getByText('Saisissez une adresse e-mail')).toBeVisible()
  await page.getByLabel('Nom', { exact: true }).fill('Atelier Lune')
  await page.getByLabel('Votre nom').fill(OWNER.name)
  await page.getByLabel('Adresse e-mail').fill(OWNER.email)
  await page.getByLabel('Mot de passe', { exact: true }).fill(OWNER.password)
  await page.getByRole('button', { name: 'Commencer' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Accueil' })).toBeVisible()
  await page.goto(`${fanfare.url}/setup`)
  await expect(page.getByRole('heading', { level: 1, name: 'Accueil' })).toBeVisible()
})

test('a link that is no invitation says so and asks for another, and offers no second try', async ({
  browser,
}) => {
  const page = await newPerson(browser)
  for (const wrong of ['#bad', '', '?token=bad', `#${'a'.repeat(120)}`]) {
    await page.goto('about:blank') // a change of the hash alone loads nothing
    await page.goto(`${fanfare.url}/invitation${wrong}`)
    await expect(page.getByRole('heading', { name: /n’est pas valable|is not valid/ })).toBeVisible()
    await expect(page.getByRole('button', { name: /Réessayer|Try again/ })).toHaveCount(0)
  }
})

test('an invited viewer sees everything, can change nothing, and is told why', async ({ browser }) => {
  const owner = await newPerson(browser)
  await signIn(owner, OWNER.email, OWNER.password)
  await owner.goto(`${fanfare.url}/settings/members`)
  await owner.getByRole('button', { name: 'Inviter' }).click()
  await owner.getByRole('textbox', { name: 'Adresse e-mail' }).fill(VIEWER.email)
  await owner.getByRole('radio', { name: /lecteur/ }).check({ force: true })
  await owner.getByRole('button', { name: 'Langue du message' }).click()
  await owner.getByRole('option', { name: 'English' }).click()
  await owner.getByRole('button', { name: 'Envoyer l’invitation' }).click()
  const link = (await owner.getByRole('region', { name: 'Lien d’invitation' }).textContent()) ?? ''

  const viewer = await newPerson(browser)
  await viewer.goto(link)
  await expect(viewer.getByRole('heading', { name: 'Join Atelier Lune' })).toBeVisible()
  await viewer.getByLabel('Your name').fill(VIEWER.name)
  await viewer.getByLabel('Password', { exact: true }).fill(VIEWER.password)
  await viewer.getByRole('button', { name: 'Join' }).click()
  await expect(viewer.getByRole('heading', { level: 1, name: 'Home' })).toBeVisible()

  await viewer.goto(`${fanfare.url}/settings`)
  await expect(
    viewer.getByText('Your role (viewer) may look at this but not change it.').first(),
  ).toBeVisible()
  await expect(viewer.getByLabel('Name', { exact: true })).toHaveValue('Atelier Lune')
  await viewer.goto(`${fanfare.url}/settings/members`)
  const invite = viewer.getByRole('button', { name: 'Invite' })
  await expect(invite).toHaveAttribute('aria-disabled', 'true')
  await invite.focus()
  await expect(viewer.getByRole('tooltip')).toHaveText(/Your role \(viewer\)/)

  await owner.reload()
  await owner
    .getByRole('row', { name: /Victor/ })
    .getByRole('button', { name: /actions/i })
    .click()
  await owner.getByRole('menuitem', { name: 'Retirer' }).click()
  await owner
    .getByRole('alertdialog')
    .or(owner.getByRole('dialog'))
    .getByRole('button', { name: 'Retirer' })
    .click()
  await expect(owner.getByText('Victor a été retiré.')).toBeVisible()
  await viewer.goto(`${fanfare.url}/campaigns`)
  await expect(viewer.getByRole('heading', { name: 'Sign in' })).toBeVisible()
})

test('with the second factor on, the password alone opens nothing', async ({ browser }) => {
  const page = await newPerson(browser)
  await signIn(page, OWNER.email, OWNER.password)
  await page.goto(`${fanfare.url}/account`)
  await page.getByRole('button', { name: 'Activer' }).click()
  await page.getByRole('dialog').getByLabel('Mot de passe', { exact: true }).fill(OWNER.password)
  await page.getByRole('button', { name: 'Continuer' }).click()
  await expect(
    page.getByRole('img', { name: 'Image à scanner avec une application d’authentification' }),
  ).toBeVisible()
  const secret = (await page.getByRole('region', { name: /saisissez ce secret/ }).textContent()) ?? ''
  await page.getByLabel('Six chiffres').fill(codeOf(secret))
  await page.getByRole('dialog').getByRole('button', { name: 'Activer' }).click()
  const codes = (await page.getByRole('region', { name: 'Codes de secours' }).textContent()) ?? ''
  await page.getByRole('button', { name: 'Je les ai conservés' }).click()

  const elsewhere = await newPerson(browser)
  await elsewhere.goto(`${fanfare.url}/login?from=https://evil.example/`)
  await fillSignIn(elsewhere, OWNER.email, OWNER.password)
  await expect(elsewhere.getByRole('heading', { name: 'Enter your code' })).toBeVisible()
  await elsewhere.getByLabel('Code').fill('000000')
  await elsewhere.keyboard.press('Enter')
  await expect(elsewhere.getByRole('alert')).toContainText('This code is not right')
  await elsewhere.getByLabel('Code').fill(codes.split('\n')[0] ?? '')
  await elsewhere.keyboard.press('Enter')
  await expect(elsewhere).toHaveURL(`${fanfare.url}/`)

  await page.getByRole('button', { name: 'Désactiver' }).click()
  await page.getByRole('dialog').getByLabel('Mot de passe', { exact: true }).fill(OWNER.password)
  await page.getByRole('button', { name: 'Continuer' }).click()
  await expect(page.getByText('Le second facteur est désactivé.')).toBeVisible()
})

test('a forgotten password is replaced by the link of the mail, which stays in the mailbox', async ({
  browser,
}) => {
  const owner = await newPerson(browser)
  await signIn(owner, OWNER.email, OWNER.password)
  const forgetful = await newPerson(browser)
  await forgetful.goto(`${fanfare.url}/login`)
  await forgetful.getByRole('link', { name: 'Forgotten your password?' }).click()
  await expect(forgetful.getByRole('heading', { name: 'Choose a new password' })).toBeVisible()
  await forgetful.getByLabel('E-mail address').fill(OWNER.email)
  await forgetful.getByRole('button', { name: 'Send the link' }).click()
  await expect(forgetful.getByRole('heading', { name: 'Look into your mail' })).toBeVisible()

  const link = await expect
    .poll(() => resetLinkIn(owner))
    .not.toBeNull()
    .then(() => resetLinkIn(owner))
  await forgetful.goto(link ?? '')
  await forgetful.getByLabel('New password', { exact: true }).fill('cinq tortues sur la mer')
  await forgetful.getByRole('button', { name: 'Save the password' }).click()
  await expect(forgetful.getByRole('heading', { name: 'Your password is changed' })).toBeVisible()
  await signIn(forgetful, OWNER.email, 'cinq tortues sur la mer')
  await owner.goto(`${fanfare.url}/campaigns`)
  await expect(owner.getByRole('heading', { name: 'Se connecter' })).toBeVisible()
})

/** A browser of its own: nobody is signed in. */
async function newPerson(browser: Browser, locale = 'en-GB'): Promise<Page> {
  return (await browser.newContext({ locale })).newPage()
}

async function signIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto(`${fanfare.url}/login`)
  await fillSignIn(page, email, password)
  await expect(page).toHaveURL(`${fanfare.url}/`)
}

async function fillSignIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** The link of the newest reset in the mailbox, null while there is none. */
async function resetLinkIn(page: Page): Promise<string | null> {
  const list: { items: { id: string; subject: string }[] } = await (
    await page.request.get(`${fanfare.url}/api/mailbox?limit=5`)
  ).json()
  const mail = list.items.find(({ subject }) => subject.includes('mot de passe'))
  if (!mail) return null
  const { text }: { text: string } = await (
    await page.request.get(`${fanfare.url}/api/mailbox/${mail.id}`)
  ).json()
  return /http\S+\/reset-password#\S+/.exec(text)?.[0] ?? null
}

/** What an authenticator app shows now. Source: RFC 6238 */
function codeOf(secret: string): string {
  const bits = Array.from(secret.trim())
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const mac = createHmac('sha1', key).update(counter).digest()
  const number = mac.readUInt32BE(mac.readUInt8(19) & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

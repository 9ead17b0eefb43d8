import { simpleParser } from 'mailparser'
import { beforeEach, describe, expect, test } from 'vitest'
import { harness } from '../testing/harness.ts'
import { apiCaller, type ApiAnswer, type ApiCaller } from '../testing/organization.ts'
import { startSmtpSink } from '../testing/smtp-sink.ts'
import { fromWire, SYSTEM_ORG } from '../platform/ids.ts'
import { runDueJobs } from '../platform/jobs/index.ts'
import { sendPasswordReset } from './jobs.ts'
import { totpCode, totpStep } from './rules/totp.ts'

const mails: Buffer[] = []
const sink = await startSmtpSink({ onMail: (_entry, mail) => mails.push(mail) })
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
const ORIGIN = { origin: 'http://localhost:3000' }
const PASSWORD = 'trois chats sous la pluie'
const EMAIL = 'zoe@example.com'
const DAY_MS = 86_400_000
const anybody = apiCaller(h.server, ORIGIN)
const setup = {
  organization: {
    name: 'Atelier Noël',
    locale: 'fr',
    timeZone: 'Europe/Paris',
    currency: 'eur',
    postalAddress: '',
  },
  owner: { name: 'Zoé', email: 'Zoe@Example.com', password: PASSWORD },
}
let password = PASSWORD

/** The browser after an answer: whoever the cookie says it is. */
function browser(answer: ApiAnswer): ApiCaller {
  const [cookie = ''] = [answer.headers['set-cookie']].flat().map(String)
  return apiCaller(h.server, { ...ORIGIN, cookie: cookie.split(';')[0] ?? '' })
}
const signIn = (typed = password, email = EMAIL): Promise<ApiAnswer> =>
  anybody.post('/api/auth/sign-in', { email, password: typed })
const isSignedIn = async (caller: ApiCaller): Promise<boolean> =>
  (await caller.get('/api/session')).status === 200
const mailJobs = (): Promise<number> =>
  runDueJobs(h.platform, new Map([[sendPasswordReset.kind, sendPasswordReset as never]]))

// Each test begins where nobody has just mistyped.
beforeEach(() => h.clock.advance(2 * DAY_MS))

test('a new installation is set up once, in the browser, and its owner is signed in', async () => {
  expect((await anybody.get('/api/setup')).body).toEqual({ needsSetup: true, mailStaysHere: false })
  const done = await anybody.post('/api/setup', setup)
  expect(done.status).toBe(201)
  expect((await browser(done).get('/api/session')).body).toMatchObject({
    person: { name: 'Zoé', email: 'Zoe@Example.com', locale: 'fr' },
    organization: { name: 'Atelier Noël', timeZone: 'Europe/Paris', currency: 'EUR', postalAddress: null },
    role: 'owner',
    secondFactor: false,
    installation: { needsSetup: false },
  })
  const [again, beside] = await Promise.all([
    anybody.post('/api/setup', setup),
    anybody.post('/api/setup', setup),
  ])
  expect(again.body.code).toBe('team.already_set_up')
  expect(beside.body.code).toBe('team.already_set_up')
})

describe('signing in', () => {
  test('the cookie is not readable by scripts and not sent from other sites', async () => {
    const [cookie] = [(await signIn()).headers['set-cookie']].flat()
    expect(cookie).toMatch(/^fanfare_session=[\w-]{27}; Path=\/; Expires=.+; HttpOnly; SameSite=Lax$/)
  })

  test('the address is compared without regard to case and spaces around it', async () => {
    expect((await signIn(PASSWORD, '  ZOE@example.COM ')).status).toBe(200)
  })

  test('a wrong password and an unknown address answer the same', async () => {
    const [wrong, unknown] = [await signIn('three dogs'), await signIn(PASSWORD, 'nobody@example.com')]
    expect(wrong.status).toBe(401)
    expect({ ...wrong.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' })
  })

  test('NFR-004.5 guessing is slowed after ten failures, also with the right password, and only for a while', async () => {
    for (let i = 0; i < 11; i++) expect((await signIn('guess')).status).toBe(401)
    const refused = await signIn()
    expect(refused.status).toBe(429)
    expect(Number(refused.headers['retry-after'])).toBe(30)
    expect((await signIn('guess', 'other@example.com')).status).toBe(401)
    h.clock.advance(31_000)
    expect((await signIn()).status).toBe(200)
  })

  test('another site cannot sign a browser in', async () => {
    const body = { email: EMAIL, password: PASSWORD }
    const foreign = apiCaller(h.server, { origin: 'https://evil.example' })
    expect((await foreign.post('/api/auth/sign-in', body)).body.code).toBe('request.origin_not_allowed')
    const form = await h.server.inject({
      method: 'POST',
      url: '/api/auth/sign-in',
      headers: { 'sec-fetch-site': 'cross-site', 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(body).toString(),
    })
    expect(form.statusCode).toBe(403)
  })

  test('a change with the cookie needs our own origin', async () => {
    const me = browser(await signIn())
    const forged = apiCaller(h.server, { cookie: me.headers['cookie'] ?? '', origin: 'https://evil.example' })
    const answer = await forged.patch('/api/account', { name: 'Eve', locale: 'en' })
    expect(answer.status).toBe(403)
    expect((await me.get('/api/session')).body.person.name).toBe('Zoé')
  })

  test('the answers about sessions are never cached', async () => {
    expect((await browser(await signIn()).get('/api/session')).headers['cache-control']).toBe('no-store')
  })
})

describe('sessions', () => {
  test('signing in again in the same browser ends the session before it', async () => {
    const first = browser(await signIn())
    const second = browser(await first.post('/api/auth/sign-in', { email: EMAIL, password: PASSWORD }))
    expect(await isSignedIn(first)).toBe(false)
    expect(await isSignedIn(second)).toBe(true)
  })

  test('signing out ends the session on the server', async () => {
    const me = browser(await signIn())
    expect((await me.post('/api/auth/sign-out')).status).toBe(204)
    expect(await isSignedIn(me)).toBe(false)
  })

  test('a session ends after seven days without use', async () => {
    const me = browser(await signIn())
    h.clock.advance(6.9 * DAY_MS)
    expect(await isSignedIn(me)).toBe(true)
    h.clock.advance(7.1 * DAY_MS)
    expect(await isSignedIn(me)).toBe(false)
  })

  test('a session ends after thirty days however much it is used', async () => {
    const me = browser(await signIn())
    for (let day = 0; day < 29; day += 4) {
      expect(await isSignedIn(me)).toBe(true)
      h.clock.advance(4 * DAY_MS)
    }
    expect(await isSignedIn(me)).toBe(false)
  })

  test('one sees one’s own sessions and ends them', async () => {
    const [here, there] = [browser(await signIn()), browser(await signIn())]
    const { items } = (await here.get('/api/account/sessions')).body
    const other = items.find((item: { isCurrent: boolean }) => !item.isCurrent)
    expect(items.filter((item: { isCurrent: boolean }) => item.isCurrent)).toHaveLength(1)
    expect((await here.delete(`/api/account/sessions/${other.id}`)).status).toBe(204)
    await here.post('/api/account/sessions/end-others')
    expect(await isSignedIn(there)).toBe(false)
    expect(await isSignedIn(here)).toBe(true)
    const stranger = await h.organization()
    const own = (await here.get('/api/account/sessions')).body.items[0]
    expect((await stranger.owner.delete(`/api/account/sessions/${own.id}`)).status).toBe(404)
  })

  test('a made-up or truncated cookie is nobody’s', async () => {
    const me = browser(await signIn())
    const cut = apiCaller(h.server, { cookie: (me.headers['cookie'] ?? '').slice(0, -1) })
    expect(await isSignedIn(cut)).toBe(false)
    expect(await isSignedIn(apiCaller(h.server, { cookie: 'fanfare_session=' }))).toBe(false)
  })

  test('only a hash of the token is stored', async () => {
    const me = browser(await signIn())
    const token = (me.headers['cookie'] ?? '').split('=')[1] ?? ''
    const rows = await h.platform
      .systemCtx(SYSTEM_ORG)
      .db.query<{ text: string }>("select string_agg(s::text, '') as text from session s")
    expect(rows[0]?.text).not.toContain(token)
  })
})

describe('passwords', () => {
  test('changing it ends all other sessions and takes the present one', async () => {
    const [here, there] = [browser(await signIn()), browser(await signIn())]
    const wrong = await here.post('/api/account/password', {
      currentPassword: 'no',
      newPassword: 'quatre chiens',
    })
    expect(wrong.body.code).toBe('team.wrong_password')
    const weak = await here.post('/api/account/password', {
      currentPassword: password,
      newPassword: 'password1',
    })
    expect(weak.body).toMatchObject({ code: 'team.password_weak', errors: [{ path: 'newPassword' }] })
    const changed = await here.post('/api/account/password', {
      currentPassword: password,
      newPassword: 'quatre chiens',
    })
    expect(changed.status).toBe(204)
    password = 'quatre chiens'
    expect(await isSignedIn(there)).toBe(false)
    expect(await isSignedIn(here)).toBe(true)
    expect((await signIn(PASSWORD)).status).toBe(401)
    expect((await signIn()).status).toBe(200)
  })

  test('a forgotten one is replaced by a mailed link, once, within the hour; every session ends', async () => {
    const before = browser(await signIn())
    mails.length = 0
    const asked = await anybody.post('/api/auth/forgot-password', { email: EMAIL })
    const unknown = await anybody.post('/api/auth/forgot-password', { email: 'nobody@example.com' })
    expect([asked.status, asked.body]).toEqual([unknown.status, unknown.body])
    await mailJobs()
    expect(mails).toHaveLength(1)
    const mail = await simpleParser(mails[0] ?? '')
    expect(mail.subject).toBe('Choisissez un nouveau mot de passe')
    expect(String(mail.html)).toContain('<html lang="fr">')
    const token = /reset-password#([\w-]+)/.exec(mail.text ?? '')?.[1] ?? ''
    const weak = await anybody.post('/api/auth/reset-password', { token, password: 'password1' })
    expect(weak.body.code).toBe('team.password_weak')
    const done = await anybody.post('/api/auth/reset-password', { token, password: 'cinq tortues vertes' })
    expect(done.status).toBe(204)
    password = 'cinq tortues vertes'
    expect(await isSignedIn(before)).toBe(false)
    expect((await signIn()).status).toBe(200)
    const again = await anybody.post('/api/auth/reset-password', { token, password: 'six poissons bleus' })
    expect(again.body.code).toBe('team.reset_link_over')
  })

  test('a reset link dies after an hour', async () => {
    mails.length = 0
    await anybody.post('/api/auth/forgot-password', { email: EMAIL })
    await mailJobs()
    const { text } = await simpleParser(mails[0] ?? '')
    const token = /reset-password#([\w-]+)/.exec(text ?? '')?.[1] ?? ''
    h.clock.advance(61 * 60_000)
    const late = await anybody.post('/api/auth/reset-password', { token, password: 'six poissons bleus' })
    expect(late.body.code).toBe('team.reset_link_over')
  })

  test('nobody’s mailbox can be filled: three resets a day', async () => {
    mails.length = 0
    for (let i = 0; i < 6; i++) {
      await anybody.post('/api/auth/forgot-password', { email: EMAIL })
      await mailJobs()
      h.clock.advance(60_000)
    }
    expect(mails).toHaveLength(3)
  })
})

describe('the second factor', () => {
  let secret: Buffer = Buffer.alloc(0)
  let recoveryCodes: string[] = []
  const code = (): string => totpCode(secret, totpStep(h.clock.now()))
  const challenge = async (): Promise<string> => (await signIn()).body.challenge
  const prove = (challengeText: string, typed: string): Promise<ApiAnswer> =>
    anybody.post('/api/auth/second-factor', { challenge: challengeText, code: typed })

  test('is off until a first code of the app has confirmed it', async () => {
    const me = browser(await signIn())
    const begun = await me.post('/api/account/second-factor', { password })
    secret = decodeBase32(begun.body.secret)
    expect(begun.body.uri).toContain(begun.body.secret)
    expect((await signIn()).body.status).toBe('signed_in')
    expect((await me.post('/api/account/second-factor/confirm', { code: '000000' })).body.code).toBe(
      'team.wrong_code',
    )
    const on = await me.post('/api/account/second-factor/confirm', { code: code() })
    recoveryCodes = on.body.recoveryCodes
    expect(recoveryCodes).toHaveLength(10)
    expect(recoveryCodes[0]).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/)
    expect((await me.get('/api/session')).body.secondFactor).toBe(true)
    const again = await me.post('/api/account/second-factor', { password })
    expect(again.body.code).toBe('team.second_factor_already_on')
  })

  test('the password alone opens nothing', async () => {
    const answer = await signIn()
    expect(answer.body.status).toBe('second_factor')
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  test('a code opens a session, and opens none again', async () => {
    const [first, second] = [await challenge(), await challenge()]
    const typed = code()
    const opened = await prove(first, typed)
    expect(await isSignedIn(browser(opened))).toBe(true)
    expect((await prove(second, typed)).body.code).toBe('team.wrong_code')
    h.clock.advance(30_000)
    expect((await prove(first, code())).body.code).toBe('team.challenge_over')
  })

  test('a recovery code works once, typed as people type', async () => {
    const typed = (recoveryCodes[0] ?? '').toUpperCase().replaceAll('-', ' ')
    expect((await prove(await challenge(), typed)).status).toBe(200)
    expect((await prove(await challenge(), typed)).body.code).toBe('team.wrong_code')
  })

  test('five wrong codes, or five minutes, end the sign-in', async () => {
    const tried = await challenge()
    for (let i = 0; i < 5; i++) expect((await prove(tried, '000000')).body.code).toBe('team.wrong_code')
    expect((await prove(tried, code())).body.code).toBe('team.challenge_over')
    const slow = await challenge()
    h.clock.advance(5 * 60_000 + 1)
    expect((await prove(slow, code())).body.code).toBe('team.challenge_over')
  })

  test('the secret lies sealed, recovery codes are replaced, and the password turns it off', async () => {
    const rows = await h.platform
      .systemCtx(SYSTEM_ORG)
      .db.query<{ secret: Buffer }>('select secret from two_factor')
    expect(rows[0]?.secret.includes(secret)).toBe(false)
    const me = browser(await prove(await challenge(), code()))
    const fresh = (await me.post('/api/account/second-factor/recovery-codes', { password })).body
      .recoveryCodes
    expect((await prove(await challenge(), recoveryCodes[1] ?? '')).body.code).toBe('team.wrong_code')
    expect((await prove(await challenge(), fresh[1])).status).toBe(200)
    expect((await me.get('/api/account/second-factor')).body.recoveryCodesLeft).toBe(9)
    expect((await me.post('/api/account/second-factor/turn-off', { password: 'no' })).status).toBe(403)
    expect((await me.post('/api/account/second-factor/turn-off', { password })).status).toBe(204)
    expect((await signIn()).body.status).toBe('signed_in')
  })
})

describe('several organizations', () => {
  test('one creates another, works in it, and switches back', async () => {
    const me = browser(await signIn())
    const other = {
      ...setup.organization,
      name: 'Boutique',
      locale: 'en',
      currency: 'GBP',
      timeZone: 'Europe/London',
    }
    const created = await me.post('/api/organizations', other)
    expect(created.status).toBe(201)
    const session = (await me.get('/api/session')).body
    expect(session.organization.name).toBe('Boutique')
    expect(session.organizations.map((one: { name: string }) => one.name)).toEqual([
      'Atelier Noël',
      'Boutique',
    ])
    const first = session.organizations[0].id
    expect((await me.post('/api/session/organization', { organizationId: first })).status).toBe(204)
    expect((await me.get('/api/organization')).body.name).toBe('Atelier Noël')
    expect((await browser(await signIn()).get('/api/organization')).body.name).toBe('Atelier Noël')
    expect(await h.platform.organizations()).toContain(fromWire('organization', created.body.id))
  })

  test('NFR-004.2 one cannot switch into an organization of others', async () => {
    const stranger = await h.organization()
    const me = browser(await signIn())
    const theirs = (await stranger.owner.get('/api/session')).body.organization.id
    expect((await me.post('/api/session/organization', { organizationId: theirs })).status).toBe(404)
    expect((await me.get('/api/organization')).body.name).toBe('Atelier Noël')
  })
})

function decodeBase32(text: string): Buffer {
  const bits = Array.from(text)
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

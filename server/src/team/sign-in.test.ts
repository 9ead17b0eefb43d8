import { expect, test } from 'vitest'
import { harness, START } from '../testing/harness.ts'
import { apiCaller, type ApiAnswer, type ApiCaller } from '../testing/organization.ts'

const h = await harness()
const ORIGIN = { origin: 'http://localhost:3000' }
const PASSWORD = 'trois chats sous la pluie'
const anybody = apiCaller(h.server, ORIGIN)
const setup = {
  organization: { name: 'Atelier Noël', locale: 'fr', timeZone: 'Europe/Paris', currency: 'eur', postalAddress: '' },
  owner: { name: 'Zoé', email: 'Zoe@Example.com', password: PASSWORD },
}

/** The browser after an answer: whoever the cookie says it is. */
function browser(answer: ApiAnswer): ApiCaller {
  const [cookie = ''] = [answer.headers['set-cookie']].flat().map(String)
  return apiCaller(h.server, { ...ORIGIN, cookie: cookie.split(';')[0] ?? '' })
}
const signIn = (password = PASSWORD, email = 'zoe@example.com'): Promise<ApiAnswer> =>
  anybody.post('/api/auth/sign-in', { email, password })

test('a new installation is set up once, in the browser, and its owner is signed in', async () => {
  expect((await anybody.get('/api/setup')).body).toEqual({ needsSetup: true, mailStaysHere: true })
  const done = await anybody.post('/api/setup', setup)
  expect(done.status).toBe(201)
  const session = await browser(done).get('/api/session')
  expect(session.body).toMatchObject({
    person: { name: 'Zoé', email: 'Zoe@Example.com', locale: 'fr' },
    organization: { name: 'Atelier Noël', timeZone: 'Europe/Paris', currency: 'EUR', postalAddress: null },
    role: 'owner',
    secondFactor: false,
    installation: { needsSetup: false },
  })
  expect(session.body.permissions).toContain('members.write')
  expect((await anybody.post('/api/setup', setup)).body.code).toBe('team.already_set_up')
})

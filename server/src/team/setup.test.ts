import { expect, test } from 'vitest'
import { harness } from '../testing/harness.ts'
import { apiCaller } from '../testing/organization.ts'
import { setPasswordFor, setupFromEnvironment } from './index.ts'

const ENV = {
  FANFARE_SETUP_EMAIL: 'Owner@example.com',
  FANFARE_SETUP_PASSWORD: 'password1',
  FANFARE_SETUP_ORGANIZATION: 'Atelier',
}

test('an unattended first run makes organization, owner and one key, once, whoever starts first', async () => {
  const h = await harness({ env: ENV })
  const keys = await Promise.allSettled([setupFromEnvironment(h.platform), setupFromEnvironment(h.platform)])
  const made = keys.flatMap((one) => (one.status === 'fulfilled' && one.value !== null ? [one.value] : []))
  expect(made).toHaveLength(1)
  expect(keys.map((one) => one.status)).toEqual(['fulfilled', 'fulfilled'])
  expect(await setupFromEnvironment(h.platform)).toBeNull()
  const key = apiCaller(h.server, { authorization: `Bearer ${made[0]}` })
  expect((await key.get('/api/organization')).body.name).toBe('Atelier')
  expect((await key.get('/api/audit/verification')).body).toMatchObject({ entries: 2, intact: true })
  const anybody = apiCaller(h.server, { origin: 'http://localhost:3000' })
  const credentials = { email: 'owner@example.com', password: 'password1' }
  expect((await anybody.post('/api/auth/sign-in', credentials)).body.status).toBe('signed_in')

  const password = await setPasswordFor(h.platform, 'OWNER@example.com')
  expect((await anybody.post('/api/auth/sign-in', credentials)).status).toBe(401)
  expect((await anybody.post('/api/auth/sign-in', { ...credentials, password })).status).toBe(200)
})

test('without its three settings an unattended start sets nothing up', async () => {
  const h = await harness()
  expect(await setupFromEnvironment(h.platform)).toBeNull()
  expect((await h.request({ url: '/api/setup' })).json()).toMatchObject({ needsSetup: true })
})

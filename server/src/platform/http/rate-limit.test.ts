import { expect, test } from 'vitest'
import { harness } from '../../testing/harness.ts'
import type { ApiAnswer } from '../../testing/organization.ts'

const PER_MINUTE = 60
const h = await harness({ env: { FANFARE_RATE_LIMIT_PER_MINUTE: String(PER_MINUTE) } })

test('NFR-004.5 DS-rate-limiting.1 each key and each person has a number of calls a minute of their own, is told when to come back, and may then', async () => {
  const org = await h.organization()
  const call = (): Promise<ApiAnswer> => org.key.get('/api/organization')
  for (let n = 0; n < PER_MINUTE; n++) expect((await call()).status).toBe(200)
  const refused = await call()
  expect([refused.status, refused.body.code]).toEqual([429, 'request.too_many'])
  expect(refused.headers['retry-after']).toBe('1')
  expect(refused.headers['ratelimit-policy']).toBe(`"key";q=${PER_MINUTE};w=60`)
  expect((await org.viewer.get('/api/organization')).status).toBe(200)
  expect((await (await h.organization()).key.get('/api/organization')).status).toBe(200)
  h.clock.advance(1_000)
  expect([(await call()).status, (await call()).status]).toEqual([200, 429])
})

test('NFR-004.5 strangers have few calls, and leaving, following a link and asking for health are never refused', async () => {
  const anonymous = (url: string) => h.request({ url, remoteAddress: '203.0.113.7' })
  const answers: number[] = []
  for (let n = 0; n < PER_MINUTE; n++) answers.push((await anonymous('/api/setup')).statusCode)
  expect(answers.filter((status) => status === 429)).toHaveLength(PER_MINUTE - 30)
  for (const url of ['/u/token', '/c/token', '/o/token.gif', '/preferences/token', '/health'])
    expect([url, (await anonymous(url)).statusCode === 429]).toEqual([url, false])
})

import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { harness } from '../testing/harness.ts'

const h = await harness()

test('the browser script weighs less than 2 kB, and any page may load it', async () => {
  const packed = await h.request({
    method: 'GET',
    url: '/tracker.js',
    headers: { 'accept-encoding': 'gzip' },
  })
  expect(packed.rawPayload.length).toBeLessThan(2_000)
  expect(packed.headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-type': 'text/javascript; charset=utf-8',
    'cross-origin-resource-policy': 'cross-origin',
  })
  const plain = await h.request({ method: 'GET', url: '/tracker.js' })
  expect(gunzipSync(packed.rawPayload).toString()).toBe(plain.body)
  expect(plain.body).not.toMatch(/document\.cookie|sessionStorage|indexedDB/)
})

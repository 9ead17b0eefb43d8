import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { webhookSignatures } from './webhook-signatures.ts'

test('FR-006.1 genuine webhooks of every vendor are accepted; changed, expired and unsigned ones are refused', async () => {
  const results = await Array.fromAsync(
    webhookSignatures.run(fileURLToPath(new URL('vectors/webhook-signatures', import.meta.url))),
  )
  expect(results.filter(({ problem }) => problem !== null)).toEqual([])
  expect(new Set(results.map(({ id }) => id.split(' · ')[0])).size).toBe(11)
})

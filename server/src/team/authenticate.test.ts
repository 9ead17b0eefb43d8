import { describe, expect, test } from 'vitest'
import { harness } from '../testing/harness.ts'

const h = await harness()

describe('who calls', () => {
  test('smoke', async () => {
    const org = await h.organization()
    expect((await org.owner.get('/api/stream-none')).status).toBe(404)
  })
})

/** The reference vectors of statistics, where they lie beside the project. */
import { access } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { stats } from './stats.ts'

const VECTORS = fileURLToPath(new URL('../../../shared/reference/stats', import.meta.url))
const arePresent = await access(VECTORS).then(
  () => true,
  () => false,
)

test.skipIf(!arePresent)(
  'CS-006.2 CS-006.3 every statistic equals its reference value (skipped where ../shared/reference/stats is absent)',
  async () => {
    const results = await Array.fromAsync(stats.run(VECTORS))
    expect(results.length).toBeGreaterThan(1000)
    expect(results.filter(({ problem }) => problem !== null)).toEqual([])
  },
)

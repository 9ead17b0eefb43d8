/**
 * Runs a folder of vectors or samples through our code: `npm run conformance -- KIND DIR`. Prints what fails and why, and
 * ends with `N passed, N failed`. Exit status 1 when anything failed, 2 when it was called wrongly.
 */
import { stat } from 'node:fs/promises'
import { attribution } from './conformance/attribution.ts'
import { bounces } from './conformance/bounces.ts'
import type { ConformanceKind } from './conformance/kind.ts'
import { stats } from './conformance/stats.ts'
import { webhookSignatures } from './conformance/webhook-signatures.ts'

/** The kinds there are. A room that gets vectors of its own adds a file and a line. */
const KINDS: Readonly<Record<string, ConformanceKind>> = {
  attribution,
  bounces,
  stats,
  'webhook-signatures': webhookSignatures,
}

const [name = '', dir = ''] = process.argv.slice(2)
const kind = KINDS[name]
const isFolder = await stat(dir).then(
  (found) => found.isDirectory(),
  () => false,
)
if (!kind || !isFolder) {
  console.error('usage: npm run conformance -- KIND DIR\n')
  for (const [known, { summary }] of Object.entries(KINDS)) console.error(`  ${known.padEnd(20)} ${summary}`)
  if (kind) console.error(`\n"${dir}" is no folder.`)
  process.exit(2)
}
let passed = 0
let failed = 0
for await (const { id, problem } of kind.run(dir)) {
  if (problem === null) passed += 1
  else {
    failed += 1
    console.log(`FAILED ${id}: ${problem}`)
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** `npm test`: sets up what is missing, then runs every unit and integration test. Arguments go to vitest. */
import { join } from 'node:path'
import { ROOT, continueAs, ensureDependencies, fail, pinnedNode } from './setup.mjs'

try {
  await ensureDependencies()
  continueAs(
    pinnedNode(),
    [join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)],
    { cwd: ROOT },
  )
} catch (error) {
  fail(error)
}

/** Runs a file with the Node that this project pins, whatever Node started us: `node tools/run.mjs FILE args…` */
import { continueAs, ensureDependencies, fail, pinnedNode } from './setup.mjs'

try {
  const [file, ...args] = process.argv.slice(2)
  if (file === undefined) {
    process.stderr.write('usage: node tools/run.mjs FILE [arguments]\n')
    process.exit(2)
  }
  await ensureDependencies()
  continueAs(pinnedNode(), [file, ...args])
} catch (error) {
  fail(error)
}

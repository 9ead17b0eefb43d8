// Runs a file with the Node that this project pins, whatever Node started npm.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const [file, ...args] = process.argv.slice(2)
const result = spawnSync(node, ['--disable-warning=ExperimentalWarning', file, ...args], {
  stdio: 'inherit',
  cwd: process.env.INIT_CWD ?? process.cwd(),
})
process.exit(result.status ?? 1)

/** `npm start`: from a fresh clone to a running Fanfare. Sets up what is missing, then hands over to server/src/main.ts. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, continueAs, ensureDependencies, fail, pinnedNode } from './setup.mjs'
import { ensureWebBuild } from './web-build.mjs'

/** How often we look whether npm, which started us, still lives. */
const NPM_WATCH_MS = 500

try {
  await ensureDependencies()
  await ensureWebBuild()
  // The channel tells the server when we are killed: nobody would be left who could stop it.
  const server = continueAs(pinnedNode(), [join(ROOT, 'server', 'src', 'main.ts')], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    passesInterrupt: true,
  })
  stopWithNpm(server)
} catch (error) {
  fail(error)
}

/** npm that is killed outright cannot pass anything on; then Fanfare stops as if it had. */
function stopWithNpm(server) {
  const npm = process.env.npm_lifecycle_event === 'start' ? npmAncestor() : null
  if (npm === null) return
  const timer = setInterval(() => {
    if (parentOf(npm) !== null) return
    clearInterval(timer)
    server.kill('SIGTERM')
  }, NPM_WATCH_MS)
  timer.unref()
}

/** The npm process above us: our parent, or its parent when a shell stands between. */
function npmAncestor() {
  for (let pid = process.ppid; pid !== null && pid > 1; pid = parentOf(pid))
    if (nameOf(pid).startsWith('npm')) return pid
  return null
}

function nameOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8')
  } catch {
    return ''
  }
}

/** The parent's pid; null when there is no such process, or no /proc to ask. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' ? null : Number(parent)
  } catch {
    return null
  }
}

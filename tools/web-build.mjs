/** Builds the web application when there is no build or when its sources have changed since. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT, SetupError, ensureDependencies, fail, pinnedNode, say } from './setup.mjs'

const DIST = join(ROOT, 'web', 'dist')
const MARK = join(DIST, '.sources')

/** What goes into the build. The web imports the rooms' wire schemas and the text of the platform's errors. */
const SOURCES = ['web', 'server/src', 'package-lock.json']
const EXTENSIONS = /\.(ts|tsx|css|json|html|svg|js)$/
const SKIPPED = /^(node_modules|dist|.*\.test\.tsx?)$/

/**
 * Makes web/dist fit the sources. They are compared by content: a clone or a copy has new file times.
 * @throws SetupError
 */
export async function ensureWebBuild() {
  const mark = fingerprint()
  if (readMark() === mark) return
  say('Building the web application; this takes some seconds, after changes only.')
  await build(mark)
}

// `npm run build`: builds whatever the mark says.
if (process.argv[1] === fileURLToPath(import.meta.url))
  await ensureDependencies()
    .then(() => build(fingerprint()))
    .catch(fail)

function readMark() {
  try {
    return readFileSync(MARK, 'utf8')
  } catch {
    return null
  }
}

function fingerprint() {
  const hash = createHash('sha256')
  for (const source of SOURCES)
    for (const file of filesOf(join(ROOT, source)))
      hash.update(`${relative(ROOT, file)}\0`).update(readFileSync(file))
  return hash.digest('hex')
}

function filesOf(path) {
  if (!isFolder(path)) return [path]
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !SKIPPED.test(entry.name) && (entry.isDirectory() || EXTENSIONS.test(entry.name)))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesOf(join(path, entry.name)) : [join(path, entry.name)]))
}

function isFolder(path) {
  try {
    readdirSync(path)
    return true
  } catch {
    return false
  }
}

function build(mark) {
  const child = spawn(
    pinnedNode(),
    [join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', join(ROOT, 'web'), '--logLevel', 'warn'],
    {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new SetupError(`The web build cannot be started: ${error.message}`)))
    child.on('exit', (code) =>
      code === 0
        ? resolve(writeFileSync(MARK, mark))
        : reject(new SetupError('The web application could not be built; the reason stands above.')),
    )
  })
}

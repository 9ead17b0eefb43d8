/**
 * Brings a clone to the point where our code can run: the packages that package-lock.json names, and the Node that
 * this project pins. Plain JavaScript for Node 20, because it runs before anything is installed.
 *
 * No package's install script is run (`ignore-scripts` in .npmrc): what they would have made, we make ourselves.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** Oldest Node that can run these tools; everything else runs with the pinned one. */
const NODE_MAJOR_MIN = 20

/** The package that holds the pinned Node of this machine. */
const NODE_PACKAGE = `${process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'}-${
  process.platform === 'win32' ? 'win' : process.platform
}-${process.arch}`

/** Holds the process id of a running npm ci: two at once would pull the packages from under each other. */
const INSTALLING = join(ROOT, '.installing')
/** An installation takes about a minute; a file this old belongs to one that nobody could clear up after. */
const INSTALLING_MAX_MS = 10 * 60_000
const INSTALLING_POLL_MS = 300

/** A set-up that cannot go on, said in one sentence. */
export class SetupError extends Error {}

/** The pinned Node's binary. */
export function pinnedNode() {
  return join(ROOT, 'node_modules', NODE_PACKAGE, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/**
 * Installs the packages when they are missing or not those of package-lock.json. Needs no network when they are there.
 * @throws SetupError
 */
export async function ensureDependencies() {
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR_MIN)
    throw new SetupError(`Node ${process.versions.node} is too old: install Node ${NODE_MAJOR_MIN} or newer.`)
  const lock = readJson(join(ROOT, 'package-lock.json'))
  if (lock.packages[`node_modules/${NODE_PACKAGE}`] === undefined)
    throw new SetupError(
      `Fanfare has no Node build for ${process.platform} on ${process.arch}. It runs on Linux and macOS (x64, arm64) and on Windows (x64).`,
    )
  await earlierInstallation()
  const reason = whatIsMissing(lock)
  if (reason === null) return
  say(`Installing packages (${reason}); this takes about a minute, once.`)
  await installPackages()
  const still = whatIsMissing(lock)
  if (still !== null)
    throw new SetupError(
      `The packages are still incomplete after npm ci: ${still}. Remove node_modules and try again.`,
    )
  say('Packages are installed.')
}

/**
 * Runs a program to its end with our terminal, passing on signals, and ends this process the way it ended.
 * `passesInterrupt`: the program takes two interrupts in a row for one, so that ours can be passed on, too.
 */
export function continueAs(command, args, { passesInterrupt = false, ...options } = {}) {
  // Compiled code is kept between runs: it halves the time until our code runs.
  const env = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'compiled'), ...process.env }
  const child = spawn(command, args, { stdio: 'inherit', env, ...options })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      // The terminal sends Ctrl-C to the whole group itself; most programs read a second one as "now, at once".
      if (signal !== 'SIGINT' || passesInterrupt) child.kill(signal)
    })
  child.on('error', (error) => fail(new SetupError(`${command} cannot be started: ${error.message}`)))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
  return child
}

/** A line of progress. */
export function say(text) {
  process.stderr.write(`${text}\n`)
}

/** Ends the process with the sentence of a SetupError, or with everything we know about a bug. */
export function fail(error) {
  say(error instanceof SetupError ? error.message : String(error?.stack ?? error))
  process.exit(1)
}

/** Compares what npm recorded as installed with the lock, by content: file times do not survive a copy or a clone. */
function whatIsMissing(lock) {
  const installed = readJson(join(ROOT, 'node_modules', '.package-lock.json'))?.packages
  if (installed === undefined) return 'there are none yet'
  for (const [path, wanted] of Object.entries(lock.packages)) {
    if (path === '' || !path.startsWith('node_modules/')) continue
    const found = installed[path]
    if (found === undefined && (wanted.optional || wanted.peer)) continue
    if (found === undefined || found.version !== wanted.version || found.integrity !== wanted.integrity)
      return `${path.slice('node_modules/'.length)} is missing or has another version`
  }
  return existsSync(pinnedNode()) ? null : `the pinned Node is missing`
}

/** Waits for an installation that goes on although the start that asked for it was killed. */
async function earlierInstallation() {
  if (!isInstalling()) return
  say('An earlier start is still installing packages; waiting for it.')
  while (isInstalling()) await new Promise((resolve) => setTimeout(resolve, INSTALLING_POLL_MS))
}

function isInstalling() {
  try {
    const { mtimeMs } = statSync(INSTALLING)
    // Signal 0 asks whether the process is there.
    return (
      Date.now() - mtimeMs < INSTALLING_MAX_MS && process.kill(Number(readFileSync(INSTALLING, 'utf8')), 0)
    )
  } catch {
    return false
  }
}

function installPackages() {
  // npm gives its own script path when it runs us; else the npm beside this Node is used.
  const npmScript = process.env.npm_execpath ?? npmBesideNode()
  const [command, first] = npmScript ? [process.execPath, [npmScript]] : ['npm', []]
  const child = spawn(
    command,
    [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error', '--include=dev', '--include=optional'],
    {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  writeFileSync(INSTALLING, String(child.pid))
  child.on('close', () => rmSync(INSTALLING, { force: true }))
  return new Promise((resolve, reject) => {
    child.on('error', () =>
      reject(new SetupError('npm was not found: install it beside Node (Debian: apt-get install npm).')),
    )
    child.on('exit', (code) => {
      if (code === 0) resolve()
      else
        reject(
          new SetupError(
            'npm ci did not succeed (its own words stand above). The first start needs the network, room for about 900 MB and the right to write in this folder.',
          ),
        )
    })
  })
}

function npmBesideNode() {
  try {
    return createRequire(join(dirname(process.execPath), '..', 'lib', 'index.js')).resolve(
      'npm/bin/npm-cli.js',
    )
  } catch {
    return null
  }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

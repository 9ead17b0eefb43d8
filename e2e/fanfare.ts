/** The product as a person starts it, in a data directory of its own; for browser tests, screenshots and trials. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { freeLoopbackPort } from '../server/src/platform/supervisor/ports.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const NODE = process.execPath
const CLOCK = pathToFileURL(join(ROOT, 'server/src/testing/movable-clock.ts'))
const START_MS = 300_000
const STOP_MS = 25_000

/** The first organization's owner, as every trial has it. */
export const OWNER = {
  email: 'owner@atelier.example',
  password: 'correct horse battery staple',
  organization: 'Atelier Lumière',
}

export interface Fanfare {
  readonly url: string
  readonly dataDir: string
  /** Printed once by an unattended first run; null when the browser sets up. */
  readonly apiKey: string | null
  /** Everything it printed. */
  output(): string
  /** Ends it at once, as a power cut would end the supervisor; its children and its database stay to be found. */
  kill(): Promise<void>
  /** Starts it again on the same data. */
  restart(): Promise<Fanfare>
  /** Moves its clock on; only with `hasMovableClock`. */
  advance(ms: number): Promise<void>
  /** Stops it as an operator would, and removes its data. */
  stop(): Promise<void>
}

export interface FanfareOptions {
  /** Set up the organization without a browser. */
  isSetUp?: boolean
  smtpUrl?: string
  /** Its clock runs on as the real one does, and a test may move it ahead. */
  hasMovableClock?: boolean
  env?: Record<string, string>
}

/** Starts the product and waits until it says its address. */
export async function startFanfare(options: FanfareOptions = {}): Promise<Fanfare> {
  const dataDir = await mkdtemp(join(tmpdir(), 'fanfare-e2e-'))
  return start(dataDir, await freeLoopbackPort(), options)
}

async function start(dataDir: string, port: number, options: FanfareOptions): Promise<Fanfare> {
  const { DATABASE_URL: _database, SMTP_URL: _smtp, ...inherited } = process.env
  const clockFile = join(dataDir, 'clock-ahead')
  const child = spawn(NODE, [join(ROOT, 'server/src/main.ts')], {
    cwd: ROOT,
    env: {
      ...inherited,
      FANFARE_PORT: String(port),
      FANFARE_DATA_DIR: dataDir,
      FANFARE_LOG_LEVEL: 'warn',
      ...(options.isSetUp === false
        ? {}
        : {
            FANFARE_SETUP_EMAIL: OWNER.email,
            FANFARE_SETUP_PASSWORD: OWNER.password,
            FANFARE_SETUP_ORGANIZATION: OWNER.organization,
          }),
      ...(options.smtpUrl === undefined ? {} : { SMTP_URL: options.smtpUrl }),
      ...(options.hasMovableClock === true
        ? { NODE_OPTIONS: `--import=${CLOCK.href}`, TEST_CLOCK_FILE: clockFile }
        : {}),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => {
      printed += part.toString()
    })
  const url = `http://localhost:${port}`
  await ready(child, url, () => printed)
  return {
    url,
    dataDir,
    apiKey: /fan_live_[A-Za-z0-9_-]+/.exec(printed)?.[0] ?? null,
    output: () => printed,
    kill: () => ended(child, 'SIGKILL'),
    restart: () => start(dataDir, port, options),
    advance: async (ms) => {
      const ahead = Number(await readFile(clockFile, 'utf8').catch(() => '0'))
      // Never half written for its readers.
      await writeFile(`${clockFile}.next`, String(ahead + ms))
      await rename(`${clockFile}.next`, clockFile)
    },
    stop: async () => {
      await ended(child, 'SIGTERM')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function ready(child: ChildProcess, url: string, output: () => string): Promise<void> {
  const deadline = Date.now() + START_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`Fanfare ended while starting:\n${output()}`)
    const answer = await fetch(`${url}/ready`).catch(() => null)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`Fanfare was not ready within ${START_MS / 1_000} s:\n${output()}`)
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill(signal)
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await exit
  clearTimeout(late)
}

/** Calls the API with a key. @throws with the problem's text when it is refused */
export async function api(
  fanfare: Pick<Fanfare, 'url' | 'apiKey'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await fetch(`${fanfare.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${fanfare.apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
  return text === '' ? null : JSON.parse(text)
}

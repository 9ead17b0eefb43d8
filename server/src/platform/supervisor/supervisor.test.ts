import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { pause } from '../clock.ts'
import { identify } from './identity.ts'
import { freeLoopbackPort } from './ports.ts'

// Real processes, really killed: what is waited for here happens in the operating system, so it is polled.

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url))
const dataDir = mkdtempSync(join(tmpdir(), 'fanfare-supervisor-test-'))
const port = await freeLoopbackPort()
const started: ChildProcess[] = []

interface Run {
  process: ChildProcess
  output(): string
  /** Resolves with the exit status. */
  ended: Promise<number | null>
}

function start(env: Record<string, string> = {}): Run {
  const { DATABASE_URL: _external, ...inherited } = process.env
  const child = spawn(process.execPath, [MAIN], {
    env: { ...inherited, FANFARE_DATA_DIR: dataDir, FANFARE_PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  started.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => (output += String(bytes)))
  return {
    process: child,
    output: () => output,
    ended: new Promise((resolve) => child.on('exit', (code) => resolve(code))),
  }
}

/** Asks until `check` holds. */
async function until(what: string, check: () => Promise<boolean> | boolean): Promise<void> {
  for (let round = 0; round < 1_600; round++) {
    if (await check()) return
    await pause(50)
  }
  throw new Error(`gave up waiting until ${what}`)
}

const isReady = async (): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/ready`).then(
    (answer) => answer.ok,
    () => false,
  )

/** The pids of the processes that the lock file names. */
const childPids = (): number[] =>
  (
    JSON.parse(readFileSync(join(dataDir, 'fanfare.lock'), 'utf8')) as { children: { pid: number }[] }
  ).children.map((child) => child.pid)

const postgresPid = (): number =>
  Number(readFileSync(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0])

function pidAt(pids: number[], index: number): number {
  const pid = pids[index]
  if (pid === undefined) throw new Error('the process was not started')
  return pid
}

afterAll(async () => {
  for (const child of started) if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
  await until('all have ended', () =>
    started.every((child) => child.exitCode !== null || child.signalCode !== null),
  )
  rmSync(dataDir, { recursive: true, force: true })
})

describe('the supervisor', { timeout: 120_000 }, () => {
  let first: Run

  test('brings up database, web server and worker, and says where', async () => {
    first = start()
    await until('it says where it runs', () => first.output().includes('Fanfare is running at'))
    expect(first.output()).toContain(`http://localhost:${port}`)
    expect(await isReady()).toBe(true)
    expect(childPids()).toHaveLength(2)
  })

  test('shows the figures of both processes in one place', async () => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    for (const role of ['api', 'worker'])
      expect(text).toMatch(new RegExp(`process_cpu_seconds_total{role="${role}"} `))
    expect(text.match(/^# TYPE process_cpu_seconds_total /gm)).toHaveLength(1)
    const proxied = await fetch(`http://127.0.0.1:${port}/metrics`, {
      headers: { 'x-forwarded-for': '203.0.113.7' },
    })
    expect(proxied.status).toBe(404)
  })

  test('refuses a second start on the same data directory, naming the first', async () => {
    const second = start({ FANFARE_PORT: String(await freeLoopbackPort()) })
    expect(await second.ended).toBe(78)
    expect(second.output()).toContain(`already running on ${dataDir} at http://localhost:${port}`)
    expect(second.output()).toContain(`kill ${first.process.pid}`)
    expect(await isReady()).toBe(true)
  })

  test.each([
    ['web server', 0],
    ['worker', 1],
  ])('starts a killed %s again', async (_name, index) => {
    const before = pidAt(childPids(), index)
    process.kill(before, 'SIGKILL')
    await until('another runs', () => pidAt(childPids(), index) !== before)
    await until('it serves', isReady)
    expect(identify(before)).toBeNull()
  })

  test('NFR-002.4 starts a killed PostgreSQL again, while the web server lives on', async () => {
    const before = { postgres: postgresPid(), webServer: pidAt(childPids(), 0) }
    process.kill(before.postgres, 'SIGKILL')
    await until('the database is gone', async () => identify(before.postgres) === null)
    await until('it serves', isReady)
    expect(postgresPid()).not.toBe(before.postgres)
    expect(pidAt(childPids(), 0)).toBe(before.webServer)
  })

  test('NFR-002.4 takes over after it was killed itself: nobody works on unwatched, the database is adopted', async () => {
    const left = { children: childPids(), postgres: postgresPid() }
    process.kill(pidAt([first.process.pid ?? 0], 0), 'SIGKILL')
    await first.ended
    first = start()
    await until('it says where it runs', () => first.output().includes('Fanfare is running at'))
    expect(left.children.map(identify)).toEqual([null, null])
    expect(postgresPid()).toBe(left.postgres)
    expect(await isReady()).toBe(true)
  })

  test('a start that comes while the former run stops waits for it', async () => {
    const former = first
    former.process.kill('SIGTERM')
    first = start()
    await until('it says where it runs', () => first.output().includes('Fanfare is running at'))
    expect(await former.ended).toBe(0)
    expect(first.output()).not.toContain('already running')
  })

  test('stops in order when told to, and leaves nothing behind', async () => {
    const pids = [...childPids(), postgresPid()]
    const askedMs = performance.now()
    first.process.kill('SIGTERM')
    expect(await first.ended).toBe(0)
    expect(performance.now() - askedMs).toBeLessThan(20_000)
    expect(pids.map(identify)).toEqual([null, null, null])
  })

  test('names an occupied port and another to choose', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
    const run = start()
    expect(await run.ended).toBe(78)
    expect(run.output().trim()).toBe(
      `Port ${port} is used by another program. Stop that program, or choose another port: FANFARE_PORT=${port + 1} npm start`,
    )
    await new Promise((resolve) => other.close(resolve))
  })

  test('survives a lock file that a full disk cut off', async () => {
    writeFileSync(join(dataDir, 'fanfare.lock'), '{"holder":')
    const run = start()
    await until('it says where it runs', () => run.output().includes('Fanfare is running at'))
    run.process.kill('SIGINT')
    expect(await run.ended).toBe(0)
  })

  test('lists what is wrong with the configuration, one line each, and nothing else', async () => {
    const run = start({ FANFARE_PORT: 'three thousand', SMTP_URL: 'mail.example.com' })
    expect(await run.ended).toBe(78)
    expect(run.output().trim().split('\n')).toEqual([
      expect.stringContaining('FANFARE_PORT is "three thousand": give a whole number'),
      expect.stringContaining('SMTP_URL is not usable: give a URL'),
    ])
  })

  test('says in one sentence that a database does not answer', async () => {
    const run = start({ DATABASE_URL: `postgres://nobody@127.0.0.1:${await freeLoopbackPort()}/none` })
    expect(await run.ended).toBe(78)
    expect(run.output()).toContain('The database cannot be used')
    expect(run.output()).toContain('Check DATABASE_URL')
  })
})

/** What benches have in common: an installation of their own to measure, processes beside it, CPU time, percentiles. */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { loadConfig } from '../server/src/platform/config/index.ts'
import { type Connection, inTransaction, makePartitions, migrate } from '../server/src/platform/db/index.ts'
import type { Ctx } from '../server/src/platform/context.ts'
import { newId } from '../server/src/platform/ids.ts'
import { createLog, type Log } from '../server/src/platform/log.ts'
import { createPlatform, type Platform } from '../server/src/platform/platform.ts'
import { startPostgres } from '../server/src/platform/postgres/index.ts'
import { smallHeap, smallMalloc } from '../server/src/platform/supervisor/small-memory.ts'
import { insertOrganization } from '../server/src/team/queries/organizations.ts'

/** An installation as `npm start` makes one: a durable embedded PostgreSQL with the schema, and the platform over it. */
export interface Installation {
  platform: Platform
  connection: Connection
  dataDir: string
  masterKey: Buffer
  log: Log
  /** What a process of its own needs to work on the same installation. */
  processSettings: { connection: Connection; masterKey: string; env: Record<string, string> }
  /** CPU time that this process and the whole database have used so far, and that of other processes if named. */
  cpuMicros: (...others: (number | undefined)[]) => Promise<number>
}

/**
 * Makes an installation, works on it, and removes it.
 *
 * @param keptIn  a folder in which it is kept instead, and found again by the next run
 */
export async function withInstallation<T>(
  work: (installation: Installation) => Promise<T>,
  keptIn: string | null = null,
): Promise<T> {
  const dataDir = keptIn ?? (await mkdtemp(join(tmpdir(), 'fanfare-bench-')))
  await mkdir(dataDir, { recursive: true })
  const log = createLog('error')
  const postgres = await startPostgres({ dataDir, log })
  await migrate(postgres.connection, log)
  await makePartitions(postgres.connection, new Date(), log)
  const masterKey = await masterKeyIn(dataDir)
  const env = { FANFARE_DATA_DIR: dataDir, FANFARE_LOG_LEVEL: 'error' }
  const platform = await createPlatform({
    config: loadConfig(env),
    connection: postgres.connection,
    masterKey,
    log,
    role: 'bench',
  })
  try {
    return await work({
      platform,
      connection: postgres.connection,
      dataDir,
      masterKey,
      log,
      processSettings: { connection: postgres.connection, masterKey: masterKey.toString('hex'), env },
      cpuMicros: (...others) => cpuMicros(postgres.pid, others),
    })
  } finally {
    await platform.close()
    await postgres.stop()
    if (keptIn === null) await rm(dataDir, { recursive: true, force: true })
  }
}

async function masterKeyIn(dataDir: string): Promise<Buffer> {
  const file = join(dataDir, 'bench-key')
  const kept = await readFile(file).catch(() => null)
  if (kept !== null) return kept
  const made = randomBytes(32)
  await writeFile(file, made, { mode: 0o600 })
  return made
}

/** An organization in euros and in Paris. */
export async function benchOrganization(platform: Platform): Promise<Ctx> {
  const now = platform.clock.now()
  const ctx = platform.systemCtx(newId<'organization'>(now))
  await inTransaction(ctx, (inner) =>
    insertOrganization(inner.db, {
      id: ctx.orgId,
      slug: ctx.orgId,
      name: 'Bench',
      locale: 'en',
      timeZone: 'Europe/Paris',
      currency: 'EUR',
      postalAddress: '1 rue du Banc, Paris',
      isSample: false,
      now,
    }),
  )
  return ctx
}

/** Works as the owner of the schema: for raw loops, and for making data without any rule of ours in the way. */
export async function asOwner<T>(
  connection: Connection,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ ...connection })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/**
 * Has the database use each page of its shared memory once, as one does that has run for a while. The system clears a page
 * when it is used for the first time, which would be the fault of whoever comes then: 2.6 µs for each row of a campaign.
 */
export const useSharedMemory = ({ connection }: Installation): Promise<unknown> =>
  asOwner(connection, async (client) => {
    await client.query('create unlogged table filling (page text storage plain)')
    await client.query(
      `insert into filling
       select repeat('x', 8000) from generate_series(1, (select setting::int from pg_settings where name = 'shared_buffers'))`,
    )
    await client.query('drop table filling')
  })

/** Starts a script of `server/src/testing` as a process; resolves when it says its first word. */
export async function startProcess(file: string, settings: object): Promise<ChildProcess> {
  const script = fileURLToPath(new URL(`../server/src/testing/${file}`, import.meta.url))
  const role = file === 'api-process.ts' ? 'api' : 'worker'
  const child = spawn(process.execPath, [...smallHeap(role), script, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...smallMalloc(role), ...process.env },
  })
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve())
    child.once('exit', () => reject(new Error(`${file} ended while starting`)))
  })
  return child
}

/** What a piece of work took. Beside other work on the machine, CPU time tells more than the clock. */
export interface Taken {
  seconds: number
  cpuMicros: number
}

/** Measures a piece of work, the database's share included. */
export async function taken(installation: Installation, work: () => Promise<unknown>): Promise<Taken> {
  const [from, cpu] = [performance.now(), await installation.cpuMicros()]
  await work()
  return {
    seconds: (performance.now() - from) / 1_000,
    cpuMicros: (await installation.cpuMicros()) - cpu,
  }
}

/** The value below which so many per cent lie. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** CPU time so far of processes and of the database, in microseconds. */
export async function cpuOf(
  installation: Installation,
  pids: readonly number[],
): Promise<{ node: number; postgres: number }> {
  const own = process.cpuUsage()
  const database = await installation.cpuMicros()
  const all = await installation.cpuMicros(...pids)
  return { node: all - database, postgres: database - own.user - own.system }
}

/** The most memory that a process has held; 0 where the system does not tell. */
export async function peakMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_024
}

/** From /proc; where there is none, ours alone. */
async function cpuMicros(postmasterPid: number, others: readonly (number | undefined)[]): Promise<number> {
  const own = process.cpuUsage()
  let ticks = 0
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const isCounted = [postmasterPid, ...others].includes(Number(name)) || Number(fields[1]) === postmasterPid
    // Fields 14 to 17: own time, and that of children which have ended.
    if (isCounted) ticks += [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field] ?? 0), 0)
  }
  return own.user + own.system + ticks * MICROS_PER_TICK
}
/** Linux counts CPU time in hundredths of a second, whatever the machine. */
const MICROS_PER_TICK = 10_000

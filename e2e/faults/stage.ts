/**
 * What a round of faults plays on: an embedded PostgreSQL behind a wire, web server and workers as processes of their
 * own, providers that keep their own ledgers on disk, and one clock for all of them.
 */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { loadConfig } from '../../server/src/platform/config/index.ts'
import { makePartitions, migrate } from '../../server/src/platform/db/index.ts'
import { createLog } from '../../server/src/platform/log.ts'
import { createPlatform, type Platform } from '../../server/src/platform/platform.ts'
import { keepDatabase, type KeptDatabase } from '../../server/src/platform/supervisor/database.ts'
import { simulate, type LedgerEntry, type Simulator } from '../../server/src/testing/simulators/index.ts'
import { startSmtpSink, type SmtpSink } from '../../server/src/testing/smtp-sink.ts'
import { freeLoopbackPort } from '../../server/src/platform/supervisor/ports.ts'
import { api } from '../fanfare.ts'
import { FaultClock } from './clock.ts'
import { makeOrganization, type Organization } from './organization.ts'
import { cpuOf, type CpuTime } from './pace.ts'
import { startProcess, type Running } from './processes.ts'
import { startWire, type Wire } from './proxy.ts'

/** A message that a provider of the suite took. */
export interface Arrival {
  /** Which provider took it. */
  at: 'smtp' | 'twilio' | 'gateway' | 'sendgrid'
  to: string
  instant: Date
  /** The first words, where the provider's ledger has them. */
  said: string
  id: string
  token: string
  fate: LedgerEntry['fate']
}

/** How a stage is set up. */
export interface StageOptions {
  people: number
  workers: number
  /** Where Fanfare and its database keep everything; beside the ledgers otherwise. */
  dataDir?: string
}

/** Time passes in these steps while work is under way. */
const LOOK_MS = 10
/** However slow the machine: only what never comes is waited for in vain. */
const PATIENCE_MS = 300_000
const LEAP_MS_LONG = 5_000
const EVENTS_WITHIN_MS = 10_000
const SMTP_CONNECTIONS = 8

/** Everything that a round needs. */
export class Stage {
  readonly clock: FaultClock
  readonly smtp: SmtpSink
  readonly simulators: Readonly<Record<'twilio' | 'gateway' | 'sendgrid', Simulator>>
  /** `web` stands before the web server as a balancer would. */
  readonly wires: Readonly<Record<'web' | 'database' | 'smtp' | 'twilio' | 'gateway' | 'sendgrid', Wire>>
  readonly work: string
  readonly platform: Platform
  readonly a: Organization
  readonly b: Organization
  /** Latest mail of each address: for what its reader does with it. */
  readonly mails: Map<string, Buffer>
  readonly #database: KeptDatabase
  readonly #sql: pg.Pool
  readonly #env: Readonly<Record<string, string>>
  readonly #workersWanted: number
  workers: Running[] = []
  web: Running | null = null
  /** Processes that live and do not move: nobody waits for them. */
  readonly stuck = new Set<number>()
  #webPort: number

  private constructor(parts: StageParts) {
    this.clock = parts.clock
    this.smtp = parts.smtp
    this.simulators = parts.simulators
    this.wires = parts.wires
    this.work = parts.work
    this.platform = parts.platform
    this.a = parts.a
    this.b = parts.b
    this.mails = parts.mails
    this.#database = parts.database
    this.#sql = parts.sql
    this.#env = parts.env
    this.#workersWanted = parts.workersWanted
    this.#webPort = parts.webPort
  }

  /** Starts everything. */
  static async open({ people, workers, dataDir: given }: StageOptions): Promise<Stage> {
    const work = await mkdtemp(join(tmpdir(), 'fanfare-faults-'))
    // The database runs as a user of its own where we are root: then its files can lie here.
    await chmod(work, 0o755)
    const dataDir = given ?? join(work, 'data')
    await mkdir(join(work, 'ledgers'), { recursive: true })
    const clock = new FaultClock(join(work, 'clock'))
    const mails = new Map<string, Buffer>()
    const ledger = (name: string): string => join(work, 'ledgers', name)
    const smtp = await startSmtpSink({
      ledgerPath: ledger('smtp'),
      answerDelayMs: 0,
      now: clock.now,
      onMail: ({ to }, mail) => void mails.set(to, Buffer.from(mail)),
    })
    const vendor = (name: 'twilio' | 'gateway' | 'sendgrid'): Promise<Simulator> =>
      simulate(name, {
        ledgerPath: ledger(name),
        now: clock.now,
        ...(name === 'gateway' ? { secrets: { eventKey: 'events:simulated' } } : {}),
      })
    const simulators = {
      twilio: await vendor('twilio'),
      gateway: await vendor('gateway'),
      sendgrid: await vendor('sendgrid'),
    }
    const config = loadConfig({ FANFARE_DATA_DIR: dataDir, FANFARE_LOG_LEVEL: 'silent' })
    const log = createLog('silent')
    const database = await keepDatabase(config, log)
    await migrate({ connectionString: database.url }, log)
    await makePartitions({ connectionString: database.url }, clock.now(), log)
    const socketDir = join(work, 'wire')
    await mkdir(socketDir)
    const real = new URL(database.url).searchParams
    const port = real.get('port') ?? '5432'
    const webPort = await freeLoopbackPort()
    const wires = {
      web: await startWire(0, webPort),
      database: await startWire(
        join(socketDir, `.s.PGSQL.${port}`),
        join(real.get('host') ?? '', `.s.PGSQL.${port}`),
      ),
      smtp: await startWire(0, smtp.port),
      twilio: await startWire(0, simulators.twilio.port),
      gateway: await startWire(0, simulators.gateway.port),
      sendgrid: await startWire(0, simulators.sendgrid.port),
    }
    const masterKey = randomBytes(32)
    const platform = await createPlatform({
      config,
      connection: { connectionString: database.url },
      masterKey,
      log,
      clock,
      role: 'faults',
    })
    const addresses = (name: string): string[] =>
      Array.from({ length: people }, (_, n) => `${name}${String(n).padStart(4, '0')}@people.example`)
    const wired = new URL(database.url)
    wired.searchParams.set('host', socketDir)
    const stage = new Stage({
      clock,
      smtp,
      simulators,
      wires,
      work,
      platform,
      mails,
      database,
      // Looks past the wire: what the suite knows must not suffer from its own faults.
      sql: new pg.Pool({ connectionString: database.url, max: 2 }),
      a: await makeOrganization(platform, 'A', addresses('a'), 12_000_001),
      b: await makeOrganization(platform, 'B', addresses('b'), 13_000_001),
      workersWanted: workers,
      webPort,
      env: {
        FAULTS_CLOCK: clock.path,
        DATABASE_URL: wired.toString(),
        FANFARE_DATA_DIR: dataDir,
        FANFARE_PUBLIC_URL: `http://127.0.0.1:${wires.web.port}`,
        FANFARE_LOG_LEVEL: 'warn',
        FANFARE_KEY: masterKey.toString('base64'),
        FANFARE_EGRESS_ALLOW: [wires.twilio, wires.gateway, wires.sendgrid]
          .map(({ port: at }) => `127.0.0.1:${at}`)
          .join(','),
        SMTP_URL: `smtp://127.0.0.1:${wires.smtp.port}?connections=${SMTP_CONNECTIONS}`,
      },
    })
    stage.#sql.on('error', () => undefined)
    try {
      await Promise.all([stage.ensureWeb(), stage.ensureWorkers()])
      await stage.#addProviders()
      return stage
    } catch (error) {
      await stage.close(true)
      throw error
    }
  }

  async #addProviders(): Promise<void> {
    const { twilio, gateway, sendgrid } = this.simulators
    const add = (organization: Organization, body: unknown): Promise<unknown> =>
      this.call(organization, 'POST', '/api/providers', body)
    const at = (name: 'twilio' | 'gateway' | 'sendgrid'): string =>
      `http://127.0.0.1:${this.wires[name].port}`
    await add(this.a, {
      kind: 'twilio',
      name: 'Twilio',
      settings: { baseUrl: at('twilio'), accountSid: 'AC1', from: '+15005550006' },
      secrets: { authToken: twilio.secrets.apiKey },
    })
    await add(this.b, {
      kind: 'gateway',
      name: 'Gateway',
      settings: { url: `${at('gateway')}/send`, from: 'Faults' },
      secrets: {
        authorization: `Bearer ${gateway.secrets.apiKey}`,
        eventPassword: gateway.secrets.eventKey,
      },
    })
    await add(this.b, {
      kind: 'sendgrid',
      name: 'SendGrid',
      settings: { baseUrl: at('sendgrid') },
      secrets: { apiKey: sendgrid.secrets.apiKey },
    })
    // The suite's clock passes nights and Sundays; hours have rounds of their own.
    for (const organization of [this.a, this.b]) {
      const { hours } = (await this.call(organization, 'GET', '/api/sending/hours')) as {
        hours: { channels: Record<string, { keepsLegalHours: boolean }> }
      }
      for (const channel of Object.values(hours.channels)) channel.keepsLegalHours = false
      await this.call(organization, 'PUT', '/api/sending/hours', {
        ...hours,
        reason: 'Nobody of the suite is a person.',
      })
    }
  }

  /** Calls the API as an organization. @throws with the problem's text when it is refused or not there */
  call(organization: Organization, method: string, path: string, body?: unknown): Promise<unknown> {
    return api({ url: this.url, apiKey: organization.apiKey }, method, path, body)
  }

  get url(): string {
    return `http://127.0.0.1:${this.wires.web.port}`
  }

  /** As many workers as there should be, started where some are missing. */
  async ensureWorkers(): Promise<void> {
    this.workers = this.workers.filter((worker) => worker.isAlive())
    while (this.workers.length < this.#workersWanted) this.addWorker()
    await Promise.all(this.workers.map((worker) => worker.ready))
  }

  /** One worker more. */
  addWorker(): Running {
    const worker = startProcess('worker', this.#env, join(this.work, 'worker.log'))
    this.workers.push(worker)
    return worker
  }

  async ensureWeb(): Promise<void> {
    if (!this.web?.isAlive()) this.web = this.#startWeb()
    await this.web.ready
  }

  /** Brings another web server up beside the present one, and leads callers there. @returns the former */
  async replaceWeb(): Promise<Running | null> {
    const former = this.web
    this.#webPort = await freeLoopbackPort()
    const next = this.#startWeb()
    await next.ready
    this.wires.web.lead(this.#webPort)
    this.web = next
    return former
  }

  #startWeb(): Running {
    const env = { ...this.#env, FANFARE_PORT: String(this.#webPort) }
    return startProcess('api', env, join(this.work, 'api.log'))
  }

  /** The workers that hand messages over at present. */
  async holders(): Promise<Running[]> {
    const rows = await this.sql<{ owner: string }>(
      `select distinct lease_owner as owner from work
      where state = 'leased'
        and kind in ('delivery.deliver_chunk', 'delivery.send_messages', 'campaigns.hand_over_triggered')`,
    )
    const pids = new Set(rows.map(({ owner }) => pidOf(owner)))
    return this.workers.filter((worker) => worker.isAlive() && pids.has(worker.pid))
  }

  /** Asks the database past the wire: to aim a fault and to let time pass, never to judge. */
  async sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.#sql.query<Row>(text, values)).rows
  }

  /** Everything that the providers took, as their ledgers on disk say. */
  async arrivals(): Promise<Arrival[]> {
    const smtp = await linesOf(join(this.work, 'ledgers', 'smtp'))
    const mails = smtp.map((line): Arrival => {
      const [id = '', to = '', , , , instant = ''] = line.split('\t')
      return { at: 'smtp', to, instant: new Date(instant), said: '', id, token: '', fate: null }
    })
    const others = await Promise.all(
      (['twilio', 'gateway', 'sendgrid'] as const).map(async (at) =>
        (await linesOf(join(this.work, 'ledgers', at))).map((line): Arrival => {
          const entry = JSON.parse(line) as LedgerEntry // its own ledger wrote it
          return { ...entry, at, said: entry.excerpt, instant: new Date(entry.at) }
        }),
      ),
    )
    return [...mails, ...others.flat()]
  }

  /** How many messages were taken, without reading the ledgers. */
  taken(): number {
    const vendors = Object.values(this.simulators).reduce((sum, vendor) => sum + vendor.taken().length, 0)
    return this.smtp.accepted() + vendors
  }

  /** Lets time pass until something is so: leaps over spans in which nobody works. */
  async until(
    isTrue: () => Promise<boolean> | boolean,
    what: string,
    patienceMs = PATIENCE_MS,
  ): Promise<void> {
    const deadline = performance.now() + patienceMs
    while (!(await isTrue())) {
      if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`)
      await this.passTime()
    }
  }

  /** Waits a moment while somebody works; leaps to the next due instant when nobody does. */
  async passTime(): Promise<void> {
    const jobs = await this.sql<{ state: string; owner: string | null; at: Date }>(
      `select state, lease_owner as owner, case state when 'leased' then lease_until else due_at end as at from work
      where state in ('ready', 'leased') and (kind like 'delivery.%' or kind = 'campaigns.hand_over_triggered')`,
    ).catch(() => null)
    const now = this.clock.now()
    const isBusy =
      jobs === null ||
      jobs.some(({ state, owner, at }) => (state === 'leased' ? this.#works(owner) : at <= now))
    const next = Math.min(...(jobs ?? []).map(({ at }) => at.getTime()))
    if (isBusy || !Number.isFinite(next)) return wait(LOOK_MS * 3)
    if (next > now.getTime()) {
      // What a provider has told is taken in first: its caller does not sleep while our clock leaps.
      if (next > now.getTime() + LEAP_MS_LONG) await this.#eventsTaken()
      this.clock.leapTo(new Date(next + 5))
    }
    // Workers look for what is due four times a second.
    await wait(LOOK_MS * 3)
  }

  #eventsTaken(): Promise<unknown> {
    const settled = Promise.all(Object.values(this.simulators).map((simulator) => simulator.settled()))
    return Promise.race([settled, wait(EVENTS_WITHIN_MS)])
  }

  #works(owner: string | null): boolean {
    const pid = pidOf(owner)
    return !this.stuck.has(pid) && this.workers.some((worker) => worker.pid === pid && worker.isAlive())
  }

  /** Kills the whole server of the database, whose pid its own file tells. */
  async killDatabase(): Promise<void> {
    const [row] = await this.sql<{ path: string }>(`select current_setting('data_directory') as path`)
    const pid = Number((await readFile(join(row?.path ?? '', 'postmaster.pid'), 'utf8')).split('\n')[0])
    process.kill(-pid, 'SIGKILL')
  }

  /** Everything as it was: nobody stuck, no faults, all processes there. */
  async calm(): Promise<void> {
    for (const wire of Object.values(this.wires)) wire.calm()
    for (const simulator of Object.values(this.simulators)) simulator.setFaults({})
    this.smtp.setAnswerDelayMs(0)
    for (const worker of this.workers) if (this.stuck.delete(worker.pid)) worker.signal('SIGCONT')
    this.stuck.clear()
    await Promise.all([this.ensureWeb(), this.ensureWorkers()])
  }

  /** What the processor gave to ours so far, and kept from them. */
  cpu(): Promise<CpuTime[]> {
    const pids = [process.pid, ...this.workers.map(({ pid }) => pid), ...(this.web ? [this.web.pid] : [])]
    return Promise.all(pids.map(cpuOf))
  }

  /** Forgets how much memory processes took at most, so that a round measures its own. */
  async forgetPeaks(): Promise<void> {
    for (const { pid } of [...this.workers, ...(this.web ? [this.web] : [])])
      await writeFile(`/proc/${pid}/clear_refs`, '5').catch(() => undefined)
  }

  /** The most memory that a process of ours took since, in MB. */
  async peakMb(): Promise<number> {
    const living = [...this.workers, ...(this.web ? [this.web] : [])].filter((one) => one.isAlive())
    const peaks = await Promise.all(
      living.map(async ({ pid }) => {
        const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
        return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024
      }),
    )
    return Math.round(Math.max(0, ...peaks))
  }

  async close(keep: boolean): Promise<void> {
    for (const wire of Object.values(this.wires)) wire.calm()
    for (const running of [...this.workers, ...(this.web ? [this.web] : [])]) running.signal('SIGKILL')
    await this.platform.close()
    await this.#sql.end()
    for (const wire of Object.values(this.wires)) await wire.close()
    for (const simulator of Object.values(this.simulators)) await simulator.close()
    await this.smtp.close()
    await this.#database.stop()
    if (!keep) await rm(this.work, { recursive: true, force: true })
  }
}

interface StageParts {
  clock: FaultClock
  smtp: SmtpSink
  simulators: Stage['simulators']
  wires: Stage['wires']
  work: string
  platform: Platform
  mails: Map<string, Buffer>
  database: KeptDatabase
  sql: pg.Pool
  a: Organization
  b: Organization
  workersWanted: number
  webPort: number
  env: Readonly<Record<string, string>>
}

/** Leases name their owner `host:pid:id`, and behind it the claim. */
const pidOf = (owner: string | null): number =>
  owner?.startsWith(`${hostname()}:`) ? Number(owner.split(':').at(-2)) : 0

/** A real moment: other processes need it. */
export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function linesOf(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '')
}

/**
 * The test harness: a fresh database per file, cloned from the migrated template; a clock and dice that tests set;
 * every room's routes, jobs and consumers, run when a test says so. Nothing of ours is faked.
 */
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, inject } from 'vitest'
import { authenticate, sessionPlugin } from '../team/index.ts'
import { rooms as allRooms } from '../app.ts'
import type { Clock } from '../platform/clock.ts'
import { loadConfig } from '../platform/config/index.ts'
import type { Connection } from '../platform/db/index.ts'
import type { EgressOptions } from '../platform/egress/index.ts'
import { advanceConsumer, laggingOrganizations } from '../platform/events/index.ts'
import { createServer } from '../platform/http/index.ts'
import { announceSchedules, runDueJobs, runSchedules } from '../platform/jobs/index.ts'
import { createLog } from '../platform/log.ts'
import { createPlatform, type Platform } from '../platform/platform.ts'
import { onDatabase } from './harness-database.ts'
import { testOrganization, type TestOrganization, type TestOrganizationOptions } from './organization.ts'

/** Where simulated time begins: a Friday morning, in the product's first autumn. */
export const START = '2026-11-20T09:00:00.000Z'

/** A clock that stands still until a test moves it. */
export interface TestClock extends Clock {
  set(instant: string | Date): void
  advance(ms: number): void
}

export interface Harness {
  readonly platform: Platform
  readonly server: FastifyInstance
  readonly clock: TestClock
  readonly dataDir: string
  /** The connection of the schema's owner, for assertions that must see everything. */
  readonly connection: Connection
  /** A new organization with an owner, an editor, a viewer and an API key. */
  organization(options?: TestOrganizationOptions): Promise<TestOrganization>
  /** Calls the API without any proof of who calls. */
  request(options: InjectOptions): Promise<LightMyRequestResponse>
  /** Runs due schedules, jobs and consumers until nothing is due at the present simulated instant. */
  drain(): Promise<void>
  close(): Promise<void>
}

export interface HarnessOptions {
  egress?: EgressOptions
  /** Overrides of the configuration's environment. */
  env?: Record<string, string>
}

/** The longest chain of work one instant may set off, against loops without end. */
const ROUNDS_MAX = 2_000

/** Makes a harness for the present test file; it is closed when the file ends. */
export async function harness(options: HarnessOptions = {}): Promise<Harness> {
  const connection = await cloneDatabase(inject('postgres'))
  const dataDir = await mkdtemp(join(tmpdir(), 'fanfare-test-'))
  const clock = testClock(START)
  const config = loadConfig({
    FANFARE_DATA_DIR: dataDir,
    FANFARE_LOG_LEVEL: process.env['FANFARE_TEST_LOG'] ?? 'silent',
    FANFARE_PUBLIC_URL: 'http://localhost:3000',
    ...options.env,
  })
  const log = createLog(config.logLevel)
  const platform = await createPlatform({
    config,
    connection,
    log,
    clock,
    masterKey: randomBytes(32),
    role: 'test',
    dice: seededDice(1),
    checksStatements: true,
    ...(options.egress === undefined ? {} : { egress: options.egress }),
  })
  const server = await createServer({
    platform,
    rooms: allRooms,
    authenticate: authenticate(platform),
    webRoot: null,
    plugins: [sessionPlugin(platform)],
  })
  await server.ready()
  const jobs = new Map(allRooms.flatMap((room) => room.jobs).map((job) => [job.kind as string, job]))
  const consumers = allRooms.flatMap((room) => room.consumers)
  const schedules = allRooms.flatMap((room) => room.schedules)
  await announceSchedules(platform, schedules)

  const readLog = async (): Promise<boolean> => {
    const lagging = await laggingOrganizations(platform.database, consumers)
    for (const { orgId, consumer: name } of lagging) {
      const consumer = consumers.find((candidate) => candidate.name === name)
      if (consumer) while (await advanceConsumer(platform.systemCtx(orgId), consumer));
    }
    return lagging.length > 0
  }
  const result: Harness = {
    platform,
    server,
    clock,
    dataDir,
    connection,
    organization: (more) => testOrganization(platform, server, more),
    request: (request) => server.inject(request),
    drain: async () => {
      await runSchedules(platform, schedules, 'drain')
      for (let round = 0; round < ROUNDS_MAX; round++) {
        const ran = await runDueJobs(platform, jobs)
        const read = await readLog()
        if (ran === 0 && !read) return
      }
      throw new Error(`work did not come to rest within ${ROUNDS_MAX} rounds`)
    },
    close: async () => {
      await server.close()
      await platform.close()
      await dropDatabase(inject('postgres'), connection)
      await rm(dataDir, { recursive: true, force: true })
    },
  }
  afterAll(() => result.close())
  return result
}

/** The same dice for the same seed (mulberry32). */
export function seededDice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A clock for tests. */
export function testClock(start: string): TestClock {
  let present = new Date(start)
  return {
    now: () => new Date(present),
    set: (instant) => {
      present = new Date(instant)
    },
    advance: (ms) => {
      present = new Date(present.getTime() + ms)
    },
  }
}

/** A database of one's own, cloned from the migrated template in some 50 ms. */
async function cloneDatabase(server: ServerUnderTest): Promise<Connection> {
  const name = `test_${randomUUID().replaceAll('-', '').slice(0, 16)}`
  await onServer(server.connection, (client) =>
    client.query(`create database ${name} template ${server.template}`),
  )
  return onDatabase(server.connection, name)
}

async function dropDatabase(server: ServerUnderTest, connection: Connection): Promise<void> {
  const name = connection.database ?? new URL(connection.connectionString ?? '').pathname.slice(1)
  await onServer(server.connection, (client) => client.query(`drop database if exists ${name} with (force)`))
}

async function onServer(
  connection: Connection,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ ...connection })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

/** What the global set-up made: the server and the template to clone. */
export interface ServerUnderTest {
  connection: Connection
  template: string
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: ServerUnderTest
  }
}

/** A process for tests: a fresh database cloned from the migrated template, a clock that stands still, seeded dice. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, inject } from 'vitest'
import type { Clock } from '../platform/clock.ts'
import { loadConfig } from '../platform/config/index.ts'
import type { Connection } from '../platform/db/index.ts'
import type { EgressOptions } from '../platform/egress/index.ts'
import { createLog, type Log } from '../platform/log.ts'
import { createPlatform, type Platform } from '../platform/platform.ts'
import { cloneDatabase, dropDatabase } from './databases.ts'
import { seededDice } from './dice.ts'

/** Where simulated time begins: a Friday morning, in the product's first autumn. */
export const START = '2026-11-20T09:00:00.000Z'

/** A clock that stands still until a test moves it. */
export interface TestClock extends Clock {
  set(instant: string | Date): void
  advance(ms: number): void
}

export interface TestPlatform {
  readonly platform: Platform
  readonly clock: TestClock
  readonly dataDir: string
  /** The connection of the schema's owner, for assertions that must see everything. */
  readonly connection: Connection
}

export interface TestPlatformOptions {
  egress?: EgressOptions
  /** Overrides of the configuration's environment. */
  env?: Record<string, string>
  /** Gathers every line of the log, at its most talkative. */
  logLines?: string[]
}

/** Makes a platform for the present test file; it is closed when the file ends. */
export async function testPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const server = inject('postgres')
  const connection = await cloneDatabase(server)
  const dataDir = await mkdtemp(join(tmpdir(), 'fanfare-test-'))
  const clock = testClock(START)
  const config = loadConfig({
    FANFARE_DATA_DIR: dataDir,
    FANFARE_LOG_LEVEL: process.env['FANFARE_TEST_LOG'] ?? 'silent',
    FANFARE_PUBLIC_URL: 'http://localhost:3000',
    ...options.env,
  })
  const platform = await createPlatform({
    config,
    connection,
    clock,
    log: options.logLines ? gatheringLog(options.logLines) : createLog(config.logLevel),
    masterKey: randomBytes(32),
    role: 'test',
    dice: seededDice(1),
    checksStatements: true,
    ...(options.egress === undefined ? {} : { egress: options.egress }),
  })
  afterAll(async () => {
    await platform.close()
    await dropDatabase(server, connection)
    await rm(dataDir, { recursive: true, force: true })
  })
  return { platform, clock, dataDir, connection }
}

const gatheringLog = (lines: string[]): Log =>
  createLog('debug', {}, { write: (line: string) => void lines.push(line) })

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

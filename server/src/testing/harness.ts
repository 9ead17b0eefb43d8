/**
 * The test harness of the whole product: every room's routes, jobs and consumers on a test platform, run when a test
 * says so. Nothing of ours is faked.
 */
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { afterAll } from 'vitest'
import { rooms } from '../app.ts'
import { advanceConsumer, readersBehind } from '../platform/events/index.ts'
import { createServer } from '../platform/http/index.ts'
import { announceSchedules, runDueJobs, runSchedules } from '../platform/jobs/index.ts'
import { authenticate, sessionPlugin } from '../team/index.ts'
import { testOrganization, type TestOrganization, type TestOrganizationOptions } from './organization.ts'
import { testPlatform, type TestPlatform, type TestPlatformOptions } from './test-platform.ts'
export { seededDice } from './dice.ts'
export { START, testClock, type TestClock } from './test-platform.ts'

export interface Harness extends TestPlatform {
  readonly server: FastifyInstance
  /** A new organization with an owner, an editor, a viewer and an API key. */
  organization(options?: TestOrganizationOptions): Promise<TestOrganization>
  /** Calls the API without any proof of who calls. */
  request(options: InjectOptions): Promise<LightMyRequestResponse>
  /** Runs due schedules, jobs and consumers until nothing is due at the present simulated instant. */
  drain(): Promise<void>
}

/** The longest chain of work one instant may set off, against loops without end. */
const ROUNDS_MAX = 2_000

/** Makes a harness for the present test file; it is closed when the file ends. */
export async function harness(options: TestPlatformOptions = {}): Promise<Harness> {
  const base = await testPlatform(options)
  const { platform } = base
  const server = await createServer({
    platform,
    rooms,
    authenticate: authenticate(platform),
    webRoot: null,
    plugins: [sessionPlugin(platform)],
  })
  await server.ready()
  const jobs = new Map(rooms.flatMap((room) => room.jobs).map((job) => [job.kind as string, job]))
  const consumers = rooms.flatMap((room) => room.consumers)
  const schedules = rooms.flatMap((room) => room.schedules)
  await announceSchedules(platform, schedules)

  const readLog = async (): Promise<boolean> => {
    const behind = await readersBehind(platform, consumers)
    for (const { orgId, consumer } of behind)
      while (await advanceConsumer(platform.systemCtx(orgId), consumer));
    return behind.length > 0
  }
  afterAll(() => server.close())
  return {
    ...base,
    server,
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
  }
}

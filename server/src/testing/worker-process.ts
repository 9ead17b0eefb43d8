/**
 * A worker as a process of its own, for tests that kill it: `node worker-process.ts '{"connection":…}'`. Its clock runs
 * ahead by `aheadMs`, so that leases which a killed worker held have run out without anybody waiting for it.
 */
import { z } from 'zod'
import { rooms } from '../app.ts'
import { loadConfig } from '../platform/config/index.ts'
import { createWorker } from '../platform/jobs/index.ts'
import { createLog } from '../platform/log.ts'
import { createPlatform } from '../platform/platform.ts'

const settings = z
  .object({
    connection: z.record(z.string(), z.union([z.string(), z.number()])),
    masterKey: z.string(),
    env: z.record(z.string(), z.string()),
    aheadMs: z.number(),
    slots: z.number().int(),
    /** Does jobs and nothing else: a bench measures one without what others make of its events. */
    jobsOnly: z.boolean().default(false),
  })
  .parse(JSON.parse(process.argv[2] ?? '{}'))

const config = loadConfig(settings.env)
const platform = await createPlatform({
  config,
  connection: settings.connection,
  masterKey: Buffer.from(settings.masterKey, 'hex'),
  log: createLog(config.logLevel),
  clock: { now: () => new Date(Date.now() + settings.aheadMs) },
  role: 'worker',
})
await createWorker(platform, {
  jobs: rooms.flatMap((room) => room.jobs),
  consumers: settings.jobsOnly ? [] : rooms.flatMap((room) => room.consumers),
  schedules: settings.jobsOnly ? [] : rooms.flatMap((room) => room.schedules),
  slots: settings.slots,
})
process.stdout.write('working\n')

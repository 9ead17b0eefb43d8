/** The worker process: jobs, readers of the event log, schedules. */
import { rooms } from './app.ts'
import { startMailbox } from './delivery/index.ts'
import { chores } from './platform/chores.ts'
import { serveHealth } from './platform/http/index.ts'
import { createWorker } from './platform/jobs/index.ts'
import { createPlatform } from './platform/platform.ts'
import { loadMasterKey } from './platform/secrets/master-key.ts'
import { runRole } from './platform/supervisor/role.ts'

await runRole('worker', async ({ config, connection, log }) => {
  const masterKey = await loadMasterKey(config)
  const platform = await createPlatform({ config, connection, log, masterKey, role: 'worker' })
  // Before the jobs that need it. Null when another worker on this machine holds it already.
  const mailbox =
    config.mailStaysHere && config.mailboxPort !== null
      ? await startMailbox(platform, config.mailboxPort)
      : null
  const health = await serveHealth(platform)
  const worker = await createWorker(platform, {
    jobs: rooms.flatMap((room) => room.jobs),
    consumers: rooms.flatMap((room) => room.consumers),
    schedules: [...chores, ...rooms.flatMap((room) => room.schedules)],
    slots: config.workerSlots,
  })
  return {
    stop: async (graceMs) => {
      const isDone = await worker.drain(graceMs)
      if (!isDone)
        log.warn({ graceMs }, 'some work did not end in time; its lease runs out and it is taken up again')
      await mailbox?.close()
      await health?.close()
      await platform.close()
    },
  }
})

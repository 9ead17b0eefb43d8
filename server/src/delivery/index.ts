/** The door of delivery: runs, the settings that mail is sent with, and the built-in mailbox. */
import { anyJob } from '../platform/jobs/index.ts'
import { room, type Room } from '../platform/room.ts'
import { deliverChunkJob } from './handover/deliver-chunk.ts'
import { resolveRunJob } from './resolve/resolve-run.ts'

export { cancelRun, pauseRun, resumeRun } from './runs/control-run.ts'
export { estimateRun, startRun, type RunEstimate, type StartRun } from './runs/start-run.ts'
export { latestRun, runProgress, type RunProgress } from './runs/run-progress.ts'
export { runCompleted, runFailed } from './events.ts'

/** The room, as the server assembles it. */
export const delivery: Room = room('delivery', {
  jobs: [anyJob(resolveRunJob), anyJob(deliverChunkJob)],
})

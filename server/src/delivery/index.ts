/** The door of delivery: runs, the settings that mail is sent with, and the built-in mailbox. */
import { anyJob } from '../platform/jobs/index.ts'
import { room, type EraseStep, type Room } from '../platform/room.ts'
import { deliverChunkJob } from './handover/deliver-chunk.ts'
import { forgetMails } from './mailbox/queries.ts'
import { resolveRunJob } from './resolve/resolve-run.ts'
import { routes } from './routes.ts'
import { askAgain, pruneMailboxes } from './schedules.ts'

export { cancelRun, pauseRun, resumeRun } from './runs/control-run.ts'
export { estimateRun, startRun, type RunEstimate, type StartRun } from './runs/start-run.ts'
export { latestRun, runProgress, type RunProgress } from './runs/run-progress.ts'
export { runCompleted, runFailed } from './events.ts'
export { startMailbox, type Mailbox } from './mailbox/server.ts'

/** Frozen ids are numbers that name nobody once the contact is gone: the last look finds no row and skips them. */
const namesNobodyAnyMore: EraseStep = () => Promise.resolve()

/** The room, as the server assembles it. */
export const delivery: Room = room('delivery', {
  routes,
  jobs: [anyJob(resolveRunJob), anyJob(deliverChunkJob)],
  schedules: [askAgain, pruneMailboxes],
  erase: {
    chunk: namesNobodyAnyMore,
    armed_batch: namesNobodyAnyMore,
    mailbox_message: async (ctx, contactId) => void (await forgetMails(ctx, contactId)),
  },
})

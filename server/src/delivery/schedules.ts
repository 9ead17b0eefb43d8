/** What delivery does by itself, now and then. */
import { defineSchedule, enqueue, enqueueMany } from '../platform/jobs/index.ts'
import { forgetOldEvents } from './intake/events/queries.ts'
import { pruneMailbox } from './mailbox/service.ts'
import { forgetData, nextDue, removeEnded } from './messages/queries.ts'
import { judgeWarmups } from './breakers/judge-warmups.ts'
import { watchRuns } from './breakers/watch-runs.ts'
import { pruneClaims } from './caps/cap-queries.ts'
import { pruneThrottles } from './limits/limit-queries.ts'
import { pruneRefusals } from './refusals/refusal-queries.ts'
import { tendDomains } from './sending/domains.ts'
import { openWork } from './runs/queries.ts'
import { chunkJob, deliverChunk, sendMessages } from './work.ts'

/**
 * Asks again for jobs of open chunks. A job exists for each anyhow; this catches a run that was resumed in the very
 * moment in which its chunk's job ended. Keys make the repetition harmless.
 */
export const askAgain = defineSchedule({
  name: 'delivery.ask_again',
  everyMs: 15_000,
  perOrganization: true,
  handle: async (ctx) => {
    const open = await openWork(ctx)
    await enqueueMany(
      ctx,
      deliverChunk,
      open.map((chunk) => chunkJob(chunk.runId, chunk)),
    )
  },
})

/** Looks at what sending domains publish: new keys sign once they are seen, old ones end. */
export const watchDomains = defineSchedule({
  name: 'delivery.watch_domains',
  everyMs: 3_600_000,
  perOrganization: true,
  handle: (ctx) => tendDomains(ctx),
})

/** Stops runs whose addresses do not exist, or whose readers complain, soon enough to matter. */
export const watchRates = defineSchedule({
  name: 'delivery.watch_runs',
  everyMs: 10_000,
  perOrganization: true,
  handle: watchRuns,
})

/** Holds warm-ups whose day went badly. */
export const holdWarmups = defineSchedule({
  name: 'delivery.judge_warmups',
  everyMs: 3_600_000,
  perOrganization: true,
  handle: judgeWarmups,
})

/** Data that came with a message is forgotten when it has served; the queue forgets what ended. */
const DATA_KEPT_MS = 72 * 3_600_000
const MESSAGES_KEPT_MS = 35 * 24 * 3_600_000
const PURGE_ROWS = 5_000

/** Asks again for messages that wait, should their job be gone, and forgets what has served. */
export const tendMessages = defineSchedule({
  name: 'delivery.tend_messages',
  everyMs: 15_000,
  perOrganization: true,
  handle: async (ctx) => {
    const dueAt = await nextDue(ctx, null)
    if (dueAt) await enqueue(ctx, sendMessages, {}, { key: 'due', dueAt })
  },
})

/** Forgets what came with messages after three days, and messages that ended after 35. */
export const forgetEndedMessages = defineSchedule({
  name: 'delivery.forget_messages',
  everyMs: 10 * 60_000,
  perOrganization: true,
  handle: async (ctx) => {
    const now = ctx.now().getTime()
    await forgetData(ctx, new Date(now - DATA_KEPT_MS), PURGE_ROWS)
    await removeEnded(ctx, new Date(now - MESSAGES_KEPT_MS), PURGE_ROWS)
  },
})

const HOUR_MS = 3_600_000

/** Forgets what was taken of limits that nobody uses any more, and places that nobody claims. */
export const pruneLimits = defineSchedule({
  name: 'delivery.prune_throttles',
  everyMs: 24 * HOUR_MS,
  perOrganization: true,
  handle: async (ctx) => {
    const before = new Date(ctx.now().getTime() - HOUR_MS)
    await pruneThrottles(ctx, before)
    await pruneClaims(ctx, before)
  },
})

/** What a provider said answers questions for a season; the ledger keeps the reason for as long as itself. */
const REFUSALS_KEPT_MS = 180 * 24 * HOUR_MS

/** Forgets what providers said half a year ago. */
export const pruneOldRefusals = defineSchedule({
  name: 'delivery.prune_refusals',
  everyMs: HOUR_MS,
  perOrganization: true,
  handle: async (ctx) =>
    void (await pruneRefusals(ctx, new Date(ctx.now().getTime() - REFUSALS_KEPT_MS), PURGE_ROWS)),
})

/** Keeps the built-in mailbox within its bounds. */
export const pruneMailboxes = defineSchedule({
  name: 'delivery.prune_mailbox',
  everyMs: 60_000,
  perOrganization: true,
  handle: pruneMailbox,
})

/** No provider repeats an event for longer than this. */
const EVENTS_KEPT_MS = 14 * 86_400_000

/** Forgets which events were acted on, once none of them can come again. */
export const pruneVendorEvents = defineSchedule({
  name: 'delivery.prune_vendor_events',
  everyMs: 3_600_000,
  perOrganization: true,
  handle: async (ctx) => void (await forgetOldEvents(ctx, new Date(ctx.now().getTime() - EVENTS_KEPT_MS))),
})

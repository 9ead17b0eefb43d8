/** Events that overtook their message, applied once the ledger has it. */
import { inTransaction } from '../../../platform/db/index.ts'
import { defineJob, type JobOutcome } from '../../../platform/jobs/index.ts'
import { applyEarlyEvents } from '../../work.ts'
import { applyEvents } from './apply.ts'
import { forgetEarly, oldestEarly, takeEarly } from './queries.ts'

/** A worker that died is followed by another within its lease; whatever is not there after a day never comes. */
const KEPT_MS = 24 * 3_600_000
const LOOK_FIRST_MS = 1_000
const LOOK_MAX_MS = 5 * 60_000
const EVENTS_PER_LOOK = 1_000

/** Applies what waited for its message. */
export const applyEarlyEventsJob = defineJob({
  ...applyEarlyEvents,
  handle: async (ctx, _payload, lease): Promise<JobOutcome> => {
    const taken = await inTransaction(ctx, async (ctx) => {
      await lease.fence(ctx)
      await forgetEarly(ctx, new Date(ctx.now().getTime() - KEPT_MS))
      const ready = await takeEarly(ctx, EVENTS_PER_LOOK)
      for (const group of Map.groupBy(ready, ({ origin }) => origin.id).values()) {
        const [first] = group
        if (first)
          await applyEvents(
            ctx,
            first.origin,
            group.map(({ event }) => ({ ...event, at: new Date(event.at) })),
          )
      }
      return ready.length
    })
    const oldest = await oldestEarly(ctx)
    if (oldest === null) return
    if (taken === EVENTS_PER_LOOK) return { again: ctx.now() }
    // The longer it waits, the less often it is looked for.
    const ageMs = ctx.now().getTime() - oldest.getTime()
    return {
      again: new Date(ctx.now().getTime() + Math.min(LOOK_MAX_MS, Math.max(LOOK_FIRST_MS, ageMs / 4))),
    }
  },
})

/** Background work of this room: sizes stay fresh without anybody looking. */
import { z } from 'zod'
import { defineJob, defineSchedule, enqueue } from '../platform/jobs/index.ts'
import { selectStale } from './queries/segments.ts'
import { freshenInBackground } from './service/size.ts'

/** How often sizes are counted when nobody looks. Sources: DS-batch-processing.2, TK-18.4 */
const REFRESH_EVERY_MS = 24 * 3_600_000
/** What screens listen to, so that lists show fresh sizes. */
const SIZES_TOPIC = 'segments.sizes'
/** Segments that one job counts: all that an organization can have. */
const SEGMENTS_MAX = 2_000

/** Counts the organization's segments again, those counted longest ago first; a stopped job goes on where it was. */
export const refreshSizes = defineJob({
  kind: 'segments.refresh_sizes',
  lane: 'background',
  payload: z.object({ countedBefore: z.iso.datetime() }),
  attemptsMax: 3,
  handle: async (ctx, { countedBefore }, lease) => {
    const stale = await selectStale(ctx, new Date(countedBefore), SEGMENTS_MAX)
    let counted = 0
    for (const id of stale) {
      if (lease.stopping) return { again: ctx.now() }
      if (await freshenInBackground(ctx, id)) counted++
    }
    // Only news is published: a list that asks again on no news would go round in a circle.
    if (counted > 0) ctx.platform.hub.publish(ctx.orgId, SIZES_TOPIC, {})
    return undefined
  },
})

/** Asks each organization's segments to be counted again once a day. */
export const refreshDaily = defineSchedule({
  name: 'segments.refresh_daily',
  everyMs: REFRESH_EVERY_MS,
  perOrganization: true,
  handle: (ctx) => enqueue(ctx, refreshSizes, { countedBefore: ctx.now().toISOString() }, { key: 'daily' }),
})

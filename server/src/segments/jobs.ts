/** Background work of this room: sizes and memberships stay fresh without anybody looking. */
import type { SegmentId } from '../platform/ids.ts'
import { inTransaction } from '../platform/db/index.ts'
import { defineJob, defineSchedule, enqueue } from '../platform/jobs/index.ts'
import { selectStale } from './queries/segments.ts'
import { forgetMembers } from './queries/walks.ts'
import { scheduleWake, wakeDue } from './service/membership.ts'
import { forgetOldDays, takeSnapshot } from './service/performance.ts'
import { freshenInBackground } from './service/size.ts'
import { checkAll, followAll } from './service/follow.ts'
import { inTurn } from './service/turn.ts'
import { walkOn } from './service/walks.ts'
import * as work from './work.ts'

/** How often sizes are counted and memberships checked when nobody looks. Sources: DS-batch-processing.2, TK-18.4 */
const REFRESH_EVERY_MS = 24 * 3_600_000
/** What screens listen to, so that lists show fresh sizes. */
const SIZES_TOPIC = 'segments.sizes'
/** Segments that one job counts: all that an organization can have. */
const SEGMENTS_MAX = 2_000
/** Members forgotten in one transaction. */
const FORGET_STEP = 20_000

/** Counts the organization's segments again, those counted longest ago first; a stopped job goes on where it was. */
export const refreshSizesJob = defineJob({
  ...work.refreshSizes,
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

/** Writes down the day's figures, segment by segment, and forgets days long gone. */
export const takeSnapshotsJob = defineJob({
  ...work.takeSnapshots,
  handle: async (ctx, _, lease) => {
    await forgetOldDays(ctx)
    for (const id of await selectStale(ctx, new Date(ctx.now().getTime() + 1), SEGMENTS_MAX)) {
      if (lease.stopping) return { again: ctx.now() }
      await takeSnapshot(ctx, id)
    }
    return undefined
  },
})

/** Looks at the people whose time has come, and asks to be called for the next. */
export const wakePeopleJob = defineJob({
  ...work.wakePeople,
  handle: async (ctx, _, lease) => {
    for (;;) {
      if (lease.stopping) return { again: ctx.now() }
      const isMore = await inTurn(ctx, lease, async (inner) => {
        const more = await wakeDue(inner)
        if (!more) await scheduleWake(inner)
        return more
      })
      if (!isMore) return undefined
    }
  },
})

/** Walks over all contacts for one segment. */
export const walkSegmentJob = defineJob({
  ...work.walkSegment,
  // The payload holds what this room has put there.
  handle: (ctx, { segmentId }, lease) => walkOn(ctx, segmentId as SegmentId, lease),
})

/** Forgets the membership of a segment that is no longer followed. */
export const forgetSegmentJob = defineJob({
  ...work.forgetSegment,
  handle: async (ctx, { segmentId }, lease) => {
    while (!lease.stopping)
      if ((await forgetMembers(ctx, segmentId as SegmentId, FORGET_STEP)) === 0) return undefined
    return { again: ctx.now() }
  },
})

/** Asks each organization's segments to be counted again and their memberships to be checked once a day. */
export const refreshDaily = defineSchedule({
  name: 'segments.refresh_daily',
  everyMs: REFRESH_EVERY_MS,
  perOrganization: true,
  handle: (ctx) =>
    inTransaction(ctx, async (inner) => {
      await enqueue(inner, work.refreshSizes, { countedBefore: inner.now().toISOString() }, { key: 'daily' })
      await enqueue(inner, work.takeSnapshots, {}, { key: 'daily' })
      await followAll(inner)
      await checkAll(inner)
    }),
})

/** What moves without anybody doing anything: points fade, years pass, fifths shift. Refreshed by the day, never drifting. */
import { z } from 'zod'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { defineJob, defineSchedule, defineWork, enqueue } from '../../platform/jobs/index.ts'
import { openFrame } from './frame.ts'
import { isPresent, takeOver } from './present.ts'
import { announceChanged } from './refigure.ts'
import {
  drawBorders,
  refreshSlice,
  selectRefreshState,
  selectSliceEnd,
  updateFiguredOn,
  type RefreshState,
} from './refresh-queries.ts'

/** How often it is asked whether a new day or enough change calls for a refresh. */
const ASK_EVERY_MS = 60_000
/** Contacts refreshed in one transaction. */
const SLICE = 10_000
/** Borders are drawn anew when so many buyers' money has changed, as a share of all: one in twenty. */
const CHANGE_SHARE = 20

/** Brings all profiles to the present day, borders and bounds. */
export const refreshWork = defineWork({
  kind: 'analytics.refresh_profiles',
  lane: 'background',
  payload: z.object({}),
  attemptsMax: 10,
})

export const refreshJob = defineJob({
  ...refreshWork,
  handle: async (ctx, _payload, lease) => {
    await inTransaction(ctx, async (ctx) => {
      await openFrame(ctx)
      await drawBorders(ctx)
    })
    for (let after: ContactId | null = '0' as ContactId; after !== null;) {
      if (lease.stopping) return { again: ctx.now() }
      after = await refreshNext(ctx, after)
    }
    await updateFiguredOn(ctx, ctx.now().toISOString().slice(0, 10))
    return undefined
  },
})

/** Refreshes the slice behind a contact. @returns where it ended; null when nobody is left */
export function refreshNext(ctx: Ctx, after: ContactId): Promise<ContactId | null> {
  return inTransaction(ctx, async (ctx) => {
    const frame = await openFrame(ctx)
    const upTo = await selectSliceEnd(ctx, after, SLICE)
    if (upTo !== null) announceChanged(ctx, await refreshSlice(ctx, frame, { after, upTo }))
    return upTo
  })
}

/** Each minute: a new day, enough change, or another word of the organization. */
export const keepProfilesFresh = defineSchedule({
  name: 'analytics.keep_profiles_fresh',
  everyMs: ASK_EVERY_MS,
  perOrganization: true,
  handle: async (ctx) => {
    const state = await selectRefreshState(ctx)
    if (state === undefined) return
    await inTransaction(ctx, async (ctx) => {
      const frame = await openFrame(ctx)
      if (!isPresent(frame)) await takeOver(ctx, frame)
      if (isDue(state, frame.today)) await enqueue(ctx, refreshWork, {}, { key: 'refresh' })
    })
  },
})

/** Whether a refresh is worth its cost. Pure. */
export const isDue = (state: RefreshState, today: string): boolean =>
  state.figuredOn === null || state.figuredOn < today || state.changes * CHANGE_SHARE > state.buyers

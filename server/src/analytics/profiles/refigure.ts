/** Making figures anew, for as many contacts as one transaction should carry; larger sets by job. */
import { z } from 'zod'
import { zonesOf } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { defineJob, defineWork, enqueueMany } from '../../platform/jobs/index.ts'
import { CHANGED_CONTACTS_MAX, profilesChanged, type ProfilePart } from './events.ts'
import { openFrame, type Frame } from './frame.ts'
import { refigureActivity, refigureEngagement, refigureMoney, type Scope } from './refigure-queries.ts'
import { recountReceived } from './received.ts'
import { addChanges, selectPosition } from './setting-queries.ts'
import { learnZones } from './zones.ts'

/** Contacts whose figures one job makes anew. */
export const REFIGURE_SLICE = 2_000

/** Asks for the figures of some contacts to be made anew. */
export const refigureWork = defineWork({
  kind: 'analytics.refigure',
  lane: 'background',
  payload: z.object({ contactIds: z.array(z.string()).max(REFIGURE_SLICE) }),
  attemptsMax: 10,
})

/** Makes the figures of a slice anew, up to where the log has been read. */
export const refigureJob = defineJob({
  ...refigureWork,
  handle: (ctx, { contactIds }) =>
    inTransaction(ctx, async (ctx) => {
      const frame = await openFrame(ctx)
      const ids = contactIds as ContactId[] // the payload holds what refigureLater was given
      await refigureWhole(ctx, frame, { contactIds: ids, until: await selectPosition(ctx) })
      await addChanges(ctx, ids.length)
      announceChanged(ctx, ids)
    }),
})

/** Makes every figure of these contacts anew. */
export async function refigureWhole(ctx: Ctx, frame: Frame, scope: Scope): Promise<void> {
  if (scope.contactIds.length === 0) return
  await learnZones(ctx, scope)
  await refigureActivity(ctx, frame, scope, await zonesOf(ctx, scope.contactIds, frame.timeZone))
  await refigureMoney(ctx, frame, scope)
  await refigureEngagement(ctx, frame, scope)
  await recountReceived(ctx, scope.contactIds)
}

/** By jobs, a slice each. */
export const refigureLater = (ctx: Ctx, contactIds: readonly ContactId[]): Promise<void> =>
  enqueueMany(
    ctx,
    refigureWork,
    slices(contactIds, REFIGURE_SLICE).map((slice) => ({ payload: { contactIds: slice } })),
  )

/** Tells who listens that figures can be read. @param parts  which of them; all when left out */
export function announceChanged(
  ctx: Ctx,
  contactIds: readonly ContactId[],
  parts?: readonly ProfilePart[],
): void {
  for (const slice of slices(contactIds, CHANGED_CONTACTS_MAX))
    announce(ctx, profilesChanged, {
      contactIds: slice,
      ...(parts === undefined ? {} : { parts: [...parts] }),
    })
}

function slices(contactIds: readonly ContactId[], size: number): ContactId[][] {
  return Array.from({ length: Math.ceil(contactIds.length / size) }, (_, n) =>
    contactIds.slice(n * size, (n + 1) * size),
  )
}

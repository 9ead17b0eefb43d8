/** Figures are made with what the organization says; when it says otherwise, those concerned are made anew. */
import { z } from 'zod'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { defineJob, defineWork, enqueue } from '../../platform/jobs/index.ts'
import { selectDoersOf, selectFigured } from './people-queries.ts'
import { openFrame, type Frame } from './frame.ts'
import { refigureLater, REFIGURE_SLICE } from './refigure.ts'
import { updatePresent } from './setting-queries.ts'

/** Asks for everybody to be made anew who has figures, or who did something of these types. */
export const refigureManyWork = defineWork({
  kind: 'analytics.refigure_many',
  lane: 'background',
  payload: z.object({ types: z.array(z.string()).nullable(), after: z.string() }),
  attemptsMax: 10,
})

/** Hands slices of contacts to jobs of their own, in order of their ids, resumable. */
export const refigureManyJob = defineJob({
  ...refigureManyWork,
  handle: (ctx, { types, after }, lease) =>
    inTransaction(ctx, async (ctx) => {
      const from = after as ContactId // written below, or '0'
      const ids =
        types === null
          ? await selectFigured(ctx, from, REFIGURE_SLICE)
          : await selectDoersOf(ctx, types, from, REFIGURE_SLICE)
      await refigureLater(ctx, ids)
      const last = ids.at(-1)
      if (last !== undefined && ids.length === REFIGURE_SLICE)
        await enqueue(ctx, refigureManyWork, { types, after: last })
      await lease.fence(ctx)
    }),
})

/** Whether figures are made with what the organization says now. */
export const isPresent = (frame: Frame): boolean =>
  frame.currency === frame.present.currency &&
  frame.timeZone === frame.present.timeZone &&
  changedTypes(frame).length === 0

/** Takes over what the organization says now; whoever it concerns is made anew soon. */
export async function takeOver(ctx: Ctx, frame: Frame): Promise<Frame> {
  await updatePresent(ctx, frame.present)
  const types = changedTypes(frame)
  if (frame.currency !== frame.present.currency || frame.timeZone !== frame.present.timeZone)
    await enqueue(ctx, refigureManyWork, { types: null, after: '0' })
  if (types.length > 0) await enqueue(ctx, refigureManyWork, { types, after: '0' })
  return openFrame(ctx)
}

const changedTypes = ({ roles, present }: Frame): string[] =>
  [...new Set([...Object.keys(roles), ...Object.keys(present.roles)])].filter(
    (type) => roles[type] !== present.roles[type],
  )

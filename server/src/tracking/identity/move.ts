/** The history of one number goes over to another, in steps, and whoever counts by person is told. */
import { z } from 'zod'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce, moveEvents } from '../../platform/events/index.ts'
import { defineJob, defineWork, enqueueMany } from '../../platform/jobs/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { contactEventsMoved } from '../events.ts'

/** Events moved in one transaction. */
const STEP = 2_000

const moveWork = defineWork({
  kind: 'tracking.move_events',
  lane: 'trigger',
  payload: z.object({ fromId: z.string(), toId: z.string() }),
  attemptsMax: 20,
})

/** Asks for the events of some numbers to be given to others. */
export function requestMoves(
  ctx: Ctx,
  moves: readonly { fromId: ContactId; toId: ContactId }[],
): Promise<void> {
  return enqueueMany(
    ctx,
    moveWork,
    moves.map((move) => ({ payload: move, key: `${move.fromId}:${move.toId}` })),
  )
}

/** Moves until nothing is left, then says so once. Repeating it finds nothing to move and says nothing. */
export const moveJob = defineJob({
  ...moveWork,
  handle: async (ctx, payload, lease) => {
    const fromId = payload.fromId as ContactId // the job was asked for with database ids of contacts
    const toId = payload.toId as ContactId // likewise
    for (let isMore = true; isMore;) {
      if (lease.stopping) return { again: ctx.now() }
      isMore = await inTransaction(ctx, async (ctx) => {
        await lease.fence(ctx)
        const moved = await moveEvents(ctx, fromId, toId, STEP)
        if (moved > 0) announce(ctx, contactEventsMoved, { fromId, toId }, { contactId: toId })
        return moved === STEP
      })
    }
  },
})

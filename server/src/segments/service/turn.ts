/** Jobs that change membership do so in the organization's turn. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { Lease } from '../../platform/jobs/index.ts'
import { takeTurn } from '../queries/membership.ts'

/**
 * One transaction of a job that has the turn. The turn comes before the fence: whoever has it may ask for this very job,
 * and would wait for the row that the fence holds, as the job would for the turn.
 */
export function inTurn<T>(ctx: Ctx, lease: Lease, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  return inTransaction(ctx, async (inner) => {
    await takeTurn(inner)
    await lease.fence(inner)
    return work(inner)
  })
}

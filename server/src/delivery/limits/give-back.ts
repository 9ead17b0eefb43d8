/** Places that were taken and turned out not to be needed go back, so that a limit is used to the full. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { lockThrottles, writeThrottles } from './limit-queries.ts'
import type { Limit } from './take-tokens.ts'

/**
 * Gives `unused` places of each limit back: of people who were skipped at the last look, and of messages that did not
 * leave. A burst cannot come of it: places that nobody took in time are kept for a moment only (`grant.ts`).
 */
export async function giveBack(ctx: Ctx, limits: readonly Limit[], unused: number): Promise<void> {
  if (limits.length === 0 || unused === 0) return
  await inTransaction(ctx, async (ctx) => {
    const nowUs = ctx.now().getTime() * 1_000
    const taken = await lockThrottles(
      ctx,
      limits.map((limit) => ({ ...limit, freshUs: nowUs })),
    )
    await writeThrottles(
      ctx,
      limits.map(({ scope, key, intervalUs }, n) => {
        const { takenUntilUs = nowUs, countedOn = null, counted = 0 } = taken[n] ?? {}
        return {
          scope,
          key,
          takenUntilUs: takenUntilUs - unused * intervalUs,
          countedOn,
          counted: Math.max(0, counted - unused),
        }
      }),
    )
  })
}

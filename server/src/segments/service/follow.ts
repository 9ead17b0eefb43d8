/** Which segments are followed, and asking for the walks that fill and check them. */
import type { Ctx } from '../../platform/context.ts'
import type { SegmentId } from '../../platform/ids.ts'
import { enqueueMany } from '../../platform/jobs/index.ts'
import { selectFollowed } from '../queries/membership.ts'
import * as queries from '../queries/walks.ts'
import { walkSegment } from '../work.ts'

/** Segments of one organization whose membership is kept; others are counted when somebody looks. */
export const FOLLOWED_MAX = 100

/** Keeps the membership of every dynamic segment, as far as there is room. */
export async function followAll(ctx: Ctx): Promise<void> {
  await refill(ctx, await queries.followMore(ctx, FOLLOWED_MAX))
}

/** Fills segments anew, and those whose rules lead to them. Inside the transaction that changed them. */
export async function refill(ctx: Ctx, ids: readonly SegmentId[]): Promise<void> {
  if (ids.length === 0) return
  await askFor(ctx, await queries.startWalks(ctx, await queries.selectDependants(ctx, ids), 'fill'))
}

/** Has every followed segment compared with its rule. */
export async function checkAll(ctx: Ctx): Promise<void> {
  const followed = await selectFollowed(ctx)
  await askFor(
    ctx,
    await queries.startWalks(
      ctx,
      followed.map(({ id }) => id),
      'check',
    ),
  )
}

const askFor = (ctx: Ctx, ids: readonly SegmentId[]): Promise<void> =>
  enqueueMany(
    ctx,
    walkSegment,
    ids.map((segmentId) => ({ payload: { segmentId }, key: segmentId })),
  )

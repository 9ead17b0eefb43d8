/** What a caller has given of a plan may ask only about what the caller may see. */
import type { Ctx } from '../../platform/context.ts'
import { refusePersonal } from '../../segments/index.ts'
import type { PlanEdit } from '../schema.ts'

/**
 * Refuses an audience or a trigger that asks about properties marked as personal, when the caller may not see these: what
 * a campaign counts, whom it names and whom it writes to would answer. What others have saved is not asked again.
 * @throws segments.property_personal
 */
export const refuseGiven = (
  ctx: Ctx,
  { audience, trigger }: Pick<PlanEdit, 'audience' | 'trigger'>,
): Promise<void> =>
  refusePersonal(ctx, { audience, events: trigger?.source.kind === 'event' ? [trigger.source] : [] })

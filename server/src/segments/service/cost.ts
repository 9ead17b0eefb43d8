/** Rules that would never come to an end are refused before they run, with advice. */
import type { Ctx } from '../../platform/context.ts'
import { errors } from '../errors.ts'
import { type Predicate, selectPlanCost } from '../queries/people.ts'

/**
 * Dearest plan that is run, in the planner's units: about a minute on two cores. A set-based plan over a million
 * contacts and five million events stays below a fiftieth of it; what compares everybody with everybody is far above.
 */
export const PLAN_COST_MAX = 50_000_000

/** @throws segments.too_costly */
export async function refuseCostly(ctx: Ctx, { toSql }: { toSql: Predicate }): Promise<void> {
  const cost = await selectPlanCost(ctx, toSql)
  if (cost > PLAN_COST_MAX)
    throw errors.too_costly(
      { cost },
      {
        problems: [
          {
            path: 'rule',
            message:
              'Give conditions about behaviour a window of time, such as the last 90 days, or ask about derived figures (orders, revenue, last activity), which answer at once.',
          },
        ],
      },
    )
}

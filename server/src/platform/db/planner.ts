/** What helps the planner where it cannot know better. */
import type { Db } from './statements.ts'

/**
 * Forbids nested loops to the statements that follow, or allows them again: without statistics the planner takes many rows
 * for one, and compares all with all. Hash and merge joins are never far from best over slices and lists.
 */
export const setNestedLoops = ({ db }: { db: Db }, state: 'on' | 'off'): Promise<unknown> =>
  db.named('platform_set_nested_loops', `select set_config('enable_nestloop', $1, true)`, [state])

/**
 * Lets the statements that follow read by keys alone and keep the plan that they were given first, or lets the planner
 * choose again: of a statement that is asked for every thousand people, choosing took a quarter of the time (measured). A
 * plan that knows nothing but keys is as good when its tables have grown.
 */
export const setKeptPlans = ({ db }: { db: Db }, state: 'on' | 'off'): Promise<unknown> =>
  db.named(
    'platform_set_kept_plans',
    `select set_config('enable_nestloop', $1, true), set_config('enable_seqscan', $1, true), set_config('plan_cache_mode', $2, true)`,
    state === 'on' ? ['off', 'force_generic_plan'] : ['on', 'auto'],
  )

/**
 * The end of a sub-select that looks one row up by a column which stands behind `org_id` in an index, for each row of a
 * list: `where org_id = $1 and ${soughtBy('id', 'wanted.id')}`. Of an organization that statistics do not know yet the
 * planner expects one row, takes every index that begins with `org_id` for equally good, and may walk through all of the
 * organization for each row that is sought (15 ms at 200,000 contacts, measured). The order settles it: only the index
 * with this column gives it. Behind an equality the planner would leave the order away, so the condition is a range.
 *
 * @param first  where several rows may have the value: in which order, and how many of them
 */
export const soughtBy = (
  column: string,
  value: string,
  first: { by: string; most: number } | null = null,
): string =>
  `${column} between ${value} and ${value} order by ${column}${first === null ? '' : `, ${first.by}`} limit ${first?.most ?? 1}`

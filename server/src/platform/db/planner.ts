/** What helps the planner where it cannot know better. */
import type { Db } from './statements.ts'

/**
 * Forbids nested loops to the statements that follow in the transaction. Without statistics, as right after an import, the
 * planner takes many rows for one, and compares all with all (84 s for 20,000 contacts, measured; 0.2 s by hashing). Hash
 * and merge joins are never far from best over slices and lists; probes by index stay as they are.
 */
export const avoidNestedLoops = ({ db }: { db: Db }): Promise<unknown> => setNestedLoops(db, 'off')

/** Runs a statement without nested loops: those that follow may have them again. */
export async function withoutNestedLoops<T>({ db }: { db: Db }, statement: () => Promise<T>): Promise<T> {
  await setNestedLoops(db, 'off')
  const result = await statement()
  await setNestedLoops(db, 'on')
  return result
}

const setNestedLoops = (db: Db, state: 'on' | 'off'): Promise<unknown> =>
  db.named('platform_set_nested_loops', `select set_config('enable_nestloop', $1, true)`, [state])

/**
 * Lets the statements that follow in the transaction read with one process each. For what many ask at the same moment: the
 * cores are taken anyway, and a helper first maps every page that it reads (300,000 contacts looked through on two threads:
 * 47 ms by one process, 98 with two helpers, for three times the CPU).
 */
export const avoidHelpers = ({ db }: { db: Db }): Promise<unknown> =>
  db.query('set local max_parallel_workers_per_gather = 0')

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

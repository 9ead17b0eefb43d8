/** What the planner may do within the present transaction, where it cannot know better. */
import type { Db } from './statements.ts'

/**
 * Forbids nested loops to the statements that follow, or allows them again: without statistics the planner takes many rows
 * for one, and compares all with all. Hash and merge joins are never far from best over slices and lists.
 */
export const setNestedLoops = ({ db }: { db: Db }, state: 'on' | 'off'): Promise<unknown> =>
  db.named('platform_set_nested_loops', `select set_config('enable_nestloop', $1, true)`, [state])

/** What speaks against switching a campaign on that events set off. Source: CS-004.1, FR-003.7 */
import type { Experiment } from '../../experiments/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { readEventTests } from '../../segments/index.ts'
import { readListened } from './recent-queries.ts'
import type { Trigger } from './schema.ts'

/** A point that blocks: what it is about, and what to do. */
export interface TriggerProblem {
  id: 'trigger_chosen' | 'trigger_valid' | 'trigger_segment' | 'trigger_test'
  field: string
}

type TestSettings = Pick<Experiment['settings'], 'testPercent' | 'horizonMinutes'>

/** People come one by one: nobody is set aside for a winner, and there is no planned end. Source: statistics §6 */
const fitsTrigger = ({ testPercent, horizonMinutes }: TestSettings): boolean =>
  testPercent === 100 && horizonMinutes === null

/** What must be put right about a trigger. `settings`: of a test that is set up or under way, or null. */
export async function triggerProblems(
  ctx: Ctx,
  trigger: Trigger | null,
  settings: TestSettings | null,
): Promise<TriggerProblem[]> {
  const test: TriggerProblem[] =
    settings && !fitsTrigger(settings) ? [{ id: 'trigger_test', field: 'abTest' }] : []
  if (trigger === null) return [{ id: 'trigger_chosen', field: 'trigger' }, ...test]
  const { source } = trigger
  if (source.kind === 'event') {
    const [read] = await readEventTests(ctx, [source])
    return read?.kind === 'ready' ? test : [{ id: 'trigger_valid', field: 'trigger.source.filters' }, ...test]
  }
  // Entries are known of segments whose members are kept up to date.
  return (await readListened(ctx, source.segmentId))?.followedAt
    ? test
    : [{ id: 'trigger_segment', field: 'trigger.source.segmentId' }, ...test]
}

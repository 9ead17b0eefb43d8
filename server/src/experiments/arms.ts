/** The counts of a test at an instant. */
import type { Ctx } from '../platform/context.ts'
import { organizationOf } from '../team/index.ts'
import {
  candidatesOf,
  countHappenings,
  countsMessages,
  happeningsOf,
  USUAL_COUNTS,
  type ConversionCount,
} from './conversions.ts'
import {
  countByRun,
  countOutcomes,
  countRecipients,
  selectEngaged,
  selectHappenings,
  type ExperimentRow,
  type OutcomeCount,
  type RecipientCount,
} from './queries.ts'
import { type Arm, type ArmPeriod, resolveSettings } from './rules.ts'
import type { Metric } from './schema.ts'
import { pointsIn } from './split.ts'

/** Every variant's counts in the order of the variants, and the holdout's beside them. */
export interface TestCounts {
  arms: Arm[]
  holdout: Arm
  /** Where shares follow the evidence: the same people by the shares that they were assigned by. */
  periods?: readonly ArmPeriod[]
}

/** Counts a test now. A test that has not begun has nobody. */
export async function countTest(ctx: Ctx, row: ExperimentRow): Promise<TestCounts> {
  const { metric } = row.settings
  if (row.runId === null || row.launchedAt === null)
    return {
      arms: row.variants.map(({ no }) => armFrom(no, metric, {})),
      holdout: armFrom(0, metric, {}),
    }
  const settings = resolveSettings(row.settings, row)
  const { currency } = await organizationOf(ctx)
  const runIds = [row.runId, ...row.laterRunIds]
  const recipients = await countRecipients(ctx, runIds)
  const outcomes = await countOutcomes(ctx, row.id)
  const counts = row.counts ?? USUAL_COUNTS
  const outside = await selectHappenings(ctx, row.id, {
    runIds,
    since: row.launchedAt,
    windowMinutes: row.windowMinutes ?? settings.windowMinutes,
    ...candidatesOf(counts),
  })
  const engaged = countsMessages(counts) ? await selectEngaged(ctx, row.id) : []
  const happenings = [...outside, ...engaged.flatMap((one) => happeningsOf(one, counts))]
  const conversions = countHappenings(happenings, counts, currency)
  const armOf = (no: number): Arm =>
    armFrom(no, metric, {
      ...recipients.find(({ variant }) => variant === no),
      ...outcomes.find(({ variant }) => variant === no),
      ...conversions.find(({ variant }) => variant === no),
    })
  const whole = { arms: row.variants.map(({ no }) => armOf(no)), holdout: armOf(0) }
  if (row.settings.allocation !== 'thompson') return whole
  const byRun = await countByRun(ctx, row.id, runIds)
  const byRunId = Map.groupBy(happenings, ({ runId }) => runId)
  const periods = runIds.map((runId) => {
    const ranges = row.runRanges[runId] ?? []
    const converted = countHappenings(byRunId.get(runId) ?? [], counts, currency)
    return {
      weights: row.variants.map(({ no }) => pointsIn({ ranges }, no)),
      arms: row.variants.map(({ no }) =>
        armFrom(no, metric, {
          ...byRun.find((count) => count.runId === runId && count.variant === no),
          ...converted.find(({ variant }) => variant === no),
        }),
      ),
    }
  })
  return { ...whole, periods }
}

/** One variant's arm; what was not counted of it is 0. */
function armFrom(
  no: number,
  metric: Metric,
  count: Partial<RecipientCount & OutcomeCount & ConversionCount>,
): Arm {
  const arm = {
    no,
    n: count.recipients ?? 0,
    sum: count.sum ?? 0,
    sumOfSquares: count.sumOfSquares ?? 0,
    opened: count.opened ?? 0,
    clicked: count.clicked ?? 0,
    converted: count.converted ?? 0,
    unsubscribed: count.unsubscribed ?? 0,
    complained: count.complained ?? 0,
    bounced: count.bounced ?? 0,
  }
  return { ...arm, successes: successesOf(arm, metric) }
}

function successesOf(arm: Pick<Arm, 'opened' | 'clicked' | 'converted'>, metric: Metric): number {
  switch (metric) {
    case 'open':
      return arm.opened
    case 'click':
      return arm.clicked
    case 'conversion':
    case 'revenue':
      return arm.converted
  }
}

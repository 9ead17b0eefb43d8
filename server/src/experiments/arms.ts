/** The counts of a test at an instant. */
import type { Ctx } from '../platform/context.ts'
import { organizationOf } from '../team/index.ts'
import { candidatesOf, countHappenings, USUAL_COUNTS } from './conversions.ts'
import {
  countByRun,
  countOutcomes,
  countRecipients,
  selectHappenings,
  type ExperimentRow,
} from './queries.ts'
import { type Arm, type ArmPeriod, resolveSettings } from './rules.ts'
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
  const empty = { arms: row.variants.map(({ no }) => nobody(no)), holdout: nobody(0) }
  if (row.runId === null || row.launchedAt === null) return empty
  const settings = resolveSettings(row.settings, row)
  const { currency } = await organizationOf(ctx)
  const runIds = [row.runId, ...row.laterRunIds]
  const recipients = await countRecipients(ctx, runIds)
  const outcomes = await countOutcomes(ctx, row.id)
  const counts = row.counts ?? USUAL_COUNTS
  const happenings = await selectHappenings(ctx, {
    runIds,
    since: row.launchedAt,
    windowMinutes: row.windowMinutes ?? settings.windowMinutes,
    ...candidatesOf(counts),
  })
  const conversions = countHappenings(happenings, counts, currency)
  const armOf = (no: number): Arm => {
    const people = recipients.find(({ variant }) => variant === no)
    const did = outcomes.find(({ variant }) => variant === no)
    const money = conversions.find(({ variant }) => variant === no)
    const arm = {
      ...nobody(no),
      n: people?.recipients ?? 0,
      bounced: people?.bounced ?? 0,
      opened: did?.opened ?? 0,
      clicked: did?.clicked ?? 0,
      unsubscribed: did?.unsubscribed ?? 0,
      complained: did?.complained ?? 0,
      converted: money?.converted ?? 0,
      sum: money?.sum ?? 0,
      sumOfSquares: money?.sumOfSquares ?? 0,
    }
    return { ...arm, successes: successesOf(arm, settings.metric) }
  }
  const whole = { arms: row.variants.map(({ no }) => armOf(no)), holdout: armOf(0) }
  if (row.settings.allocation !== 'thompson') return whole
  const byRun = await countByRun(ctx, row.id, runIds)
  const happeningsOf = Map.groupBy(happenings, ({ runId }) => runId)
  const periods = runIds.map((runId) => {
    const ranges = row.runRanges[runId] ?? []
    const converted = countHappenings(happeningsOf.get(runId) ?? [], counts, currency)
    return {
      weights: row.variants.map(({ no }) => pointsIn({ ranges }, no)),
      arms: row.variants.map(({ no }): Arm => {
        const did = byRun.find((count) => count.runId === runId && count.variant === no)
        const arm = {
          ...nobody(no),
          n: did?.recipients ?? 0,
          bounced: did?.bounced ?? 0,
          opened: did?.opened ?? 0,
          clicked: did?.clicked ?? 0,
          unsubscribed: did?.unsubscribed ?? 0,
          complained: did?.complained ?? 0,
          converted: converted.find(({ variant }) => variant === no)?.converted ?? 0,
        }
        return { ...arm, successes: successesOf(arm, settings.metric) }
      }),
    }
  })
  return { ...whole, periods }
}

function successesOf(
  arm: Pick<Arm, 'opened' | 'clicked' | 'converted'>,
  metric: 'click' | 'open' | 'conversion' | 'revenue',
): number {
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

function nobody(no: number): Arm {
  return {
    no,
    n: 0,
    successes: 0,
    sum: 0,
    sumOfSquares: 0,
    opened: 0,
    clicked: 0,
    converted: 0,
    unsubscribed: 0,
    complained: 0,
    bounced: 0,
  }
}

/** The rule tried on an organization's own history: labels that mean nothing must seldom win. Source: statistics §14 */
import { pause } from '../platform/clock.ts'
import type { Ctx } from '../platform/context.ts'
import { messageClicked, messageOpened } from '../tracking/index.ts'
import { errors } from './errors.ts'
import { firstOutcomes, latestHistory } from './queries.ts'
import type { ExperimentSettings, SelfTest } from './schema.ts'
import { evenPercents, resolveSettings, setupOf } from './rules.ts'
import { compareProportions } from './statistics/proportions.ts'
import { type History, replay } from './statistics/replay.ts'

const RUNS = 200
const RECIPIENTS_MIN = 2000
/** More people than this would not tell more, and take longer. */
const OUTCOMES_MAX = 20_000
const ARMS = 2

/**
 * Splits the people of the latest mailing into two parts by lot, many times, and plays the whole rule on each.
 *
 * @throws experiments.history_missing
 */
export async function testOnHistory(
  ctx: Ctx,
  settings: Pick<ExperimentSettings, 'confidence'> & { metric: 'open' | 'click' },
): Promise<SelfTest> {
  const history = await latestHistory(ctx, RECIPIENTS_MIN)
  if (!history) throw errors.history_missing()
  const firsts = await firstOutcomes(ctx, {
    campaignId: history.campaignId,
    runId: history.runId,
    type: settings.metric === 'open' ? messageOpened.type : messageClicked.type,
    since: history.startedAt,
    limit: OUTCOMES_MAX,
  })
  const minutes = firsts.map(({ at }) =>
    Math.max(1, Math.ceil((at.getTime() - history.startedAt.getTime()) / 60_000)),
  )
  const setup = setupOf(
    { ...resolveSettings(defaults(settings)), minSample: Math.min(1000, Math.floor(history.people / 4)) },
    evenPercents(ARMS).map((percent, index) => ({
      no: index + 1,
      name: '',
      percent,
      isControl: false,
      content: null,
    })),
    {
      plannedRecipients: history.people,
      baselineRate: Math.min(0.99, Math.max(1e-4, minutes.length / history.people)),
      secondMoment: null,
    },
  )
  let [falseWinners, naiveFalseWinners] = [0, 0]
  for (let run = 0; run < RUNS; run += 1) {
    const drawn = drawLabels(ctx, history.people, minutes)
    const { winner } = replay(setup, drawn, setup.horizonMinutes ?? 0)
    if (winner !== null) falseWinners += 1
    if (wouldPeek(drawn, setup.horizonMinutes ?? 0, 1 - setup.confidence)) naiveFalseWinners += 1
    // Others are waiting for answers of this process.
    await pause(0)
  }
  return {
    campaignId: history.campaignId,
    people: history.people,
    runs: RUNS,
    falseWinners,
    naiveFalseWinners,
    confidence: settings.confidence,
  }
}

function defaults(settings: Pick<ExperimentSettings, 'confidence' | 'metric'>): ExperimentSettings {
  return {
    conversionEvent: null,
    allocation: 'even',
    assignment: null,
    minSample: 1000,
    minConversions: 30,
    minRuntimeMinutes: null,
    horizonMinutes: null,
    windowMinutes: null,
    holdoutPercent: 0,
    testPercent: 100,
    autoApply: false,
    fallback: 'none',
    ...settings,
  }
}

function drawLabels(ctx: Ctx, people: number, minutes: readonly number[]): History {
  const labels = minutes.map(() => Math.floor(ctx.random() * ARMS))
  const silent = people - minutes.length
  const recipients = Array.from(
    { length: ARMS },
    (_none, arm) => labels.filter((label) => label === arm).length,
  )
  // Those who did nothing differ by their number only: halves of them, give or take what chance gives.
  let first = 0
  for (let left = silent; left > 0; left -= 32) {
    const bits = Math.floor(ctx.random() * 2 ** 32)
    first += ones(left >= 32 ? bits : bits & (2 ** left - 1))
  }
  return {
    recipients: [(recipients[0] ?? 0) + first, (recipients[1] ?? 0) + silent - first],
    outcomes: minutes.map((minute, index) => ({
      minute,
      arm: labels[index] ?? 0,
      isFirst: true,
      value: 0,
      earlier: 0,
    })),
  }
}

function ones(bits: number): number {
  let count = 0
  for (let rest = bits >>> 0; rest > 0; rest >>>= 1) count += rest & 1
  return count
}

/** A plain test that is looked at with each outcome. */
function wouldPeek({ recipients, outcomes }: History, endMinute: number, alpha: number): boolean {
  const successes = [0, 0]
  const [one = 0, two = 0] = recipients
  for (const { minute, arm } of outcomes) {
    if (minute > endMinute) return false
    successes[arm] = (successes[arm] ?? 0) + 1
    const test = compareProportions(
      { successes: successes[0] ?? 0, total: one },
      { successes: successes[1] ?? 0, total: two },
    )
    if (test.pTwoSided < alpha) return true
  }
  return false
}

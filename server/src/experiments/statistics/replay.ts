/** Outcomes of a test played again, look by look: for simulations and for an organization's test of the rule on itself. */
import {
  type ArmCount,
  type DecisionSetup,
  judgeLook,
  secondMomentToFreeze,
  type Verdict,
} from './decision.ts'

/** Something a recipient did. */
export interface Outcome {
  /** Minutes since the launch. */
  minute: number
  /** Whose arm. */
  arm: number
  /** The recipient did it for the first time. */
  isFirst: boolean
  /** What it was worth; 0 for rates. */
  value: number
  /** What the recipient had been worth before. */
  earlier: number
}

/** A test's history. */
export interface History {
  /** Recipients per arm, all assigned before the first outcome. */
  recipients: readonly number[]
  /** By minute, rising. */
  outcomes: readonly Outcome[]
}

/**
 * Plays a history with a look at each minute up to the horizon and the setup's own rule.
 *
 * A minute in which nothing came in repeats the verdict before it, so only gates that time opens are looked at anew.
 *
 * @param endMinute  where a test without horizon is left off
 * @returns the last verdict
 */
export function replay(setup: DecisionSetup, history: History, endMinute: number): Verdict {
  const arms: ArmCount[] = history.recipients.map((n) => ({ n, successes: 0, sum: 0, sumOfSquares: 0 }))
  const gateMinutes = new Set([setup.minRuntimeMinutes, setup.horizonMinutes ?? endMinute, endMinute])
  let frozen: number | null = null
  let next = 0
  let verdict = judgeLook(setup, { minute: 0, arms })
  for (let minute = 1; minute <= endMinute; minute += 1) {
    const before = next
    for (
      let outcome = history.outcomes[next];
      outcome && outcome.minute <= minute;
      outcome = history.outcomes[next]
    ) {
      record(arms, outcome)
      next += 1
    }
    if (minute < setup.minRuntimeMinutes) continue
    if (next === before && !gateMinutes.has(minute)) continue
    const look = { minute, arms }
    frozen ??= secondMomentToFreeze(setup, look)
    verdict = judgeLook(setup, look, frozen)
    if (verdict.state === 'winner' || verdict.state === 'inconclusive') break
  }
  return verdict
}

function record(arms: ArmCount[], { arm, isFirst, value, earlier }: Outcome): void {
  const count = arms[arm]
  if (!count) return
  const total = earlier + value
  arms[arm] = {
    n: count.n,
    successes: count.successes + (isFirst ? 1 : 0),
    sum: count.sum + value,
    sumOfSquares: count.sumOfSquares + total * total - earlier * earlier,
  }
}

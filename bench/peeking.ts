/**
 * False winners and power of the rule that ends a test, looked at each minute, beside a fixed-sample test that is looked
 * at as often (for false winners) or once at the end (for power).
 */
import { normalQuantile } from '../server/src/experiments/statistics/normal.ts'
import { seededDice } from '../server/src/testing/dice.ts'
import { bench, type Figure } from './bench.ts'
import { simulate, type Truth } from './peeking/simulate.ts'

const RUNS = 2000
const SEED = 20_261_128

/** Baskets of a shop: log-normal, spread like those of a public mail test. */
const BASKETS = Array.from({ length: 500 }, (_none, place) =>
  Math.round(20 * Math.exp(0.75 * normalQuantile((place + 0.5) / 500))),
)

const NO_EFFECT: readonly (Truth & { name: string })[] = [
  { name: 'two_at_1%', metric: 'rate', confidence: 0.95, perArm: 10_000, rates: [0.01, 0.01] },
  { name: 'two_at_3%', metric: 'rate', confidence: 0.95, perArm: 10_000, rates: [0.03, 0.03] },
  { name: 'two_at_25%', metric: 'rate', confidence: 0.95, perArm: 5000, rates: [0.25, 0.25] },
  { name: 'two_at_3%_alpha_10', metric: 'rate', confidence: 0.9, perArm: 10_000, rates: [0.03, 0.03] },
  { name: 'two_at_3%_alpha_1', metric: 'rate', confidence: 0.99, perArm: 10_000, rates: [0.03, 0.03] },
  { name: 'three_at_3%', metric: 'rate', confidence: 0.95, perArm: 10_000, rates: [0.03, 0.03, 0.03] },
  {
    name: 'two_best_of_three_at_3%',
    metric: 'rate',
    confidence: 0.95,
    perArm: 10_000,
    rates: [0.03, 0.03, 0.02],
  },
  {
    name: 'revenue_of_two',
    metric: 'revenue',
    confidence: 0.95,
    perArm: 10_000,
    rates: [0.02, 0.02],
    baskets: BASKETS,
  },
]

/** `known`: the power that is published for the method in such a test; ours must come within three points of it. */
const EFFECT: readonly (Truth & { name: string; known: number | null })[] = [
  {
    name: '1%_plus_30%',
    known: 0.92,
    metric: 'rate',
    confidence: 0.95,
    perArm: 30_000,
    rates: [0.01, 0.013],
  },
  { name: '3%_plus_20%', known: 0.9, metric: 'rate', confidence: 0.95, perArm: 20_000, rates: [0.03, 0.036] },
  { name: '25%_plus_10%', known: 0.94, metric: 'rate', confidence: 0.95, perArm: 8000, rates: [0.25, 0.275] },
  {
    name: 'revenue_buyers_0.9%_to_1.25%',
    known: null,
    metric: 'revenue',
    confidence: 0.95,
    perArm: 40_000,
    rates: [0.009, 0.0125],
    baskets: BASKETS,
  },
]

export default bench({
  name: 'peeking',
  about:
    'Tests with a known truth, looked at each minute of a day by the rule that ends a test. False winners in per cent, beside a fixed-sample test at the same level looked at as often (value must stay below the level and three standard errors). Power in per cent, beside one fixed-sample test at the end.',
  run: async ({ say, option }) => {
    const runs = option('runs', RUNS)
    const dice = seededDice(option('seed', SEED))
    const figures: Figure[] = []
    for (const { name, ...truth } of NO_EFFECT) {
      const tally = simulate(truth, runs, dice)
      const level = 1 - truth.confidence
      const limit = level + 3 * Math.sqrt((level * (1 - level)) / runs)
      const share = tally.falseWinners / runs
      say(
        `${name}: ${percent(share)} false winners, at most ${percent(limit)} allowed${share > limit ? ' TOO MANY' : ''}`,
      )
      figures.push(figure(`false_winners_${name}`, share, tally.naiveFalseWinners / runs))
    }
    for (const { name, known, ...truth } of EFFECT) {
      const tally = simulate(truth, runs, dice)
      const power = tally.trueWinners / runs
      // Where nothing is published for such a test, one planned look at the end is the measure.
      const measure = known ?? tally.fixedEnd / runs
      say(
        `${name}: power ${percent(power)}, ${known === null ? 'one look at the end' : 'published'} ${percent(measure)}${Math.abs(power - measure) > 0.03 ? ' APART' : ''}; decided after ${percent(tally.meanShare)} of the day on average`,
      )
      figures.push(figure(`power_${name}`, power, tally.fixedEnd / runs))
    }
    return figures
  },
})

function figure(name: string, share: number, peer: number): Figure {
  return { name, value: 100 * share, unit: '%', raw: 100 * peer, ratio: peer > 0 ? share / peer : null }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

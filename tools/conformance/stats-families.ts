/** For each family of statistical vectors: how a case is put to our code, and which values are compared. */
import { z } from 'zod'
import { creditConversion } from '../../server/src/analytics/attribution/models.ts'
import { logChiSquaredTails } from '../../server/src/experiments/statistics/chi-squared.ts'
import { chiSquareTest } from '../../server/src/experiments/statistics/contingency.ts'
import { adjustByCovariate } from '../../server/src/experiments/statistics/cuped.ts'
import { type DecisionSetup, judgeLooks } from '../../server/src/experiments/statistics/decision.ts'
import {
  anytimeP,
  criticalZ,
  kappa,
  oneSidedLogE,
  twoSidedLogE,
} from '../../server/src/experiments/statistics/evalue.ts'
import { fisherExact } from '../../server/src/experiments/statistics/fisher.ts'
import {
  benjaminiHochberg,
  benjaminiYekutieli,
  bonferroni,
  holm,
} from '../../server/src/experiments/statistics/multiplicity.ts'
import {
  logNormalUpper,
  normalDensity,
  normalLower,
  normalQuantile,
  normalUpper,
} from '../../server/src/experiments/statistics/normal.ts'
import { probabilityBest } from '../../server/src/experiments/statistics/probability-best.ts'
import {
  compareProportions,
  newcombeInterval,
  ratioInterval,
  wilsonInterval,
} from '../../server/src/experiments/statistics/proportions.ts'
import { compareRates } from '../../server/src/experiments/statistics/rate-pair.ts'
import { compareRevenue } from '../../server/src/experiments/statistics/revenue-pair.ts'
import { checkSampleRatio } from '../../server/src/experiments/statistics/sample-ratio.ts'
import {
  powerOf,
  sampleSize,
  smallestDetectableRate,
} from '../../server/src/experiments/statistics/sample-size.ts'
import {
  logStudentTwoSided,
  studentLower,
  studentQuantile,
  studentTwoSided,
  studentUpper,
} from '../../server/src/experiments/statistics/student.ts'
import { type Moments, momentsOf, welchTest } from '../../server/src/experiments/statistics/welch.ts'
import type { Check, Family } from './stats.ts'

const number = z.number()
const numbers = z.array(z.number())
const loose = z.record(z.string(), z.unknown())

/** The families there are, by the name in their file. */
export const families: Readonly<Record<string, Family>> = {
  normal: (vector) => {
    const { fn, expected } = z.object({ fn: z.string(), expected: loose }).parse(vector)
    if (fn === 'quantile')
      return compare(expected, { x: normalQuantile(number.parse(vector['q'])) }, { x: 'quantile' })
    const x = number.parse(vector['x'])
    const got = {
      cdf: normalLower(x),
      sf: normalUpper(x),
      pdf: normalDensity(x),
      log10Sf: expected['log10Sf'] === null ? null : logNormalUpper(x) / Math.LN10,
    }
    return compare(expected, got, { cdf: 'cdf', sf: 'sf', pdf: 'sf', log10Sf: 'sf' })
  },

  t_and_chi2: (vector) => {
    const { fn, df, expected } = z
      .object({ fn: z.enum(['t', 'tQuantile', 'chi2']), df: number, expected: loose })
      .parse(vector)
    const tails = { sf: 'tails', cdf: 'tails', twoSided: 'tails', log10TwoSided: 'tails', log10Sf: 'tails' }
    if (fn === 'tQuantile')
      return compare(expected, { x: studentQuantile(number.parse(vector['q']), df) }, { x: 'quantile' })
    if (fn === 'chi2') {
      const { lower, upper } = logChiSquaredTails(number.parse(vector['x']), df)
      const got = { sf: Math.exp(upper), cdf: Math.exp(lower), log10Sf: upper / Math.LN10 }
      return compare(expected, got, tails)
    }
    const t = number.parse(vector['t'])
    const got = {
      sf: studentUpper(t, df),
      cdf: studentLower(t, df),
      twoSided: studentTwoSided(t, df),
      log10TwoSided: logStudentTwoSided(t, df) / Math.LN10,
    }
    return compare(expected, got, tails)
  },

  z_two_proportion: (vector) => {
    const { control, variant, expected } = pairOf(vector)
    const got = compareProportions(control, variant)
    return compare(
      expected,
      { ...got },
      {
        z: 'z',
        pTwoSided: 'p',
        log10P: 'log10P',
        pGreater: 'p',
        diff: 'z',
        relativeLift: 'z',
        sePooled: 'z',
        seUnpooled: 'z',
      },
    )
  },

  wilson_interval: (vector) => {
    const { x, n, confidence, expected } = z
      .object({ x: number, n: number, confidence: number, expected: loose })
      .parse(vector)
    const got = wilsonInterval({ successes: x, total: n }, confidence)
    return compare(expected, { ...got }, { lower: 'bound', upper: 'bound', centre: 'bound' })
  },

  newcombe_difference: (vector) => {
    const { control, variant, expected } = pairOf(vector)
    const interval = newcombeInterval(control, variant, number.parse(vector['confidence']))
    const { diff } = compareProportions(control, variant)
    const { newcombe } = z.object({ newcombe: z.tuple([number, number]) }).parse(expected)
    return [
      { name: 'diff', got: diff, expected: expected['diff'], tolerance: 'newcombe' },
      { name: 'newcombe lower', got: interval?.lower, expected: newcombe[0], tolerance: 'newcombe' },
      { name: 'newcombe upper', got: interval?.upper, expected: newcombe[1], tolerance: 'newcombe' },
    ]
  },

  relative_lift: (vector) => {
    const { control, variant, expected } = pairOf(vector)
    const got = ratioInterval(control, variant, number.parse(vector['confidence']))
    return compare(expected, { ...got }, { ratio: 'all', seLog: 'all', lower: 'all', upper: 'all' })
  },

  chi_square: (vector) => {
    const { successes, totals, expected } = z
      .object({ successes: numbers, totals: numbers, expected: loose })
      .parse(vector)
    const got = chiSquareTest(successes.map((count, arm) => ({ successes: count, total: totals[arm] ?? 0 })))
    return compare(
      expected,
      { ...got, chi2Yates: got.yates?.chi2 ?? null, pYates: got.yates?.p ?? null },
      {
        chi2: 'chi2',
        p: 'p',
        log10P: 'log10P',
        minExpected: 'chi2',
        cramersV: 'chi2',
        chi2Yates: 'chi2',
        pYates: 'p',
      },
    )
  },

  fisher_exact: (vector) => {
    const { control, variant, expected } = pairOf(vector)
    return compare(
      expected,
      { ...fisherExact(control, variant) },
      {
        pTwoSided: 'p',
        pGreater: 'p',
        pLess: 'p',
        oddsRatio: 'oddsRatio',
      },
    )
  },

  holm_bh: (vector) => {
    const { p, expected } = z.object({ p: numbers, expected: z.record(z.string(), numbers) }).parse(vector)
    const got: Record<string, number[]> = {
      holm: holm(p),
      bh: benjaminiHochberg(p),
      bonferroni: bonferroni(p),
      by: benjaminiYekutieli(p),
    }
    return Object.entries(expected).flatMap(([method, values]) =>
      series(method, got[method] ?? [], values, 'all'),
    )
  },

  welch_t: (vector) => {
    const { confidence, expected } = z.object({ confidence: number, expected: loose }).parse(vector)
    const [control, variant] = samplesOf(vector)
    const got = welchTest(control, variant, confidence)
    return compare(
      expected,
      { ...got, ciLower: got.interval?.lower, ciUpper: got.interval?.upper },
      {
        diff: 'ci',
        se: 't',
        t: 't',
        df: 'df',
        p: 'p',
        log10P: 'p',
        ciLower: 'ci',
        ciUpper: 'ci',
      },
      ['note'],
    )
  },

  cuped: (vector) => {
    const arm = z.object({ y: numbers, x: numbers })
    const { control, variant, expected } = z
      .object({ control: arm, variant: arm, expected: loose })
      .parse(vector)
    const adjusted = adjustByCovariate(control, variant)
    const { t, p } = welchTest(adjusted.control, adjusted.variant, 0.95)
    const got = {
      theta: adjusted.theta,
      adjMeanControl: adjusted.control.mean,
      adjMeanVariant: adjusted.variant.mean,
      adjVarControl: adjusted.control.variance,
      adjVarVariant: adjusted.variant.variance,
      t,
      p,
    }
    return compare(expected, got, Object.fromEntries(Object.keys(got).map((key) => [key, 'all'])))
  },

  sample_size: (vector) => {
    const { kind, p1, alpha, ratio, expected } = z
      .object({
        kind: z.enum(['n', 'power', 'mde']),
        p1: number,
        alpha: number,
        ratio: number,
        expected: loose,
      })
      .parse(vector)
    if (kind === 'power') {
      const p2 = number.parse(vector['p2'])
      const power = powerOf(p1, p2, number.parse(vector['n1']), { alpha, ratio })
      return compare(expected, { power }, { power: 'power' })
    }
    const power = number.parse(vector['power'])
    if (kind === 'mde') {
      const p2 = smallestDetectableRate(p1, number.parse(vector['n1']), { alpha, power, ratio })
      const got = {
        p2,
        absolute: p2 === null ? null : p2 - p1,
        relative: p2 === null ? null : (p2 - p1) / p1,
      }
      return compare(expected, got, { p2: 'mde', absolute: 'mde', relative: 'mde' })
    }
    const exact = sampleSize(p1, number.parse(vector['p2']), { alpha, power, ratio })
    const got = {
      nControlExact: exact,
      nControl: Math.ceil(exact),
      nVariant: Math.ceil(exact * ratio),
    }
    return compare(expected, got, { nControlExact: 'nControlExact' })
  },

  srm: (vector) => {
    const { observed, weights, expected } = z
      .object({ observed: numbers, weights: numbers, expected: loose })
      .parse(vector)
    return compare(
      expected,
      { ...checkSampleRatio(observed, weights) },
      {
        chi2: 'chi2',
        p: 'p',
        log10P: 'p',
        logEvalue: 'logEvalue',
        // Its logarithm is compared above; e itself magnifies the difference.
        pAnytime: 'logEvalue',
      },
    )
  },

  mixture_evalue: (vector) => {
    const {
      z: score,
      nu,
      alpha,
      expected,
    } = z.object({ z: number, nu: number, alpha: number, expected: loose }).parse(vector)
    const got = {
      logETwoSided: twoSidedLogE(score, nu),
      logEOneSided: oneSidedLogE(score, nu),
      pTwoSided: anytimeP(twoSidedLogE(score, nu)),
      criticalZ: nu > 0 ? criticalZ(nu, alpha) : null,
      kappa: kappa(alpha),
    }
    return compare(expected, got, {
      logETwoSided: 'log',
      logEOneSided: 'log',
      pTwoSided: 'log',
      criticalZ: 'criticalZ',
      kappa: 'criticalZ',
    })
  },

  engine_rate_pair: (vector) => {
    const { control, variant, expected } = pairOf(vector)
    const { istar, alpha } = z.object({ istar: number, alpha: number }).parse(vector)
    const got = compareRates(control, variant, istar, alpha)
    const interval = z.tuple([number, number]).nullish().parse(expected['csDiff'])
    return [
      ...compare(expected, { ...got, nu: got.clock }, EVIDENCE_TOLERANCES, ['csDiff']),
      { name: 'csDiff lower', got: got.difference?.lower, expected: interval?.[0], tolerance: 'csDiff' },
      { name: 'csDiff upper', got: got.difference?.upper, expected: interval?.[1], tolerance: 'csDiff' },
    ]
  },

  engine_revenue_pair: (vector) => {
    const input = z
      .object({
        n1: number,
        sum1: number,
        sumsq1: number,
        n2: number,
        sum2: number,
        sumsq2: number,
        vstar: number,
        alpha: number,
        expected: loose,
      })
      .parse(vector)
    const got = compareRevenue(
      { n: input.n1, sum: input.sum1, sumOfSquares: input.sumsq1 },
      { n: input.n2, sum: input.sum2, sumOfSquares: input.sumsq2 },
      input.vstar,
      input.alpha,
    )
    return compare(
      input.expected,
      {
        ...got,
        r: got.share,
        sigma2: got.labelVariance,
        u: got.excess,
        v: got.variance,
        nu: got.clock,
      },
      { ...EVIDENCE_TOLERANCES, r: 'z', sigma2: 'z', u: 'z', v: 'z' },
    )
  },

  engine_decision: decisionChecks,

  probability_best: (vector) => {
    const { arms, expected } = z
      .object({
        arms: z.array(z.object({ x: number, n: number })),
        expected: z.object({ pBest: numbers }),
      })
      .parse(vector)
    const got = probabilityBest(arms.map(({ x, n }) => ({ successes: x, total: n })))
    return series(
      'pBest',
      got.map(({ probability }) => probability),
      expected.pBest,
      'pBest',
    )
  },

  attribution_rules: attributionChecks,
}

const EVIDENCE_TOLERANCES = {
  z: 'z',
  information: 'z',
  nu: 'z',
  logEVariantBetter: 'log',
  logEControlBetter: 'log',
  logETwoSided: 'log',
  pAnytime: 'log',
}

function decisionChecks(vector: Readonly<Record<string, unknown>>): Check[] {
  const { config, looks, expected } = z
    .object({
      config: z.looseObject({
        metric: z.enum(['rate', 'revenue']),
        confidence: number,
        weights: numbers,
        holdout: z.array(z.boolean()),
        minSample: number,
        minConversions: number,
        minRuntimeMinutes: number,
        horizonMinutes: number.nullable(),
        plannedRecipients: number,
        baselineRate: number.nullish(),
        baselineSecondMoment: number.nullish(),
      }),
      looks: z.array(
        z.object({
          minute: number,
          arms: z.array(
            z.object({
              n: number,
              x: number.optional(),
              buyers: number.optional(),
              sum: number.default(0),
              sumsq: number.default(0),
            }),
          ),
        }),
      ),
      expected: z.array(z.looseObject({ pairs: z.array(loose), srmLogE: number })),
    })
    .parse(vector)
  const setup: DecisionSetup = {
    metric: config.metric,
    confidence: config.confidence,
    weights: config.weights,
    holdout: config.holdout,
    minSample: config.minSample,
    minConversions: config.minConversions,
    minRuntimeMinutes: config.minRuntimeMinutes,
    horizonMinutes: config.horizonMinutes,
    plannedRecipients: config.plannedRecipients,
    baselineRate: config.baselineRate ?? null,
    baselineSecondMoment: config.baselineSecondMoment ?? null,
  }
  const verdicts = judgeLooks(
    setup,
    looks.map(({ minute, arms }) => ({
      minute,
      arms: arms.map(({ n, x, buyers, sum, sumsq }) => ({
        n,
        successes: x ?? buyers ?? 0,
        sum,
        sumOfSquares: sumsq,
      })),
    })),
  )
  return [
    { name: 'looks judged', got: verdicts.length, expected: expected.length },
    ...expected.flatMap((wanted, index) => {
      const verdict = verdicts[index]
      const at = `look ${index + 1}`
      const plain = ['minute', 'state', 'reason', 'leader', 'winner'] as const
      return [
        ...plain.map((key) => ({ name: `${at} ${key}`, got: verdict?.[key], expected: wanted[key] })),
        { name: `${at} pairs`, got: verdict?.pairs.length, expected: wanted.pairs.length },
        {
          name: `${at} srmLogE`,
          got: verdict?.sampleRatioLogE,
          expected: wanted.srmLogE,
          tolerance: 'srmLogE',
        },
        ...wanted.pairs.flatMap((pair, place) => {
          const got = verdict?.pairs[place]
          const values = got?.kind === 'early' ? { ...got, nu: got.clock } : { ...got }
          return compare(pair, values, { z: 'z', nu: 'nu', logE: 'logE', p: 'p' }).map((check) => ({
            ...check,
            name: `${at} pair ${place + 1} ${check.name}`,
          }))
        }),
      ]
    }),
  ]
}

function attributionChecks(vector: Readonly<Record<string, unknown>>): Check[] {
  const model = z.object({
    weights: numbers,
    cents: numbers,
    channels: z.record(z.string(), z.object({ weight: number, cents: number })),
  })
  const { touches, conversion, expected, ...rules } = z
    .object({
      touches: z.array(z.object({ channel: z.string(), at: number })),
      conversion: z.object({ at: number, value: number }),
      lookbackDays: number,
      halfLifeDays: number,
      position: z.tuple([number, number]),
      expected: z.object({
        touchOrder: numbers,
        models: z.record(z.string(), model).nullable(),
        unattributed: z.boolean().default(false),
      }),
    })
    .parse(vector)
  const credit = creditConversion(
    touches,
    { at: conversion.at, amountMinor: Math.round(conversion.value * 100) },
    { windowDays: rules.lookbackDays, halfLifeDays: rules.halfLifeDays, position: rules.position },
  )
  const got: Readonly<Record<string, { weights: number[]; amountsMinor: number[] }>> = credit.models ?? {}
  return [
    ...series('touchOrder', credit.order, expected.touchOrder),
    { name: 'unattributed', got: credit.models === null, expected: expected.unattributed },
    ...Object.entries(expected.models ?? {}).flatMap(([name, wanted]) => {
      const weights = got[name]?.weights ?? []
      const cents = got[name]?.amountsMinor ?? []
      const sumOver = (values: readonly number[], channel: string): number =>
        credit.order.reduce(
          (sum, touch, place) => (touches[touch]?.channel === channel ? sum + (values[place] ?? 0) : sum),
          0,
        )
      return [
        ...series(`${name} weights`, weights, wanted.weights, 'weights'),
        ...series(`${name} cents`, cents, wanted.cents),
        ...Object.entries(wanted.channels).flatMap(([channel, { weight, cents: amount }]) => [
          {
            name: `${name} ${channel} weight`,
            got: sumOver(weights, channel),
            expected: weight,
            tolerance: 'weights',
          },
          { name: `${name} ${channel} cents`, got: sumOver(cents, channel), expected: amount },
        ]),
      ]
    }),
  ]
}

/** Two arms as the files write them: 1 is the control, 2 the variant. */
function pairOf(vector: Readonly<Record<string, unknown>>) {
  const { x1, n1, x2, n2, expected } = z
    .object({ x1: number, n1: number, x2: number, n2: number, expected: loose })
    .parse(vector)
  return {
    control: { successes: x1, total: n1 },
    variant: { successes: x2, total: n2 },
    expected,
  }
}

function samplesOf(vector: Readonly<Record<string, unknown>>): [Moments, Moments] {
  const { summary, control, variant } = z
    .object({
      summary: z
        .object({ n1: number, mean1: number, sd1: number, n2: number, mean2: number, sd2: number })
        .optional(),
      control: numbers.optional(),
      variant: numbers.optional(),
    })
    .parse(vector)
  if (!summary) return [momentsOf(control ?? []), momentsOf(variant ?? [])]
  return [
    { n: summary.n1, mean: summary.mean1, variance: summary.sd1 ** 2 },
    { n: summary.n2, mean: summary.mean2, variance: summary.sd2 ** 2 },
  ]
}

/** Every value that the case expects, beside ours; those without a tolerance must be equal. */
function compare(
  expected: Readonly<Record<string, unknown>>,
  got: Readonly<Record<string, unknown>>,
  tolerances: Readonly<Record<string, string>>,
  ignored: readonly string[] = [],
): Check[] {
  return Object.entries(expected)
    .filter(([name]) => !ignored.includes(name))
    .map(([name, value]) => {
      const tolerance = tolerances[name]
      const check = { name, got: got[name], expected: value }
      return tolerance === undefined ? check : { ...check, tolerance }
    })
}

function series(
  name: string,
  got: readonly number[],
  expected: readonly number[],
  tolerance?: string,
): Check[] {
  return [
    { name: `${name} length`, got: got.length, expected: expected.length },
    ...expected.map((value, place) => {
      const check = { name: `${name}[${place}]`, got: got[place], expected: value }
      return tolerance === undefined ? check : { ...check, tolerance }
    }),
  ]
}

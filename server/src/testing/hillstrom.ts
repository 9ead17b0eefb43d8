/**
 * The Hillstrom e-mail test (MineThatData, 2008): 64,000 customers in three arms, and what its published analysis comes
 * to. Evaluation data beside the project: not shipped.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import type { ExperimentResults } from '../experiments/index.ts'

const SHARED = new URL('../../../../shared/', import.meta.url)
const DATA = fileURLToPath(new URL('data/hillstrom/hillstrom.csv.gz', SHARED))
const EXPECTED = fileURLToPath(new URL('reference/hillstrom-expected.json', SHARED))

/** The arms, as the file calls them, in the order of the variants: the silent one last. */
export const HILLSTROM_ARMS = ['Womens E-Mail', 'Mens E-Mail', 'No E-Mail'] as const

/** One customer of the file. */
export interface HillstromRow {
  email: string
  arm: string
  hasVisited: boolean
  hasBought: boolean
  spendMinor: number
}

/** Whether data and expected figures lie beside the project. */
export const hasHillstromTest = (): boolean => existsSync(DATA) && existsSync(EXPECTED)

/** The customers in the order of the file. @param every  takes one in so many */
export function hillstromRows(every = 1): HillstromRow[] {
  const [header = '', ...lines] = gunzipSync(readFileSync(DATA)).toString('utf8').trim().split(/\r?\n/)
  // One column in the middle holds commas within quotes: places are counted from the end.
  const names = header.split(',')
  const place = (name: string): number => names.indexOf(name) - names.length
  return lines.flatMap((line, index) => {
    if (index % every !== 0) return []
    const cells = line.split(',')
    return [
      {
        email: `customer${index}@people.example`,
        arm: cells.at(place('segment')) ?? '',
        hasVisited: cells.at(place('visit')) === '1',
        hasBought: cells.at(place('conversion')) === '1',
        spendMinor: Math.round(Number(cells.at(place('spend'))) * 100),
      },
    ]
  })
}

/** What everybody did in the two weeks after the mail, as the shop's events. */
export function hillstromEvents(rows: readonly HillstromRow[], goal: 'visit' | 'conversion'): object[] {
  return rows.flatMap(({ email, hasVisited, hasBought, spendMinor }, index) =>
    goal === 'visit'
      ? hasVisited
        ? [{ event: 'Shop Visited', email, properties: {} }]
        : []
      : hasBought
        ? [
            {
              event: 'Order Completed',
              email,
              properties: { order_id: `h-${index}`, revenue: spendMinor / 100, currency: 'USD' },
            },
          ]
        : [],
  )
}

const interval = z.tuple([z.number(), z.number()])
const outcome = z.object({
  arms: z.record(
    z.string(),
    z.object({ n: z.number(), x: z.number(), rate: z.number(), wilson95: interval }),
  ),
  pairs: z.record(
    z.string(),
    z.object({
      control: z.string(),
      variant: z.string(),
      diff: z.number(),
      relativeLift: z.number(),
      z: z.number(),
      p: z.number(),
      newcombe95: interval,
      ratio95: interval,
      holmPVsControl: z.number().optional(),
    }),
  ),
  overall: z.object({ chi2: z.number(), df: z.number(), p: z.number() }),
})

/** Everything that the published analysis of one outcome says, in order. */
export function hillstromExpected(goal: 'visit' | 'conversion') {
  const file = z
    .object({
      tolerance: z.object({ rel: z.number(), abs: z.number() }),
      visit: outcome,
      conversion: outcome,
    })
    .parse(JSON.parse(readFileSync(EXPECTED, 'utf8')))
  return { tolerance: file.tolerance, ...file[goal] }
}

/** What results of the product say otherwise than the published analysis; nothing when all is equal. */
export function hillstromDifferences(
  results: ExperimentResults,
  expected: ReturnType<typeof hillstromExpected>,
): { compared: number; problems: string[] } {
  const problems: string[] = []
  let compared = 0
  const check = (name: string, got: number | null | undefined, wanted: number): void => {
    compared += 1
    const allowed = Math.max(expected.tolerance.abs, expected.tolerance.rel * Math.abs(wanted))
    if (!(Math.abs((got ?? NaN) - wanted) <= allowed)) problems.push(`${name} is ${got}, expected ${wanted}`)
  }
  const letterOf = (arm: string) =>
    results.variants[HILLSTROM_ARMS.findIndex((known) => known === arm)]?.id ?? 'E'
  for (const [arm, wanted] of Object.entries(expected.arms)) {
    const own = results.variants.find(({ id }) => id === letterOf(arm))
    check(`${arm}: people`, own?.recipients, wanted.n)
    check(`${arm}: converted`, own?.converted, wanted.x)
    check(`${arm}: rate`, own?.value, wanted.rate)
    check(`${arm}: Wilson, lower`, own?.interval?.lower, wanted.wilson95[0])
    check(`${arm}: Wilson, upper`, own?.interval?.upper, wanted.wilson95[1])
  }
  for (const [pair, wanted] of Object.entries(expected.pairs)) {
    const own = results.comparisons.find(
      ({ variantId, againstId }) =>
        variantId === letterOf(wanted.variant) && againstId === letterOf(wanted.control),
    )
    check(`${pair}: difference`, own?.difference, wanted.diff)
    check(`${pair}: lift`, own?.lift, wanted.relativeLift)
    check(`${pair}: z`, own?.statistic, wanted.z)
    check(`${pair}: p`, own?.classicalP, wanted.p)
    check(`${pair}: Newcombe, lower`, own?.interval?.lower, wanted.newcombe95[0])
    check(`${pair}: Newcombe, upper`, own?.interval?.upper, wanted.newcombe95[1])
    check(`${pair}: ratio, lower`, (own?.liftInterval?.lower ?? NaN) + 1, wanted.ratio95[0])
    check(`${pair}: ratio, upper`, (own?.liftInterval?.upper ?? NaN) + 1, wanted.ratio95[1])
    if (wanted.holmPVsControl !== undefined)
      check(`${pair}: p, Holm`, own?.classicalPAdjusted, wanted.holmPVsControl)
  }
  check('all arms: chi-square', results.chiSquare?.chi2, expected.overall.chi2)
  check('all arms: degrees of freedom', results.chiSquare?.df, expected.overall.df)
  check('all arms: p', results.chiSquare?.p, expected.overall.p)
  return { compared, problems }
}

/** The test as it is written: men's and women's goods by mail, and nothing; the file says who gets which. */
export const hillstromTest = (email: object) => ({
  variants: [
    { name: HILLSTROM_ARMS[0] },
    { name: HILLSTROM_ARMS[1], content: { email } },
    { name: HILLSTROM_ARMS[2], isControl: true },
  ],
  settings: {
    metric: 'conversion',
    assignment: { field: 'arm', texts: [...HILLSTROM_ARMS] },
    autoApply: false,
    fallback: 'none',
  },
})

/** What counts in the test of visits. */
export const VISITS_COUNT = {
  windowDays: 14,
  touches: ['clicked'],
  counts: [{ kind: 'event', event: 'Shop Visited', filters: [], value: null }],
}

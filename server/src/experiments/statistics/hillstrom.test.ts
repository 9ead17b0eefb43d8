/** A public test of 64,000 customers, computed from its raw file: every figure equals the published analysis. */
import { access, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { chiSquareTest } from './contingency.ts'
import { holm } from './multiplicity.ts'
import {
  compareProportions,
  newcombeInterval,
  type Proportion,
  ratioInterval,
  wilsonInterval,
} from './proportions.ts'
import { checkSampleRatio } from './sample-ratio.ts'

const SHARED = new URL('../../../../../shared/', import.meta.url)
const DATA = fileURLToPath(new URL('data/hillstrom/hillstrom.csv.gz', SHARED))
const EXPECTED = fileURLToPath(new URL('reference/hillstrom-expected.json', SHARED))
const arePresent = await Promise.all([access(DATA), access(EXPECTED)]).then(
  () => true,
  () => false,
)

const pair = z.object({
  control: z.string(),
  variant: z.string(),
  diff: z.number(),
  relativeLift: z.number(),
  z: z.number(),
  p: z.number(),
  chi2: z.number(),
  chi2P: z.number(),
  chi2Yates: z.number(),
  chi2YatesP: z.number(),
  newcombe95: z.tuple([z.number(), z.number()]),
  ratio95: z.tuple([z.number(), z.number()]),
  holmPVsControl: z.number().optional(),
})
const interval = z.tuple([z.number(), z.number()])
const outcome = z.object({
  arms: z.record(
    z.string(),
    z.object({
      n: z.number(),
      x: z.number(),
      rate: z.number(),
      wilson90: interval,
      wilson95: interval,
      wilson99: interval,
    }),
  ),
  pairs: z.record(z.string(), pair),
  overall: z.object({ chi2: z.number(), df: z.number(), p: z.number() }),
})
const expectedSchema = z.object({
  tolerance: z.object({ rel: z.number(), abs: z.number() }),
  visit: outcome,
  conversion: outcome,
})

const CONTROL = 'No E-Mail'

test.skipIf(!arePresent)(
  'CS-006.1 CS-006.2 CS-006.3 the Hillstrom test comes out as published, from its raw file (skipped where ../shared/data/hillstrom is absent)',
  async () => {
    const { tolerance, ...outcomes } = expectedSchema.parse(JSON.parse(await readFile(EXPECTED, 'utf8')))
    const counts = await countArms()
    const problems: string[] = []
    const check = (name: string, got: number | null | undefined, wanted: number): void => {
      const allowed = Math.max(tolerance.abs, tolerance.rel * Math.abs(wanted))
      if (!(Math.abs((got ?? NaN) - wanted) <= allowed))
        problems.push(`${name} is ${got}, expected ${wanted}`)
    }
    for (const [measure, wanted] of Object.entries(outcomes)) {
      const arms = counts[measure as 'visit' | 'conversion'] // the two outcomes of the schema
      for (const [arm, figures] of Object.entries(wanted.arms)) {
        const own = arms.get(arm) ?? { successes: 0, total: 0 }
        check(`${measure} ${arm} n`, own.total, figures.n)
        check(`${measure} ${arm} x`, own.successes, figures.x)
        for (const level of [90, 95, 99] as const) {
          const bounds = wilsonInterval(own, level / 100)
          check(`${measure} ${arm} wilson${level} lower`, bounds?.lower, figures[`wilson${level}`][0])
          check(`${measure} ${arm} wilson${level} upper`, bounds?.upper, figures[`wilson${level}`][1])
        }
      }
      const againstControl: { name: string; p: number; wanted: number }[] = []
      for (const [name, figures] of Object.entries(wanted.pairs)) {
        const one = arms.get(figures.control) ?? { successes: 0, total: 0 }
        const two = arms.get(figures.variant) ?? { successes: 0, total: 0 }
        const byZ = compareProportions(one, two)
        const chi = chiSquareTest([one, two])
        const difference = newcombeInterval(one, two, 0.95)
        const ratio = ratioInterval(one, two, 0.95)
        check(`${measure} ${name} diff`, byZ.diff, figures.diff)
        check(`${measure} ${name} lift`, byZ.relativeLift, figures.relativeLift)
        check(`${measure} ${name} z`, byZ.z, figures.z)
        check(`${measure} ${name} p`, byZ.pTwoSided, figures.p)
        check(`${measure} ${name} chi2`, chi.chi2, figures.chi2)
        check(`${measure} ${name} chi2 p`, chi.p, figures.chi2P)
        check(`${measure} ${name} yates`, chi.yates?.chi2, figures.chi2Yates)
        check(`${measure} ${name} yates p`, chi.yates?.p, figures.chi2YatesP)
        check(`${measure} ${name} newcombe lower`, difference?.lower, figures.newcombe95[0])
        check(`${measure} ${name} newcombe upper`, difference?.upper, figures.newcombe95[1])
        check(`${measure} ${name} ratio lower`, ratio.lower, figures.ratio95[0])
        check(`${measure} ${name} ratio upper`, ratio.upper, figures.ratio95[1])
        if (figures.holmPVsControl !== undefined)
          againstControl.push({ name, p: byZ.pTwoSided, wanted: figures.holmPVsControl })
      }
      const adjusted = holm(againstControl.map(({ p }) => p))
      for (const [index, { name, wanted: p }] of againstControl.entries())
        check(`${measure} ${name} holm`, adjusted[index], p)
      const overall = chiSquareTest([...arms.values()])
      check(`${measure} overall chi2`, overall.chi2, wanted.overall.chi2)
      check(`${measure} overall p`, overall.p, wanted.overall.p)
    }
    expect(problems).toEqual([])
    expect(
      checkSampleRatio(
        [...counts.visit.values()].map(({ total }) => total),
        [1, 1, 1],
      ).mismatch,
    ).toBe(false)
  },
)

async function countArms(): Promise<Record<'visit' | 'conversion', Map<string, Proportion>>> {
  const lines = gunzipSync(await readFile(DATA))
    .toString('utf8')
    .trim()
    .split(/\r?\n/)
  // One column in the middle holds commas within quotes: places are counted from the end.
  const header = lines[0]?.split(',') ?? []
  const place = (name: string): number => header.indexOf(name) - header.length
  const counts = { visit: new Map<string, Proportion>(), conversion: new Map<string, Proportion>() }
  for (const arm of [CONTROL, 'Mens E-Mail', 'Womens E-Mail'])
    for (const map of Object.values(counts)) map.set(arm, { successes: 0, total: 0 })
  for (const line of lines.slice(1)) {
    const cells = line.split(',')
    const arm = cells.at(place('segment')) ?? ''
    for (const measure of ['visit', 'conversion'] as const) {
      const before = counts[measure].get(arm)
      if (before)
        counts[measure].set(arm, {
          successes: before.successes + Number(cells.at(place(measure))),
          total: before.total + 1,
        })
    }
  }
  return counts
}

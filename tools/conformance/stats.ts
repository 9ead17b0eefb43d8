/**
 * Statistical vectors: one file per family, each case an input with what a reference implementation made of it.
 * A value passes within the tolerance that its file names. What a file calls optional is not asked for.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { families } from './stats-families.ts'
import type { CaseResult, ConformanceKind } from './kind.ts'

const toleranceSchema = z.object({ abs: z.number().default(0), rel: z.number().default(0) })
const fileSchema = z.object({
  family: z.string(),
  tolerance: z.record(z.string(), z.unknown()),
  cases: z.array(z.looseObject({ id: z.string(), expected: z.unknown() })),
})

/** The kind, as the registry has it. */
export const stats: ConformanceKind = {
  summary: 'one JSON file per family of statistics, with inputs and reference values',
  run: async function* (dir) {
    const names = (await readdir(dir)).filter((name) => name.endsWith('.json'))
    for (const name of names.sort()) {
      const file = fileSchema.parse(JSON.parse(await readFile(join(dir, name), 'utf8')))
      const family = families[file.family]
      if (!family) {
        yield { id: name, problem: `the family "${file.family}" is not known here` }
        continue
      }
      for (const vector of file.cases) yield judge(file.tolerance, family, vector)
    }
  },
}

/** What a family's code gave for one value of a case. */
export interface Check {
  /** Where in the case, for the message. */
  name: string
  got: unknown
  expected: unknown
  /** The name of the tolerance in the file; none means equal. */
  tolerance?: string
}

/** Runs one case. */
export type Family = (vector: Readonly<Record<string, unknown>>) => readonly Check[]

function judge(
  tolerances: Readonly<Record<string, unknown>>,
  family: Family,
  vector: { id: string } & Record<string, unknown>,
): CaseResult {
  const problems = family(vector).flatMap((check) => {
    const tolerance =
      check.tolerance === undefined ? { abs: 0, rel: 0 } : toleranceSchema.parse(tolerances[check.tolerance])
    return isWithin(check, tolerance)
      ? []
      : [`${check.name} is ${String(check.got)}, expected ${String(check.expected)}`]
  })
  return { id: vector.id, problem: problems.length === 0 ? null : problems.join('; ') }
}

function isWithin({ got, expected }: Check, { abs, rel }: { abs: number; rel: number }): boolean {
  const wanted =
    expected === 'Infinity' ? Infinity : expected === '-Infinity' ? -Infinity : (expected ?? null)
  if (typeof wanted !== 'number' || typeof got !== 'number') return (got ?? null) === wanted
  if (!Number.isFinite(wanted) || !Number.isFinite(got)) return got === wanted
  return Math.abs(got - wanted) <= Math.max(abs, rel * Math.abs(wanted))
}

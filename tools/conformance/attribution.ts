/**
 * Journeys over channels with what each model makes of them: `paths.csv.gz` (path; conversions; value; lost journeys) and
 * `expected.json`. Data for evaluation: it lies beside the project and is no part of it.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import {
  type ChannelCredit,
  firstTouchCredit,
  type JourneyGroup,
  lastTouchCredit,
  linearCredit,
  markovCredit,
  shapleyCredit,
} from '../../server/src/analytics/attribution/journeys.ts'
import type { CaseResult, ConformanceKind } from './kind.ts'

/** Both sides are solved exactly; sums of 10,000 rows differ by the order of adding only. */
const TOLERANCE = { rel: 1e-9, abs: 1e-9 }

const byChannel = z.record(z.string(), z.number())
const creditSchema = z.object({ conversions: byChannel, value: byChannel.optional() })
const expectedSchema = z.object({
  first: creditSchema,
  last: creditSchema,
  linear: creditSchema,
  shapley: creditSchema.optional(),
  markov_order1: z.object({
    with_null: z.object({
      p_conversion: z.number(),
      removal_effect: byChannel,
      conversions: byChannel,
    }),
  }),
})

/** The kind, as the registry has it. */
export const attribution: ConformanceKind = {
  summary: 'paths.csv.gz and expected.json: first, last, linear, Shapley and Markov credit',
  run: async function* (dir) {
    const groups = readGroups(gunzipSync(await readFile(join(dir, 'paths.csv.gz'))).toString('utf8'))
    const expected = expectedSchema.parse(JSON.parse(await readFile(join(dir, 'expected.json'), 'utf8')))
    const simple = {
      first: firstTouchCredit,
      last: lastTouchCredit,
      linear: linearCredit,
      shapley: shapleyCredit,
    }
    for (const [name, model] of Object.entries(simple)) {
      const wanted = expected[name as keyof typeof simple] // the names of the table above
      if (wanted) yield* judgeCredit(name, model(groups), wanted)
    }
    const wanted = expected.markov_order1.with_null
    const markov = markovCredit(groups)
    yield judge('markov p_conversion', markov.conversionProbability, wanted.p_conversion)
    yield* judgeMap('markov removal_effect', markov.removalEffect, wanted.removal_effect)
    yield* judgeMap('markov conversions', markov.conversions, wanted.conversions)
  },
}

function* judgeCredit(
  name: string,
  credit: ChannelCredit,
  wanted: z.infer<typeof creditSchema>,
): Generator<CaseResult> {
  yield* judgeMap(`${name} conversions`, credit.conversions, wanted.conversions)
  if (wanted.value) yield* judgeMap(`${name} value`, credit.value, wanted.value)
}

function* judgeMap(
  name: string,
  got: ReadonlyMap<string, number>,
  wanted: Readonly<Record<string, number>>,
): Generator<CaseResult> {
  for (const [channel, value] of Object.entries(wanted))
    yield judge(`${name} ${channel}`, got.get(channel) ?? 0, value)
}

function judge(id: string, got: number, wanted: number): CaseResult {
  const isWithin = Math.abs(got - wanted) <= Math.max(TOLERANCE.abs, TOLERANCE.rel * Math.abs(wanted))
  return { id, problem: isWithin ? null : `is ${got}, expected ${wanted}` }
}

/** Rows of `a > b > a;conversions;value;lost`, below a header. */
function readGroups(text: string): JourneyGroup[] {
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [path = '', conversions, value, lost] = line.trim().replaceAll('"', '').split(';')
      return {
        channels: path.split('>').map((channel) => channel.trim()),
        conversions: Number(conversions),
        value: Number(value),
        lost: Number(lost),
      }
    })
}

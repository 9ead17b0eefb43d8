/** The results of a test as a file. Source: CS-006.5 */
import type { FastifyReply } from 'fastify'
import { resultsOf, type ExperimentResults } from '../../experiments/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { ExperimentId } from '../../platform/ids.ts'
import { csvLines, type CsvLine } from '../service/report-csv.ts'

/** @throws experiments.not_found */
export async function exportResults(ctx: Ctx, id: ExperimentId, reply: FastifyReply): Promise<string> {
  const results = await resultsOf(ctx, id)
  reply.header(
    'content-disposition',
    `attachment; filename="test-${ctx.now().toISOString().slice(0, 10)}.csv"`,
  )
  return csvLines(linesOf(results))
}

function linesOf(results: ExperimentResults): CsvLine[] {
  const { settings, decision, verdict } = results
  return [
    ['figure', 'variant', 'value', 'lower', 'upper'],
    ['test', '', results.name, null, null],
    ['metric', '', settings.metric, null, null],
    ['confidence_percent', '', settings.confidence, null, null],
    ['status', '', results.status, null, null],
    ['verdict', verdict?.leaderId ?? '', verdict?.state ?? null, null, null],
    ['winner', decision?.winnerId ?? '', decision?.result ?? null, null, null],
    ...results.variants.flatMap((variant): CsvLine[] => [
      ['name', variant.id, variant.name, null, null],
      ...(
        [
          'recipients',
          'opened',
          'clicked',
          'converted',
          'revenue',
          'unsubscribed',
          'complained',
          'bounced',
        ] as const
      ).map((name): CsvLine => [name, variant.id, variant[name], null, null]),
      [
        'metric_value',
        variant.id,
        variant.value,
        variant.interval?.lower ?? null,
        variant.interval?.upper ?? null,
      ],
      ['probability_best', variant.id, variant.probabilityBest, null, null],
    ]),
    ...results.comparisons.flatMap((comparison): CsvLine[] => {
      const pair = `${comparison.variantId} against ${comparison.againstId}`
      return [
        [
          'difference',
          pair,
          comparison.difference,
          comparison.interval?.lower ?? null,
          comparison.interval?.upper ?? null,
        ],
        [
          'lift',
          pair,
          comparison.lift,
          comparison.liftInterval?.lower ?? null,
          comparison.liftInterval?.upper ?? null,
        ],
        ['statistic_fixed_sample', pair, comparison.statistic, null, null],
        ['p_valid_at_every_look', pair, comparison.anytimeP, null, null],
        [`p_fixed_sample_${comparison.classicalTest}`, pair, comparison.classicalP, null, null],
        ['p_fixed_sample_holm', pair, comparison.classicalPAdjusted, null, null],
      ]
    }),
    ['chi_square', '', results.chiSquare?.chi2 ?? null, null, null],
    ['chi_square_p', '', results.chiSquare?.p ?? null, null, null],
    ['sample_ratio_p', '', results.sampleRatio.p, null, null],
  ]
}

import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Section } from '../../ui/Card.tsx'
import { Table } from '../../ui/Table.tsx'
import type { Results } from './api.ts'

/** Each variant against the first: the lift with its interval, the p that holds at every look, and the classical one. */
export function ComparisonTable({ results }: { results: Results }) {
  const t = useTranslations('campaigns.test')
  const format = useFormat()
  if (results.comparisons.length === 0) return null
  const signed = (value: number | null) =>
    value === null
      ? '—'
      : format.number(value, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' })
  const p = (value: number | null) =>
    value === null
      ? '—'
      : value < 0.001
        ? `< ${format.number(0.001)}`
        : format.number(value, { maximumFractionDigits: 3 })
  const { chiSquare } = results
  return (
    <Section
      title={t('comparison.title')}
      note={
        chiSquare === null
          ? t('comparison.note')
          : `${t('comparison.note')} ${t('comparison.chi', { p: p(chiSquare.p), df: chiSquare.df })}`
      }
      isFlush
    >
      <Table
        label={t('comparison.title')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={results.comparisons}
        rowKey={({ variantId, againstId }) => `${variantId}-${againstId}`}
        columns={[
          {
            id: 'pair',
            title: t('comparison.pair'),
            isRowHeader: true,
            cell: ({ variantId, againstId }) =>
              t('comparison.against', { id: variantId, against: againstId }),
          },
          { id: 'lift', title: t('comparison.lift'), align: 'end', cell: ({ lift }) => signed(lift) },
          {
            id: 'interval',
            title: t('comparison.interval'),
            align: 'end',
            isWideOnly: true,
            cell: ({ liftInterval }) =>
              liftInterval === null
                ? '—'
                : t('comparison.range', {
                    lower: signed(liftInterval.lower),
                    upper: signed(liftInterval.upper),
                  }),
          },
          {
            id: 'anytime',
            title: t('comparison.anytime'),
            align: 'end',
            cell: ({ anytimeP }) => p(anytimeP),
          },
          {
            id: 'classical',
            title: t('comparison.classical'),
            align: 'end',
            cell: ({ classicalPAdjusted, classicalTest }) =>
              `${p(classicalPAdjusted)} (${t(`comparison.tests.${classicalTest}`)})`,
          },
        ]}
      />
    </Section>
  )
}

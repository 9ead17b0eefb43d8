import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Section } from '../../ui/Card.tsx'
import { Table } from '../../ui/Table.tsx'
import type { Results } from './api.ts'

type Found = NonNullable<Results['incremental']>
interface Interval {
  lower: number
  upper: number
}

/** What the campaign itself brought, against people who got nothing by lot. Nothing where nobody was held out. */
export function Incremental({
  found,
  currency,
  confidence,
}: {
  found: Results['incremental']
  currency: string
  /** Of the intervals, in per cent; left out where the page does not know the test. */
  confidence?: number
}) {
  const t = useTranslations('campaigns.incremental')
  const format = useFormat()
  if (found === null) return null
  const money = (value: number | null, signDisplay: 'auto' | 'exceptZero' = 'auto') =>
    format.number(value, { style: 'currency', currency, signDisplay })
  const points = (value: number) =>
    t('points', {
      value: format.number(value * 100, { maximumFractionDigits: 2, signDisplay: 'exceptZero' }),
    })
  const range = (interval: Interval | null, show: (value: number) => string) =>
    interval === null ? '—' : t('range', { lower: show(interval.lower), upper: show(interval.upper) })
  const signedMoney = (value: number) => money(value, 'exceptZero')
  const each = ({ people, revenue }: Found['reached']) => money(people === 0 ? null : revenue / people)
  const { reached, silent, conversions, revenuePerPerson } = found
  const rows = [
    {
      id: 'rate' as const,
      reached: format.rate(reached.converted, reached.people),
      silent: format.rate(silent.converted, silent.people),
      difference: points(conversions.difference),
      interval: range(conversions.interval, points),
    },
    {
      id: 'perPerson' as const,
      reached: each(reached),
      silent: each(silent),
      difference: signedMoney(revenuePerPerson.difference),
      interval: range(revenuePerPerson.interval, signedMoney),
    },
  ]
  return (
    <Section
      title={t('title')}
      note={confidence === undefined ? t('noteReport') : t('note', { confidence })}
      isFlush
    >
      <Table
        label={t('title')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={rows}
        rowKey={({ id }) => id}
        columns={[
          { id: 'figure', title: t('figure'), isRowHeader: true, cell: ({ id }) => t(id) },
          {
            id: 'reached',
            title: t('reached', { people: format.number(reached.people) }),
            align: 'end',
            cell: (row) => row.reached,
          },
          {
            id: 'silent',
            title: t('silent', { people: format.number(silent.people) }),
            align: 'end',
            cell: (row) => row.silent,
          },
          { id: 'difference', title: t('difference'), align: 'end', cell: (row) => row.difference },
          { id: 'interval', title: t('interval'), align: 'end', cell: (row) => row.interval },
        ]}
      />
    </Section>
  )
}

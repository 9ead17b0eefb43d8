import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Stats } from '../ui/Stat.tsx'
import { TimeChart } from '../ui/TimeChart.tsx'
import type { Overview } from './api.ts'

/** Money and reach of a period, each figure beside what it was, and the curve of them. */
export function OverviewFigures({ overview }: { overview: Overview }) {
  const t = useTranslations('reports')
  const format = useFormat()
  const { currency, rates, points } = overview
  const money = (amount: number | null): string => format.number(amount, { style: 'currency', currency })
  const tile = (
    name: 'revenue' | 'cost' | 'profit' | 'roi' | 'campaigns' | 'sent' | 'click' | 'conversion',
    { now, before }: { now: number | null; before: number | null },
    as: (value: number | null) => string,
  ) => ({
    label: t(`overview.figures.${name}`),
    value: as(now),
    of: t('overview.before', { value: as(before) }),
  })
  const ratio = ({ now, before }: Overview['rates']['click']) => ({ now: now.ratio, before: before.ratio })
  return (
    <>
      <Stats
        label={t('overview.label')}
        items={[
          tile('revenue', overview.revenue, money),
          tile('cost', overview.cost, money),
          tile('profit', overview.profit, money),
          tile('roi', overview.roi, (value) => format.percent(value, 0)),
          tile('campaigns', overview.campaigns, format.number),
          tile('sent', overview.sent, format.number),
          tile('click', ratio(rates.click), format.percent),
          tile('conversion', ratio(rates.conversion), format.percent),
        ]}
      />
      <TimeChart
        title={t('overTime')}
        times={points.map(({ on }) => new Date(`${on}T12:00:00Z`))}
        series={(['sent', 'clicked', 'converted'] as const).map((id) => ({
          id,
          label: t(`series.${id}`),
          values: points.map((point) => point[id]),
        }))}
        formatTime={format.date}
        formatValue={format.number}
      />
    </>
  )
}

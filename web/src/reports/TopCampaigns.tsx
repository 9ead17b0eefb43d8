import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Section } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Link } from '../ui/Link.tsx'
import { Select } from '../ui/Select.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Table } from '../ui/Table.tsx'
import { useTopCampaigns } from './api.ts'
import type { Ranking } from './api.ts'

const RANKINGS = ['revenue', 'roi', 'clickRate', 'openRate', 'conversionRate'] as const

/** The best of all campaigns, by money or by rates that are more than luck. Source: CB-8.4 */
export function TopCampaigns() {
  const t = useTranslations('reports')
  const format = useFormat()
  const [by, setBy] = useState<Ranking>('revenue')
  const query = useTopCampaigns(by)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  const { items, currency } = query.data
  return (
    <Section
      title={t('top.title')}
      isFlush
      actions={
        <Select
          label={t('top.by')}
          isLabelHidden
          isCompact
          options={RANKINGS.map((value) => ({ value, label: t(`rankings.${value}`) }))}
          value={by}
          onChange={setBy}
        />
      }
    >
      <Table
        label={t('top.title')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={items}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t('top.none')}>{t('top.noneText')}</EmptyState>}
        columns={[
          {
            id: 'name',
            title: t('top.name'),
            isRowHeader: true,
            cell: ({ id, name }) => (
              <Link to="/reports/$campaignId" params={{ campaignId: id }}>
                {name}
              </Link>
            ),
          },
          {
            id: 'sent',
            title: t('top.sent'),
            align: 'end',
            isWideOnly: true,
            cell: ({ sent }) => format.number(sent),
          },
          {
            id: 'click',
            title: t('top.clickRate'),
            align: 'end',
            cell: ({ rates }) => format.percent(rates.click.ratio),
          },
          {
            id: 'conversion',
            title: t('top.conversionRate'),
            align: 'end',
            isWideOnly: true,
            cell: ({ rates }) => format.percent(rates.conversion.ratio),
          },
          {
            id: 'revenue',
            title: t('top.revenue'),
            align: 'end',
            cell: ({ revenue }) => format.number(revenue, { style: 'currency', currency }),
          },
          {
            id: 'roi',
            title: t('top.roi'),
            align: 'end',
            isWideOnly: true,
            cell: ({ roi }) => format.percent(roi, 0),
          },
        ]}
      />
    </Section>
  )
}

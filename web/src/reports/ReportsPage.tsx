import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Section } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Link } from '../ui/Link.tsx'
import { Page } from '../ui/Page.tsx'
import { Segmented } from '../ui/Segmented.tsx'
import { Select } from '../ui/Select.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Stats } from '../ui/Stat.tsx'
import { Table } from '../ui/Table.tsx'
import { TimeChart } from '../ui/TimeChart.tsx'
import { useInsights, useTopCampaigns, useTrends } from './api.ts'
import type { Ranking, Trends } from './api.ts'

const STEPS = ['day', 'week', 'month'] as const
const RANKINGS = ['revenue', 'roi', 'clickRate', 'openRate', 'conversionRate'] as const

/** How it goes over all campaigns: figures over time, the best of them, what to try next. Source: MA-7.4, CB-8.4 */
export function ReportsPage() {
  const t = useTranslations('reports')
  const [step, setStep] = useState<Trends['step']>('week')
  return (
    <Page
      title={t('title')}
      actions={
        <Segmented
          label={t('step')}
          options={STEPS.map((value) => ({ value, label: t(`steps.${value}`) }))}
          value={step}
          onChange={setStep}
        />
      }
    >
      <OverTime step={step} />
      <TopCampaigns />
      <WhatNext />
    </Page>
  )
}

function OverTime({ step }: { step: Trends['step'] }) {
  const t = useTranslations('reports')
  const format = useFormat()
  const query = useTrends(step)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  const { points, currency } = query.data
  const sum = (name: 'sent' | 'delivered' | 'clicked' | 'converted' | 'revenue'): number =>
    points.reduce((total, point) => total + point[name], 0)
  return (
    <>
      <Stats
        label={t('totals.label')}
        items={[
          { label: t('totals.sent'), value: format.number(sum('sent')) },
          {
            label: t('totals.clicked'),
            value: format.number(sum('clicked')),
            of: format.rate(sum('clicked'), sum('delivered')),
          },
          {
            label: t('totals.converted'),
            value: format.number(sum('converted')),
            of: format.rate(sum('converted'), sum('sent')),
          },
          {
            label: t('totals.revenue'),
            value: format.number(sum('revenue'), { style: 'currency', currency }),
            note: t('totals.revenueNote'),
          },
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

function TopCampaigns() {
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

function WhatNext() {
  const t = useTranslations('reports')
  const query = useInsights()
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  const { recommendations, notice, campaigns, looks } = query.data
  return (
    <Section title={t('insights.title')}>
      {recommendations.length === 0 ? (
        <EmptyState title={t('insights.none')}>
          {notice ?? t('insights.noneText', { campaigns, looks })}
        </EmptyState>
      ) : (
        <ul className="grid gap-3">
          {recommendations.map(({ feature, value, sentence, evidence }) => (
            <li key={`${feature}-${value}`} className="grid gap-0.5">
              <span className="font-medium">{sentence}</span>
              <span className="text-muted">{evidence}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

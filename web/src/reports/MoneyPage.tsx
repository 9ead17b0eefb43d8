import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Incremental } from '../campaigns/test/Incremental.tsx'
import { useFormat } from '../platform/format.ts'
import { BarList } from '../ui/BarList.tsx'
import { Section } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Page } from '../ui/Page.tsx'
import { Select } from '../ui/Select.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Stats } from '../ui/Stat.tsx'
import { Table } from '../ui/Table.tsx'
import { useRoi } from './api.ts'
import type { Model, Roi } from './api.ts'
import { ByLink } from './ByLink.tsx'
import { MODELS } from './parts.ts'
import { Spends } from './Spends.tsx'
import { Way } from './Way.tsx'

const route = getRouteApi('/shell/reports/$campaignId')

/** What one campaign earned and cost, by whichever model the reader trusts. Source: CB-8.2, CB-9.5, CS-013.7, MA-7.2 */
export function MoneyPage() {
  const t = useTranslations('reports')
  const { campaignId } = route.useParams()
  const [asked, setAsked] = useState<Model | null>(null)
  const query = useRoi(campaignId, asked)
  const model = asked ?? query.data?.chosen ?? 'last'
  return (
    <Page
      title={t('moneyTitle')}
      crumbs={[
        { label: t('title'), href: '/reports' },
        { label: t('backToCampaign'), href: `/campaigns/${campaignId}` },
      ]}
      actions={
        <Select
          label={t('model')}
          isCompact
          options={MODELS.map((value) => ({ value, label: t(`models.${value}`) }))}
          value={model}
          onChange={setAsked}
        />
      }
    >
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : query.data ? (
        <Money roi={query.data} />
      ) : (
        <SectionSkeleton />
      )}
      <Way campaignId={campaignId} />
      <Spends campaignId={campaignId} currency={query.data?.currency ?? 'EUR'} />
    </Page>
  )
}

function Money({ roi }: { roi: Roi }) {
  const t = useTranslations('reports')
  const format = useFormat()
  const money = (amount: number | null, currency = roi.currency): string =>
    format.number(amount, { style: 'currency', currency })
  return (
    <>
      <Stats
        label={t('figures.label')}
        items={[
          {
            label: t('figures.revenue'),
            value: money(roi.revenue),
            ...(roi.refunded.orders === 0
              ? {}
              : {
                  of: t('figures.refunded', {
                    amount: money(roi.refunded.amount),
                    count: roi.refunded.orders,
                  }),
                }),
          },
          {
            label: t('figures.cost'),
            value: money(roi.cost.total),
            of: t('figures.costOf', { messages: money(roi.cost.messages), spends: money(roi.cost.spends) }),
          },
          { label: t('figures.profit'), value: money(roi.profit) },
          { label: t('figures.roi'), value: format.percent(roi.roi, 0), note: t('figures.roiNote') },
          {
            label: t('figures.conversions'),
            value: format.number(roi.conversions, { maximumFractionDigits: 1 }),
            of: t('figures.people', { count: roi.convertedPeople }),
          },
          {
            label: t('figures.perConversion'),
            value: money(roi.costPerConversion),
            of: t('figures.perPerson', { amount: money(roi.costPerAcquisition) }),
          },
        ]}
      />
      {roi.otherCurrencies.length > 0 && (
        <p className="text-muted">
          {t('otherCurrencies', {
            amounts: roi.otherCurrencies.map(({ revenue, currency }) => money(revenue, currency)).join(' · '),
          })}
        </p>
      )}
      <Incremental found={roi.incremental} currency={roi.currency} />
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2">
        <ByModel roi={roi} money={money} />
        <TimeToConvert time={roi.timeToConvert} />
      </div>
      <ByLink roi={roi} money={money} />
    </>
  )
}

function ByModel({ roi, money }: { roi: Roi; money: (amount: number) => string }) {
  const t = useTranslations('reports')
  const format = useFormat()
  return (
    <Section title={t('byModel.title')} isFlush>
      <Table
        label={t('byModel.title')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={roi.models}
        rowKey={({ model }) => model}
        columns={[
          {
            id: 'model',
            title: t('byModel.model'),
            isRowHeader: true,
            cell: ({ model }) => t(`models.${model}`),
          },
          {
            id: 'conversions',
            title: t('byModel.conversions'),
            align: 'end',
            cell: ({ conversions }) => format.number(conversions, { maximumFractionDigits: 1 }),
          },
          { id: 'revenue', title: t('byModel.revenue'), align: 'end', cell: ({ revenue }) => money(revenue) },
          {
            id: 'roi',
            title: t('byModel.roi'),
            align: 'end',
            isWideOnly: true,
            cell: (row) => format.percent(row.roi, 0),
          },
        ]}
      />
    </Section>
  )
}

const MINUTES_AN_HOUR = 60
const HOURS_A_DAY = 24

function TimeToConvert({ time }: { time: Roi['timeToConvert'] }) {
  const t = useTranslations('reports')
  const format = useFormat()
  const duration = (minutes: number): string => {
    if (minutes < MINUTES_AN_HOUR) return t('time.minutes', { count: Math.max(1, Math.round(minutes)) })
    const hours = minutes / MINUTES_AN_HOUR
    return hours < 2 * HOURS_A_DAY
      ? t('time.hours', { count: Math.round(hours) })
      : t('time.days', { count: Math.round(hours / HOURS_A_DAY) })
  }
  return (
    <Section title={t('time.title')}>
      {time === null ? (
        <EmptyState title={t('time.none')}>{t('time.noneText')}</EmptyState>
      ) : (
        <div className="grid gap-3">
          <p>
            {t('time.median', { duration: duration(time.medianMinutes), p90: duration(time.p90Minutes) })}
          </p>
          <BarList
            label={t('time.title')}
            items={time.buckets.map(({ uptoHours, conversions }) => ({
              label: t('time.upto', { hours: uptoHours }),
              value: conversions,
              text: format.number(conversions),
            }))}
          />
        </div>
      )}
    </Section>
  )
}

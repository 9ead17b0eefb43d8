import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { POST_PLATFORMS } from '../campaigns/links/platforms.ts'
import { useFormat } from '../platform/format.ts'
import { BarList } from '../ui/BarList.tsx'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { DateField } from '../ui/DateField.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { HrefLink } from '../ui/Link.tsx'
import { FilterBar, Page } from '../ui/Page.tsx'
import { Select } from '../ui/Select.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Stats } from '../ui/Stat.tsx'
import { Table } from '../ui/Table.tsx'
import { useMoneyBy } from './api.ts'
import type { MoneyBy, MoneyPart } from './api.ts'
import { CHANNELS, MONEY_PARTS, TYPES } from './parts.ts'

const route = getRouteApi('/shell/reports/money')
/** Bars that are read at a glance; the table has the rest. */
const BARS_MAX = 10

type Line = MoneyBy['items'][number]

/** Where money comes from and goes to; by what it is told apart stands in the address. Source: CB-8.2, CB-9.5, MA-7.2 */
export function MoneyByPage() {
  const t = useTranslations('reports')
  const asked = route.useSearch().by
  const by = MONEY_PARTS.find((known) => known === asked) ?? 'campaign'
  const navigate = useNavigate()
  const [days, setDays] = useState<{ from: string | null; to: string | null }>({ from: null, to: null })
  const question = {
    by,
    ...(days.from === null ? {} : { from: days.from }),
    ...(days.to === null ? {} : { to: days.to }),
  }
  const query = useMoneyBy(question)
  const found = query.data
  return (
    <Page
      title={t('moneyBy.title')}
      subtitle={t('moneyBy.subtitle')}
      crumbs={[{ label: t('title'), href: '/reports' }]}
      actions={
        <>
          <HrefLink href="/reports/spends">{t('spendFiles.link')}</HrefLink>
          <HrefLink href="/settings/prices">{t('prices.title')}</HrefLink>
          {(['csv', 'pdf'] as const).map((format) => (
            <Button
              key={format}
              icon={<Download aria-hidden />}
              onPress={() =>
                location.assign(
                  `/api/analytics/money?${new URLSearchParams({ ...question, format }).toString()}`,
                )
              }
            >
              {format.toUpperCase()}
            </Button>
          ))}
        </>
      }
    >
      <FilterBar>
        <Select
          label={t('moneyBy.by')}
          options={MONEY_PARTS.map((value) => ({ value, label: t(`moneyBy.parts.${value}`) }))}
          value={by}
          onChange={(part) => void navigate({ to: '/reports/money', search: { by: part }, replace: true })}
        />
        <DateField
          label={t('journeys.from')}
          value={days.from ?? found?.period.from ?? null}
          onChange={(from) => setDays({ ...days, from })}
        />
        <DateField
          label={t('journeys.to')}
          value={days.to ?? found?.period.to ?? null}
          onChange={(to) => setDays({ ...days, to })}
        />
      </FilterBar>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : found ? (
        <Found found={found} />
      ) : (
        <SectionSkeleton />
      )}
    </Page>
  )
}

function Found({ found }: { found: MoneyBy }) {
  const t = useTranslations('reports')
  const format = useFormat()
  const nameOf = useLineName(found.by)
  const { currency, total, items } = found
  const money = (amount: number | null): string => format.number(amount, { style: 'currency', currency })
  const earning = items.filter(({ revenue }) => revenue !== null && revenue > 0).slice(0, BARS_MAX)
  if (items.length === 0) return <EmptyState title={t('moneyBy.none')}>{t('moneyBy.noneText')}</EmptyState>
  return (
    <>
      <Stats
        label={t('moneyBy.total')}
        items={[
          { label: t('figures.revenue'), value: money(total.revenue) },
          { label: t('figures.cost'), value: money(total.cost) },
          { label: t('figures.profit'), value: money(total.profit) },
          { label: t('figures.roi'), value: format.percent(total.roi, 0), note: t('figures.roiNote') },
          {
            label: t('figures.conversions'),
            value: format.number(total.conversions, { maximumFractionDigits: 1 }),
          },
          {
            label: t('figures.perConversion'),
            value: money(total.costPerConversion),
            of: t('figures.perPerson', { amount: money(total.costPerAcquisition) }),
          },
        ]}
      />
      {earning.length > 1 && (
        <Section title={t('moneyBy.bars')}>
          <BarList
            label={t('moneyBy.bars')}
            items={earning.map((line) => ({
              label: nameOf(line),
              value: line.revenue ?? 0,
              text: money(line.revenue),
            }))}
          />
        </Section>
      )}
      <Section
        title={t(`moneyBy.parts.${found.by}`)}
        note={
          found.isOverlapping
            ? t('moneyBy.overlapping')
            : found.by === 'platform'
              ? t('moneyBy.platforms')
              : t('moneyBy.note')
        }
        isFlush
      >
        <Lines found={found} money={money} nameOf={nameOf} />
      </Section>
    </>
  )
}

function Lines({
  found,
  money,
  nameOf,
}: {
  found: MoneyBy
  money: (amount: number | null) => string
  nameOf: (line: Line) => string
}) {
  const t = useTranslations('reports')
  const format = useFormat()
  return (
    <Table
      label={t(`moneyBy.parts.${found.by}`)}
      className="rounded-t-none border-x-0 border-b-0"
      rows={found.overlap === null ? found.items : [...found.items, found.overlap]}
      rowKey={({ id }) => id}
      columns={[
        {
          id: 'name',
          title: t(`moneyBy.parts.${found.by}`),
          isRowHeader: true,
          cell: (line) => {
            const href = hrefOf(found.by, line.id)
            return href === null ? nameOf(line) : <HrefLink href={href}>{nameOf(line)}</HrefLink>
          },
        },
        {
          id: 'campaigns',
          title: t('moneyBy.campaigns'),
          align: 'end',
          isWideOnly: true,
          cell: ({ campaigns }) => format.number(campaigns),
        },
        { id: 'revenue', title: t('figures.revenue'), align: 'end', cell: ({ revenue }) => money(revenue) },
        { id: 'cost', title: t('figures.cost'), align: 'end', cell: ({ cost }) => money(cost) },
        {
          id: 'profit',
          title: t('figures.profit'),
          align: 'end',
          isWideOnly: true,
          cell: ({ profit }) => money(profit),
        },
        { id: 'roi', title: t('top.roi'), align: 'end', cell: ({ roi }) => format.percent(roi, 0) },
        {
          id: 'conversions',
          title: t('figures.conversions'),
          align: 'end',
          isWideOnly: true,
          cell: ({ conversions }) => format.number(conversions, { maximumFractionDigits: 1 }),
        },
        {
          id: 'per',
          title: t('figures.perConversion'),
          align: 'end',
          isWideOnly: true,
          cell: ({ costPerConversion }) => money(costPerConversion),
        },
        {
          id: 'cpa',
          title: t('moneyBy.perPerson'),
          align: 'end',
          isWideOnly: true,
          cell: ({ costPerAcquisition }) => money(costPerAcquisition),
        },
      ]}
    />
  )
}

/** Where a line leads: to the money of a campaign, to a segment. */
function hrefOf(by: MoneyPart, id: string): string | null {
  if (id === '' || id === 'overlap') return null
  if (by === 'campaign') return `/reports/${id}`
  return by === 'segment' ? `/audience/segments/${id}` : null
}

/** What a line is called: channels, platforms and types by the reader's words. */
function useLineName(by: MoneyPart): (line: Line) => string {
  const t = useTranslations('reports')
  const channels = useTranslations('analytics.channels')
  const types = useTranslations('campaigns.types')
  const platforms = usePlatformName()
  return ({ id, name }) => {
    if (id === 'overlap' && by === 'segment') return t('moneyBy.overlapLine')
    if (id === '') return t(by === 'segment' ? 'moneyBy.everybody' : 'moneyBy.unnamed')
    const channel = by === 'channel' ? CHANNELS.find((known) => known === id) : undefined
    if (channel !== undefined) return channels(channel)
    const type = by === 'type' ? TYPES.find((known) => known === id) : undefined
    if (type !== undefined) return types(type)
    return by === 'platform' ? platforms(id) : name
  }
}

function usePlatformName(): (id: string) => string {
  const t = useTranslations('reports.platforms')
  return (id) => {
    const platform = POST_PLATFORMS.find((known) => known === id)
    return platform === undefined ? id : t(platform)
  }
}

import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { none, useFormat } from '../platform/format.ts'
import { BarList } from '../ui/BarList.tsx'
import { Section } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Page } from '../ui/Page.tsx'
import { Table } from '../ui/Table.tsx'
import type { Figures } from './api.ts'
import { useComparison } from './api.ts'
import { SegmentPicker } from './SegmentPicker.tsx'

const route = getRouteApi('/shell/audience/segments/compare')
const COMPARED_MAX = 5

/** Segments beside each other: what their people bring, and how many they share. */
export function ComparePage() {
  const t = useTranslations('segments')
  const { ids = [] } = route.useSearch()
  const navigate = useNavigate()
  return (
    <Page title={t('compare.title')} crumbs={[{ label: t('title'), href: '/audience/segments' }]}>
      <SegmentPicker
        label={t('compare.choose')}
        value={ids}
        onChange={(chosen) =>
          void navigate({
            to: '/audience/segments/compare',
            search: { ids: chosen.slice(0, COMPARED_MAX) },
            replace: true,
          })
        }
      />
      <Comparison ids={ids} />
    </Page>
  )
}

function Comparison({ ids }: { ids: readonly string[] }) {
  const t = useTranslations('segments')
  const format = useFormat()
  const query = useComparison(ids)
  if (ids.length < 2) return <EmptyState title={t('compare.title')}>{t('compare.hint')}</EmptyState>
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  const comparison = query.data ?? undefined
  const currency = comparison?.currency ?? 'EUR'
  const money = (amountMinor: number) => format.money({ amountMinor, currency })
  const nameOf = (id: string) => comparison?.segments.find((segment) => segment.id === id)?.name ?? id
  const perPerson = ({ people, revenueMinor }: Figures) =>
    people === 0 ? none : money(Math.round(revenueMinor / people))
  return (
    <>
      <Table
        label={t('compare.title')}
        rows={comparison?.segments}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/audience/segments/${id}`}
        columns={[
          { id: 'name', title: t('compare.segment'), isRowHeader: true, cell: ({ name }) => name },
          {
            id: 'people',
            title: t('performance.people'),
            align: 'end',
            cell: ({ figures }) => format.number(figures.people),
          },
          {
            id: 'revenue',
            title: t('performance.revenue'),
            align: 'end',
            cell: ({ figures }) => money(figures.revenueMinor),
          },
          {
            id: 'average',
            title: t('compare.averageRevenue'),
            align: 'end',
            cell: ({ figures }) => perPerson(figures),
          },
          {
            id: 'engagement',
            title: t('performance.engagement'),
            align: 'end',
            cell: ({ figures }) =>
              figures.engagementCenti === null
                ? none
                : format.number(Math.round(figures.engagementCenti / 100)),
          },
          {
            id: 'open',
            title: t('compare.open'),
            align: 'end',
            cell: ({ figures }) => format.rate(figures.opened, figures.received),
          },
          {
            id: 'converted',
            title: t('performance.converted'),
            align: 'end',
            cell: ({ figures }) => format.number(figures.converted),
          },
        ]}
      />
      {comparison !== undefined && (
        <Section title={t('compare.overlap')}>
          <BarList
            label={t('compare.overlap')}
            items={comparison.overlaps.map(({ segmentIds, people }) => ({
              label:
                segmentIds.length === 1
                  ? t('compare.only', { name: segmentIds.map(nameOf).join('') })
                  : t('compare.shared', { names: segmentIds.map(nameOf).join(' + ') }),
              value: people,
              text: format.number(people),
            }))}
          />
        </Section>
      )}
    </>
  )
}

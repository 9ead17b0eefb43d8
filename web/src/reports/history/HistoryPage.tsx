import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { DateField } from '../../ui/DateField.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { FilterBar, Page } from '../../ui/Page.tsx'
import { Pagination } from '../../ui/Pagination.tsx'
import { SearchField } from '../../ui/SearchField.tsx'
import { Select } from '../../ui/Select.tsx'
import { StatusBadge } from '../../ui/StatusBadge.tsx'
import type { TableColumn } from '../../ui/Table.tsx'
import { Table } from '../../ui/Table.tsx'
import { useKitText } from '../../ui/text.ts'
import type { Ended } from './api.ts'
import { useHistory } from './api.ts'
import { CHANNELS, TYPES } from '../parts.ts'
import type { HistorySearch, Refinement } from './search.ts'
import { compact, historySearch, RESULTS, SHOWS, SORTS, STATUSES } from './search.ts'

const route = getRouteApi('/shell/reports/history')

/** Two years of ended and archived campaigns: search, filters in the address, pages. Source: CB-15.2, CB-15.3 */
export function HistoryPage() {
  const t = useTranslations('reports.history')
  const format = useFormat()
  const search = historySearch(route.useSearch())
  const navigate = useNavigate()
  const query = useHistory(search)
  const [first] = query.data?.pages ?? []
  const rows = query.data?.pages.flatMap((page) => page.items)
  const columns = useColumns(first?.currency ?? 'EUR')
  const refine = (change: Refinement): void =>
    void navigate({ to: '/reports/history', search: { ...compact({ ...search, ...change }) }, replace: true })
  return (
    <Page title={t('title')}>
      <Filters search={search} onRefine={refine} />
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : (
        <Table
          label={t('title')}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          rowHref={({ id }) => `/campaigns/${id}`}
          empty={<EmptyState title={t('none')}>{t('noneText')}</EmptyState>}
        />
      )}
      <Pagination shown={rows?.length ?? 0} total={first?.total} pages={query} number={format.number} />
    </Page>
  )
}

function Filters({ search, onRefine }: { search: HistorySearch; onRefine: (change: Refinement) => void }) {
  const t = useTranslations('reports.history')
  const common = useKitText()
  return (
    <FilterBar>
      <SearchField
        label={t('search')}
        value={search.q ?? ''}
        onChange={(q) => onRefine({ q: q === '' ? undefined : q })}
      />
      <Choice
        name="type"
        label={t('by.type')}
        any={t('any.type')}
        all={TYPES}
        search={search}
        onRefine={onRefine}
        text={(one) => t(`types.${one}`)}
      />
      <Choice
        name="channel"
        label={t('by.channel')}
        any={t('any.channel')}
        all={CHANNELS}
        search={search}
        onRefine={onRefine}
        text={(one) => t(`channels.${one}`)}
      />
      <Choice
        name="status"
        label={t('by.status')}
        any={t('any.status')}
        all={STATUSES}
        search={search}
        onRefine={onRefine}
        text={(one) => common(`status.${one}`)}
      />
      <Choice
        name="show"
        label={t('by.show')}
        any={t('any.show')}
        all={SHOWS}
        search={search}
        onRefine={onRefine}
        text={(one) => t(`shows.${one}`)}
      />
      <Choice
        name="result"
        label={t('by.result')}
        any={t('any.result')}
        all={RESULTS}
        search={search}
        onRefine={onRefine}
        text={(one) => t(`results.${one}`)}
      />
      <Select
        label={t('sort')}
        isLabelHidden
        isCompact
        options={SORTS.map((value) => ({ value, label: t(`sorts.${value}`) }))}
        value={search.sort ?? 'endedAt'}
        onChange={(sort) => onRefine({ sort: sort === 'endedAt' ? undefined : sort })}
      />
      <DateField
        label={t('from')}
        value={search.from ?? null}
        onChange={(from) => onRefine({ from: from ?? undefined })}
      />
      <DateField
        label={t('to')}
        value={search.to ?? null}
        onChange={(to) => onRefine({ to: to ?? undefined })}
      />
    </FilterBar>
  )
}

/** One of some, or all of them. */
function Choice<Name extends 'type' | 'channel' | 'status' | 'show' | 'result'>({
  name,
  label,
  any,
  all,
  search,
  onRefine,
  text,
}: {
  name: Name
  label: string
  any: string
  all: readonly NonNullable<HistorySearch[Name]>[]
  search: HistorySearch
  onRefine: (change: { [Key in Name]?: HistorySearch[Key] | undefined }) => void
  text: (value: NonNullable<HistorySearch[Name]>) => string
}) {
  return (
    <Select
      label={label}
      isLabelHidden
      isCompact
      options={[
        { value: 'all', label: any },
        ...all.map((value) => ({ value: value as string, label: text(value) })),
      ]}
      value={search[name] ?? 'all'}
      onChange={(chosen) =>
        // A record of the one name that this list is of.
        onRefine({ [name]: all.find((value) => value === chosen) } as {
          [Key in Name]?: HistorySearch[Key] | undefined
        })
      }
    />
  )
}

function useColumns(currency: string): TableColumn<Ended>[] {
  const t = useTranslations('reports.history')
  const format = useFormat()
  return [
    {
      id: 'name',
      title: t('name'),
      isRowHeader: true,
      cell: ({ name, subject }) => (
        <span className="grid min-w-0">
          <span className="truncate">{name}</span>
          {subject !== '' && <span className="truncate text-sm font-normal text-muted">{subject}</span>}
        </span>
      ),
    },
    {
      id: 'status',
      title: t('by.status'),
      cell: ({ status, archivedAt }) => (
        <span className="inline-flex flex-wrap items-center gap-2">
          <StatusBadge status={status} />
          {archivedAt !== null && <span className="text-sm text-muted">{t('shows.archived')}</span>}
        </span>
      ),
    },
    {
      id: 'channels',
      title: t('by.channel'),
      isWideOnly: true,
      cell: ({ channels }) => channels.map((channel) => t(`channels.${channel}`)).join(', '),
    },
    {
      id: 'ended',
      title: t('sorts.endedAt'),
      isWideOnly: true,
      cell: ({ endedAt }) => <span className="text-muted">{format.date(endedAt)}</span>,
    },
    {
      id: 'sent',
      title: t('sorts.sent'),
      align: 'end',
      isWideOnly: true,
      cell: ({ sent }) => format.number(sent),
    },
    {
      id: 'click',
      title: t('sorts.clickRate'),
      align: 'end',
      cell: ({ clickRate }) => format.percent(clickRate),
    },
    {
      id: 'conversion',
      title: t('sorts.conversionRate'),
      align: 'end',
      isWideOnly: true,
      cell: ({ conversionRate }) => format.percent(conversionRate),
    },
    {
      id: 'revenue',
      title: t('sorts.revenue'),
      align: 'end',
      isWideOnly: true,
      cell: ({ revenue }) => format.number(revenue, { style: 'currency', currency }),
    },
  ]
}

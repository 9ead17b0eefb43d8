import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Activity } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Link } from '../ui/Link.tsx'
import { FilterBar, Page } from '../ui/Page.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { Badge } from '../ui/StatusBadge.tsx'
import { Table } from '../ui/Table.tsx'
import { useDefinitions } from './api.ts'
import { useEventName } from './event-name.ts'

const route = getRouteApi('/shell/audience/events')

/** The dictionary: every type of event that ever came, and what it means. */
export function EventList() {
  const t = useTranslations('tracking')
  const format = useFormat()
  const nameOf = useEventName()
  const { q = '' } = route.useSearch()
  const navigate = useNavigate()
  const query = useDefinitions(q)
  const rows = query.data?.pages.flatMap((page) => page.items)
  return (
    <Page title={t('events.title')} subtitle={t('events.subtitle')}>
      <FilterBar>
        <SearchField
          label={t('events.search')}
          value={q}
          onChange={(next) =>
            void navigate({ to: '/audience/events', search: next === '' ? {} : { q: next }, replace: true })
          }
        />
      </FilterBar>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : (
        <Table
          label={t('events.title')}
          rows={rows}
          rowKey={({ type }) => type}
          rowHref={({ type }) => `/audience/events/${encodeURIComponent(type)}`}
          empty={<Empty isSearching={q !== ''} />}
          columns={[
            {
              id: 'name',
              title: t('events.name'),
              isRowHeader: true,
              cell: (event) => <span className="font-medium break-words">{nameOf(event)}</span>,
            },
            {
              id: 'role',
              title: t('events.role'),
              cell: ({ role }) =>
                role === null ? (
                  <span className="text-muted">—</span>
                ) : (
                  <Badge tone="blue">{t(`roles.${role}`)}</Badge>
                ),
            },
            {
              id: 'volume',
              title: t('events.volume'),
              align: 'end',
              cell: ({ volume }) => format.number(volume),
            },
            {
              id: 'last',
              title: t('events.last'),
              cell: ({ lastSeenAt }) => (
                <span className="whitespace-nowrap text-muted">{format.relative(lastSeenAt)}</span>
              ),
            },
          ]}
        />
      )}
      <Pagination shown={rows?.length ?? 0} pages={query} number={format.number} />
    </Page>
  )
}

function Empty({ isSearching }: { isSearching: boolean }) {
  const t = useTranslations('tracking.events')
  if (isSearching)
    return (
      <EmptyState icon={<Activity />} title={t('noneTitle')}>
        {t('none')}
      </EmptyState>
    )
  return (
    <EmptyState icon={<Activity />} title={t('emptyTitle')}>
      {t.rich('empty', { link: (text) => <Link to="/settings/sources">{text}</Link> })}
    </EmptyState>
  )
}

import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Plus, UsersRound } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useLive } from '../platform/live.ts'
import { useRefusal } from '../platform/session.ts'
import { Badge } from '../ui/StatusBadge.tsx'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { FilterBar, Page } from '../ui/Page.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { Select } from '../ui/Select.tsx'
import type { TableColumn } from '../ui/Table.tsx'
import { Table } from '../ui/Table.tsx'
import { Tooltip } from '../ui/Tooltip.tsx'
import type { Segment } from './api.ts'
import { useSegments } from './api.ts'
import type { SegmentSearch } from './routes.tsx'
import { SegmentMenu } from './SegmentMenu.tsx'
import { StarterCards } from './StarterCards.tsx'

const route = getRouteApi('/shell/audience/segments')

/** A change of filters; `undefined` takes one out of the address. */
type Refinement = { [Key in keyof SegmentSearch]?: SegmentSearch[Key] | undefined }

/** All segments: how many people each holds and what uses it. */
export function SegmentList() {
  const t = useTranslations('segments')
  const format = useFormat()
  const search = route.useSearch()
  const navigate = useNavigate()
  const refusal = useRefusal('segments.write')
  const query = useSegments({
    ...(search.q === undefined ? {} : { q: search.q }),
    ...(search.kind === undefined ? {} : { kind: search.kind }),
    ...(search.show === 'deleted' ? { deleted: 'true' as const } : {}),
    sort: search.sort ?? 'updated',
  })
  useLive('segments.sizes', null, ['segments', 'list'])
  const columns = useColumns()
  const rows = query.data?.pages.flatMap((page) => page.items)
  const refine = (change: Refinement) =>
    void navigate({ to: '/audience/segments', search: { ...search, ...change }, replace: true })
  const create = (
    <Button
      variant="primary"
      icon={<Plus aria-hidden />}
      disabledReason={refusal}
      onPress={() => void navigate({ to: '/audience/segments/new' })}
    >
      {t('new')}
    </Button>
  )
  return (
    <Page title={t('title')} actions={create}>
      <Filters search={search} onRefine={refine} />
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : (
        <Table
          label={t('title')}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          rowHref={({ id }) => `/audience/segments/${id}`}
          rowActions={(segment) => <SegmentMenu segment={segment} />}
          sort={
            search.sort === 'name'
              ? { column: 'name', direction: 'ascending' }
              : { column: 'updated', direction: 'descending' }
          }
          onSort={({ column }) => refine({ sort: column === 'name' ? 'name' : undefined })}
          empty={<Empty search={search} />}
        />
      )}
      <Pagination
        shown={rows?.length ?? 0}
        total={query.data?.pages[0]?.total}
        pages={query}
        number={format.number}
      />
    </Page>
  )
}

function Filters({ search, onRefine }: { search: SegmentSearch; onRefine: (change: Refinement) => void }) {
  const t = useTranslations('segments')
  return (
    <FilterBar>
      <SearchField
        label={t('list.search')}
        value={search.q ?? ''}
        onChange={(q) => onRefine({ q: q === '' ? undefined : q })}
      />
      <Select
        label={t('list.kind')}
        isLabelHidden
        isCompact
        options={[
          { value: 'all' as const, label: t('list.allKinds') },
          ...(['dynamic', 'static'] as const).map((kind) => ({ value: kind, label: t(`kinds.${kind}`) })),
        ]}
        value={search.kind ?? 'all'}
        onChange={(kind) => onRefine({ kind: kind === 'all' ? undefined : kind })}
      />
      <Select
        label={t('list.show')}
        isLabelHidden
        isCompact
        options={(['live', 'deleted'] as const).map((show) => ({
          value: show,
          label: t(`list.shows.${show}`),
        }))}
        value={search.show ?? 'live'}
        onChange={(show) => onRefine({ show: show === 'live' ? undefined : show })}
      />
    </FilterBar>
  )
}

function Empty({ search }: { search: SegmentSearch }) {
  const t = useTranslations('segments')
  if (search.q !== undefined || search.kind !== undefined)
    return (
      <EmptyState icon={<UsersRound />} title={t('list.none')}>
        {t('list.noneText')}
      </EmptyState>
    )
  if (search.show === 'deleted')
    return (
      <EmptyState icon={<UsersRound />} title={t('list.noneDeleted')}>
        {t('list.noneDeletedText')}
      </EmptyState>
    )
  return (
    <div className="pb-6">
      <EmptyState icon={<UsersRound />} title={t('list.empty')}>
        {t('list.emptyText')}
      </EmptyState>
      <div className="mx-auto max-w-3xl px-5">
        <StarterCards />
      </div>
    </div>
  )
}

function useColumns(): TableColumn<Segment>[] {
  const t = useTranslations('segments')
  const format = useFormat()
  return [
    {
      id: 'name',
      title: t('list.name'),
      isRowHeader: true,
      isSortable: true,
      cell: ({ name, sentence, description }) => (
        <span className="grid">
          <span>{name}</span>
          <span className="line-clamp-1 text-sm font-normal text-muted">
            {description === '' ? sentence : description}
          </span>
        </span>
      ),
    },
    {
      id: 'kind',
      title: t('list.kind'),
      cell: ({ kind, problems }) =>
        problems.length > 0 ? (
          <Badge tone="red">{t('broken')}</Badge>
        ) : (
          <span className="whitespace-nowrap text-muted">{t(`kinds.${kind}`)}</span>
        ),
    },
    {
      id: 'size',
      title: t('list.size'),
      align: 'end',
      cell: ({ size, sizeAt }) => (
        <span title={sizeAt === null ? undefined : t('list.sizeAt', { time: format.relative(sizeAt) })}>
          {format.number(size)}
        </span>
      ),
    },
    { id: 'uses', title: t('list.usedBy'), isWideOnly: true, cell: ({ uses }) => <Uses uses={uses} /> },
    {
      id: 'updated',
      title: t('list.updated'),
      isSortable: true,
      isWideOnly: true,
      cell: ({ updatedAt }) => (
        <span className="whitespace-nowrap text-muted">{format.relative(updatedAt)}</span>
      ),
    },
  ]
}

function Uses({ uses }: Pick<Segment, 'uses'>) {
  const t = useTranslations('segments')
  const format = useFormat()
  if (uses.length === 0) return <span className="text-muted">—</span>
  return (
    <Tooltip text={format.list(uses.map(({ name }) => name))}>
      <span>{t('uses.count', { count: uses.length })}</span>
    </Tooltip>
  )
}

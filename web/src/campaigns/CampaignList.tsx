import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Mail, Plus, Send } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { Selection, SortDescriptor } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useLive } from '../platform/live.ts'
import { useRefusal } from '../platform/session.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import type { MenuEntry } from '../ui/Menu.tsx'
import { RowMenu } from '../ui/Menu.tsx'
import { FilterBar, Page } from '../ui/Page.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { Select } from '../ui/Select.tsx'
import { StatusBadge } from '../ui/StatusBadge.tsx'
import type { TableColumn } from '../ui/Table.tsx'
import { Table } from '../ui/Table.tsx'
import { useKitText } from '../ui/text.ts'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import type { CampaignStatus, CampaignSummary } from './api.ts'
import { restoreCampaign, useCampaigns, useDeleteCampaign, useDuplicate } from './api.ts'
import { MonthBudgetNotice } from './BudgetNotice.tsx'
import { CompareBar } from './CompareBar.tsx'
import type { CampaignSearch } from './routes.tsx'

const NewCampaignDialog = lazy(() =>
  import('./NewCampaignDialog.tsx').then((module) => ({ default: module.NewCampaignDialog })),
)
const route = getRouteApi('/shell/campaigns')
const STATUSES: readonly CampaignStatus[] = [
  'draft',
  'scheduled',
  'active',
  'running',
  'paused',
  'completed',
  'cancelled',
  'failed',
]

/** A change of filters; `undefined` takes one out of the address. */
type Refinement = { [Key in keyof CampaignSearch]?: CampaignSearch[Key] | undefined }

/** All campaigns: search by the beginning of a name, filters in the address, pages. */
export function CampaignList() {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const columns = useColumns()
  const search = route.useSearch()
  const navigate = useNavigate()
  const { new: isNaming, ...filters } = search
  const query = useCampaigns(filters)
  useLive('campaigns', null, ['campaigns', 'list'])
  const rows = query.data?.pages.flatMap((page) => page.items)
  const [selected, setSelected] = useState<Selection>(new Set())
  const chosen = selected === 'all' ? (rows ?? []).map(({ id }) => id) : [...selected].map(String)
  const refine = (change: Refinement) => {
    setSelected(new Set())
    void navigate({ to: '/campaigns', search: { ...filters, ...change }, replace: true })
  }
  const name = (isOpen: boolean) =>
    void navigate({ to: '/campaigns', search: isOpen ? { ...filters, new: true } : filters })
  const refusal = useRefusal('campaigns.write')
  const isFiltered = Boolean(filters.q ?? filters.status ?? filters.type ?? filters.show)
  const create = (
    <Button variant="primary" icon={<Plus aria-hidden />} disabledReason={refusal} onPress={() => name(true)}>
      {t('new')}
    </Button>
  )
  return (
    <Page title={t('title')} actions={create}>
      <MonthBudgetNotice />
      <Filters filters={filters} onRefine={refine} />
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : (
        <Table
          label={t('title')}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          rowHref={({ id }) => `/campaigns/${id}`}
          rowActions={(campaign) => <Actions campaign={campaign} />}
          selected={selected}
          onSelect={setSelected}
          sort={sortOf(filters.sort)}
          onSort={(sort) => refine({ sort: sortName(sort) })}
          empty={
            isFiltered ? (
              <EmptyState icon={<Send />} title={t('list.none')}>
                {t('list.noneText')}
              </EmptyState>
            ) : (
              <EmptyState icon={<Send />} title={t('list.empty')} action={create}>
                {t('list.emptyText')}
              </EmptyState>
            )
          }
        />
      )}
      <Pagination shown={rows?.length ?? 0} pages={query} number={format.number} />
      <CompareBar ids={chosen} onClear={() => setSelected(new Set())} />
      <Suspense>{isNaming === true && <NewCampaignDialog isOpen onOpenChange={name} />}</Suspense>
    </Page>
  )
}

function Filters({ filters, onRefine }: { filters: CampaignSearch; onRefine: (change: Refinement) => void }) {
  const t = useTranslations('campaigns')
  const common = useKitText()
  const all = { value: 'all' as const, label: t('list.allStatuses') }
  return (
    <FilterBar>
      <SearchField
        label={t('list.search')}
        value={filters.q ?? ''}
        onChange={(q) => onRefine({ q: q === '' ? undefined : q })}
      />
      <Select
        label={t('list.status')}
        isLabelHidden
        isCompact
        options={[all, ...STATUSES.map((status) => ({ value: status, label: common(`status.${status}`) }))]}
        value={filters.status ?? 'all'}
        onChange={(status) => onRefine({ status: status === 'all' ? undefined : status })}
      />
      <Select
        label={t('list.type')}
        isLabelHidden
        isCompact
        options={(['all', 'scheduled', 'triggered'] as const).map((type) => ({
          value: type,
          label: t(`list.deliveries.${type}`),
        }))}
        value={filters.type ?? 'all'}
        onChange={(type) => onRefine({ type: type === 'all' ? undefined : type })}
      />
      <Select
        label={t('list.show')}
        isLabelHidden
        isCompact
        options={(['present', 'archived', 'deleted'] as const).map((show) => ({
          value: show,
          label: t(`list.shows.${show}`),
        }))}
        value={filters.show ?? 'present'}
        onChange={(show) => onRefine({ show: show === 'present' ? undefined : show })}
      />
    </FilterBar>
  )
}

function useColumns(): TableColumn<CampaignSummary>[] {
  const t = useTranslations('campaigns')
  const format = useFormat()
  return [
    { id: 'name', title: t('list.name'), isRowHeader: true, isSortable: true, cell: ({ name }) => name },
    {
      id: 'status',
      title: t('list.status'),
      cell: ({ status, deletedAt }) => <StatusBadge status={deletedAt === null ? status : 'deleted'} />,
    },
    {
      id: 'channel',
      title: t('list.channel'),
      isWideOnly: true,
      cell: () => (
        <span className="inline-flex items-center gap-1.5 text-muted">
          <Mail aria-hidden className="size-4" />
          {t('email')}
        </span>
      ),
    },
    {
      id: 'sent',
      title: t('list.sent'),
      align: 'end',
      cell: ({ figures }) => (figures.sent === 0 ? '—' : format.number(figures.sent)),
    },
    {
      id: 'open',
      title: t('list.open'),
      align: 'end',
      isWideOnly: true,
      cell: ({ figures }) => format.percent(figures.openRate),
    },
    {
      id: 'click',
      title: t('list.click'),
      align: 'end',
      cell: ({ figures }) => format.percent(figures.clickRate),
    },
    {
      id: 'when',
      title: t('list.when'),
      cell: (campaign) => (
        <span className="text-muted">
          {format.dateTime(campaign.completedAt ?? campaign.launchedAt ?? campaign.scheduledAt)}
        </span>
      ),
    },
    {
      id: 'createdAt',
      title: t('list.created'),
      isSortable: true,
      isWideOnly: true,
      cell: ({ createdAt }) => <span className="text-muted">{format.date(createdAt)}</span>,
    },
  ]
}

function Actions({ campaign }: { campaign: CampaignSummary }) {
  const t = useTranslations('campaigns')
  const common = useKitText()
  const cache = useQueryClient()
  const duplicate = useDuplicate()
  const remove = useDeleteCampaign()
  const sayWhy = useErrorToast()
  const refusal = useRefusal('campaigns.write')
  const isGone = campaign.deletedAt !== null
  const bringBack = () =>
    restoreCampaign(campaign.id).then(() => cache.invalidateQueries({ queryKey: ['campaigns'] }))
  const entries: MenuEntry[] = [
    {
      id: 'duplicate',
      label: common('actions.duplicate'),
      disabledReason: refusal,
      onAction: () =>
        void duplicate
          .mutateAsync(campaign.id)
          .then(({ name }) => toast({ text: t('duplicated', { name }) }), sayWhy),
    },
    isGone
      ? {
          id: 'restore',
          label: common('actions.restore'),
          disabledReason: refusal,
          onAction: () =>
            void bringBack().then(() => toast({ text: t('restored', { name: campaign.name }) }), sayWhy),
        }
      : {
          id: 'delete',
          label: common('actions.delete'),
          isDangerous: true,
          disabledReason:
            refusal ??
            (campaign.status === 'running' || campaign.status === 'active' ? t('pauseFirst') : undefined),
          onAction: () =>
            // A promise, and no callback of the mutation: the row may be gone before it answers.
            void remove
              .mutateAsync(campaign.id)
              .then(() => toast({ text: t('deleted', { name: campaign.name }), onUndo: bringBack }), sayWhy),
        },
  ]
  return <RowMenu entries={entries} />
}

function sortOf(sort: CampaignSearch['sort'] = '-createdAt'): SortDescriptor {
  return { column: sort.replace('-', ''), direction: sort.startsWith('-') ? 'descending' : 'ascending' }
}

function sortName({ column, direction }: SortDescriptor): NonNullable<CampaignSearch['sort']> {
  const key = column === 'name' ? 'name' : 'createdAt'
  return direction === 'descending' ? `-${key}` : key
}

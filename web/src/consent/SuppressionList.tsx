import { ShieldOff } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { ApiError } from '../platform/api/problem.ts'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Badge } from '../ui/StatusBadge.tsx'
import type { Tone } from '../ui/StatusBadge.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { HrefLink } from '../ui/Link.tsx'
import { RowMenu } from '../ui/Menu.tsx'
import { FilterBar } from '../ui/Page.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { Select } from '../ui/Select.tsx'
import { Table } from '../ui/Table.tsx'
import type { TableColumn } from '../ui/Table.tsx'
import type { Suppression, SuppressionReason } from './api.ts'
import { useSuppressions } from './api.ts'
import { ChannelFilter } from './ChannelFilter.tsx'
import type { Refinement } from './PrivacyPage.tsx'
import { REASONS } from './routes.tsx'
import type { PrivacySearch } from './routes.tsx'

// Beneath the list, and opened from it.
const ImportedLists = lazy(() =>
  import('./ImportedLists.tsx').then((module) => ({ default: module.ImportedLists })),
)
const LiftDialog = lazy(() => import('./LiftDialog.tsx').then((module) => ({ default: module.LiftDialog })))

/** What each reason means at a glance: grey for a person's own word, red for an address that does not work. */
const tones: Record<SuppressionReason, Tone> = {
  unsubscribe: 'grey',
  complaint: 'amber',
  hard: 'red',
  soft_repeat: 'amber',
  manual: 'blue',
  erasure: 'violet',
  import: 'blue',
}

/** The addresses that are never written to. */
export function SuppressionList({
  search,
  onRefine,
}: {
  search: PrivacySearch
  onRefine: (change: Refinement) => void
}) {
  const t = useTranslations('consent')
  const format = useFormat()
  const refusal = useRefusal('suppression.write')
  const [lifting, setLifting] = useState<Suppression | null>(null)
  const query = useSuppressions({
    ...(search.address === undefined || search.address.length < 3 ? {} : { address: search.address }),
    ...(search.channel === undefined ? {} : { channel: search.channel }),
    ...(search.reason === undefined ? {} : { reason: search.reason }),
  })
  const columns = useColumns()
  // Half an address is no mistake of the reader's: nothing is found yet.
  const isHalfTyped = query.error instanceof ApiError && query.error.code === 'consent.address_invalid'
  const rows = isHalfTyped ? [] : query.data?.pages.flatMap((page) => page.items)
  return (
    <div className="grid grid-cols-1 gap-5">
      <p className="max-w-2xl text-muted">{t('suppressions.note')}</p>
      <Filters search={search} onRefine={onRefine} />
      {query.isError && !isHalfTyped ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : (
        <Table
          label={t('suppressions.title')}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          rowActions={(entry) => (
            <RowMenu
              entries={[
                {
                  id: 'lift',
                  label: t('suppressions.lift'),
                  onAction: () => setLifting(entry),
                  disabledReason: refusal ?? (entry.isLiftable ? undefined : t('suppressions.notLiftable')),
                },
              ]}
            />
          )}
          empty={<Empty search={search} />}
        />
      )}
      <Pagination shown={rows?.length ?? 0} pages={query} number={format.number} />
      <Suspense fallback={null}>
        <ImportedLists />
        {lifting !== null && <LiftDialog entry={lifting} onClose={() => setLifting(null)} />}
      </Suspense>
    </div>
  )
}

function Filters({ search, onRefine }: { search: PrivacySearch; onRefine: (change: Refinement) => void }) {
  const t = useTranslations('consent')
  return (
    <FilterBar>
      <SearchField
        label={t('suppressions.search')}
        value={search.address ?? ''}
        onChange={(address) => onRefine({ address: address === '' ? undefined : address })}
      />
      <ChannelFilter channel={search.channel} onRefine={onRefine} />
      <Select
        label={t('suppressions.reason')}
        isLabelHidden
        isCompact
        options={[
          { value: 'all' as const, label: t('suppressions.allReasons') },
          ...REASONS.map((reason) => ({ value: reason, label: t(`reasons.${reason}`) })),
        ]}
        value={search.reason ?? 'all'}
        onChange={(reason) => onRefine({ reason: reason === 'all' ? undefined : reason })}
      />
    </FilterBar>
  )
}

function useColumns(): TableColumn<Suppression>[] {
  const t = useTranslations('consent')
  const format = useFormat()
  return [
    { id: 'who', title: t('suppressions.who'), isRowHeader: true, cell: (entry) => <Who entry={entry} /> },
    {
      id: 'reason',
      title: t('suppressions.reason'),
      cell: ({ reason, note }) => (
        <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <Badge tone={tones[reason]}>{t(`reasons.${reason}`)}</Badge>
          {note !== '' && <span className="text-sm text-muted">{note}</span>}
        </span>
      ),
    },
    {
      id: 'scope',
      title: t('suppressions.scope'),
      isWideOnly: true,
      cell: ({ scope }) => <span className="text-muted">{t(`scopes.${scope}`)}</span>,
    },
    {
      id: 'since',
      title: t('suppressions.since'),
      cell: ({ createdAt, expiresAt }) => (
        <span className="grid whitespace-nowrap text-muted">
          <span>{format.date(createdAt)}</span>
          {expiresAt !== null && (
            <span className="text-sm">{t('suppressions.until', { time: format.date(expiresAt) })}</span>
          )}
        </span>
      ),
    },
  ]
}

function Who({ entry: { contact, channel, id } }: { entry: Suppression }) {
  const t = useTranslations('consent')
  const hash = id.slice(id.indexOf('-') + 1, id.indexOf('-') + 9)
  return (
    <span className="grid">
      {contact === null ? (
        <span className="font-normal text-muted">{t('suppressions.fingerprint', { hash })}</span>
      ) : (
        <HrefLink tone="text" href={`/audience/contacts/${contact.id}`}>
          {contact.name}
        </HrefLink>
      )}
      <span className="text-sm font-normal text-muted">{t(`channels.${channel}`)}</span>
    </span>
  )
}

function Empty({ search }: { search: PrivacySearch }) {
  const t = useTranslations('consent.suppressions')
  const isFiltered =
    search.address !== undefined || search.channel !== undefined || search.reason !== undefined
  return (
    <EmptyState icon={<ShieldOff />} title={isFiltered ? t('none') : t('empty')}>
      {isFiltered ? t('noneText') : t('emptyText')}
    </EmptyState>
  )
}

import { ScrollText } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { HrefLink } from '../ui/Link.tsx'
import { FilterBar } from '../ui/Page.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import { Select } from '../ui/Select.tsx'
import { Table } from '../ui/Table.tsx'
import type { TableColumn } from '../ui/Table.tsx'
import type { LedgerEntry } from './api.ts'
import { useConsentLedger } from './api.ts'
import { ChannelFilter } from './ChannelFilter.tsx'
import type { Refinement } from './PrivacyPage.tsx'
import { STATES } from './routes.tsx'
import type { PrivacySearch } from './routes.tsx'
import { usePurposeText } from './purpose-text.ts'
import { useSourceText } from './source-text.ts'
import { WordBadge } from './WordBadge.tsx'

/** Everything that anybody agreed to or withdrew, latest first. */
export function ConsentLedger({
  search,
  onRefine,
}: {
  search: PrivacySearch
  onRefine: (change: Refinement) => void
}) {
  const t = useTranslations('consent')
  const format = useFormat()
  const query = useConsentLedger({
    ...(search.channel === undefined ? {} : { channel: search.channel }),
    ...(search.state === undefined ? {} : { state: search.state }),
  })
  const columns = useColumns()
  const rows = query.data?.pages.flatMap((page) => page.items)
  const isFiltered = search.channel !== undefined || search.state !== undefined
  return (
    <div className="grid grid-cols-1 gap-5">
      <p className="max-w-2xl text-muted">{t('ledger.note')}</p>
      <FilterBar>
        <ChannelFilter channel={search.channel} onRefine={onRefine} />
        <Select
          label={t('ledger.stateFilter')}
          isLabelHidden
          isCompact
          options={[
            { value: 'all' as const, label: t('ledger.allStates') },
            ...STATES.map((state) => ({ value: state, label: t(`states.${state}`) })),
          ]}
          value={search.state ?? 'all'}
          onChange={(state) => onRefine({ state: state === 'all' ? undefined : state })}
        />
      </FilterBar>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : (
        <Table
          label={t('ledger.title')}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          empty={
            <EmptyState icon={<ScrollText />} title={isFiltered ? t('ledger.none') : t('ledger.empty')}>
              {isFiltered ? t('ledger.noneText') : t('ledger.emptyText')}
            </EmptyState>
          }
        />
      )}
      <Pagination shown={rows?.length ?? 0} pages={query} number={format.number} />
    </div>
  )
}

function useColumns(): TableColumn<LedgerEntry>[] {
  const t = useTranslations('consent')
  const format = useFormat()
  const sourceText = useSourceText()
  const purposeText = usePurposeText()
  return [
    {
      id: 'who',
      title: t('ledger.who'),
      isRowHeader: true,
      cell: ({ contact }) =>
        contact.name === '' ? (
          <span className="font-normal text-muted">{t('ledger.gone')}</span>
        ) : (
          <HrefLink tone="text" href={`/audience/contacts/${contact.id}`}>
            {contact.name}
          </HrefLink>
        ),
    },
    { id: 'state', title: t('ledger.state'), cell: ({ state }) => <WordBadge state={state} /> },
    {
      id: 'what',
      title: t('ledger.what'),
      cell: (entry) => (
        <span className="grid">
          <span>{t(`channels.${entry.channel}`)}</span>
          <span className="text-sm text-muted">{purposeText(entry)}</span>
        </span>
      ),
    },
    {
      id: 'source',
      title: t('ledger.source'),
      isWideOnly: true,
      cell: (entry) => <span className="text-muted">{sourceText(entry)}</span>,
    },
    {
      id: 'when',
      title: t('ledger.when'),
      cell: ({ occurredAt }) => (
        <span className="whitespace-nowrap text-muted">{format.dateTime(occurredAt)}</span>
      ),
    },
  ]
}

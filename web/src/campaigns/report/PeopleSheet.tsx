import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Sheet } from '../../ui/Dialog.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { Pagination } from '../../ui/Pagination.tsx'
import { Table } from '../../ui/Table.tsx'
import type { Channel, PeopleOf } from '../api.ts'
import { usePeople } from '../api.ts'
import { useReasonText } from '../reasons.ts'
import { useChannelColumn } from './channel-column.ts'

/** Which number was pressed. */
export interface PeopleBehind {
  of: PeopleOf
  reason?: string
  /** All channels when absent. */
  channel?: Channel
  /** The number of a link that was followed. */
  link?: number
  /** One run; all of the campaign when absent. */
  runId?: string
  title: string
}

/** The people behind a number, each leading to their page. */
export function PeopleSheet({
  campaignId,
  people,
  onClose,
}: {
  campaignId: string
  people: PeopleBehind | null
  onClose: () => void
}) {
  return (
    <Sheet
      title={people?.title ?? ''}
      isOpen={people !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      {people !== null && <People campaignId={campaignId} people={people} />}
    </Sheet>
  )
}

function People({ campaignId, people }: { campaignId: string; people: PeopleBehind }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const reasonText = useReasonText()
  const query = usePeople(campaignId, people)
  const rows = query.data?.pages.flatMap((page) => page.items)
  // A person has a row for every channel.
  const channelColumn = useChannelColumn<NonNullable<typeof rows>[number]>(
    rows?.map(({ channel }) => channel) ?? [],
    ({ channel }) => channel,
  )
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  return (
    <div className="grid gap-4">
      <Table
        label={people.title}
        rows={rows}
        rowKey={({ contactId, channel }) => `${contactId}:${channel ?? ''}`}
        rowHref={({ contactId }) => `/audience/contacts/${contactId}`}
        empty={<EmptyState title={t('report.people.none')} />}
        columns={[
          {
            id: 'who',
            title: t('report.people.who'),
            isRowHeader: true,
            cell: ({ email, firstName, lastName }) =>
              [firstName, lastName].filter(Boolean).join(' ') || (email ?? t('report.people.erased')),
          },
          { id: 'email', title: t('report.people.email'), cell: ({ email }) => email ?? '—' },
          ...channelColumn,
          ...(people.reason === undefined
            ? [
                {
                  id: 'reason',
                  title: t('report.people.reason'),
                  cell: ({ reason }: { reason: string | null }) =>
                    reason === null ? '—' : reasonText(reason),
                },
              ]
            : []),
        ]}
      />
      <Pagination shown={rows?.length ?? 0} pages={query} number={format.number} />
    </div>
  )
}

import { UserMinus, UsersRound } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Section } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import type { TableColumn } from '../ui/Table.tsx'
import { Table } from '../ui/Table.tsx'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import type { Segment, SegmentPerson } from './api.ts'
import { useAddMembers, useMembers, useRemoveMember } from './api.ts'
import { nameOf } from './PeopleLinks.tsx'

/** The people in a segment, newest first; on a list each can be taken off, and put back. */
export function MemberTable({ segment, actions }: { segment: Segment; actions?: ReactNode }) {
  const t = useTranslations('segments')
  const format = useFormat()
  const query = useMembers(segment.id)
  const isList = segment.kind === 'static'
  const columns = useColumns()
  const rows = query.data?.pages.flatMap((page) => page.items)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  return (
    <Section title={t(isList ? 'members.title' : 'members.titleDynamic')} actions={actions} isFlush>
      {rows?.length === 0 ? (
        <EmptyState icon={<UsersRound />} title={t(isList ? 'members.empty' : 'members.emptyDynamic')}>
          {t(isList ? 'members.emptyText' : 'members.emptyDynamicText')}
        </EmptyState>
      ) : (
        <Table
          label={t(isList ? 'members.title' : 'members.titleDynamic')}
          className="rounded-t-none border-x-0 border-b-0"
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          rowHref={({ id }) => `/audience/contacts/${id}`}
          {...(isList
            ? { rowActions: (person: SegmentPerson) => <Remove segment={segment} person={person} /> }
            : {})}
        />
      )}
      {query.hasNextPage && (
        <div className="px-5 py-3">
          <Pagination
            shown={rows?.length ?? 0}
            total={segment.size ?? undefined}
            pages={query}
            number={format.number}
          />
        </div>
      )}
    </Section>
  )
}

function Remove({ segment, person }: { segment: Segment; person: SegmentPerson }) {
  const t = useTranslations('segments')
  const refusal = useRefusal('segments.write')
  const remove = useRemoveMember(segment.id)
  const add = useAddMembers(segment.id)
  const sayWhy = useErrorToast()
  const name = nameOf(person) ?? t('preview.nameless')
  return (
    <IconButton
      label={t('members.remove', { name })}
      size="sm"
      disabledReason={refusal}
      onPress={() =>
        // A promise, and no callback of the mutation: the row may be gone before it answers.
        void remove.mutateAsync(person.id).then(
          () =>
            toast({
              text: t('members.removed', { name }),
              onUndo: () => add.mutateAsync({ contactIds: [person.id] }),
            }),
          sayWhy,
        )
      }
    >
      <UserMinus aria-hidden />
    </IconButton>
  )
}

function useColumns(): TableColumn<SegmentPerson>[] {
  const t = useTranslations('segments')
  const format = useFormat()
  return [
    {
      id: 'name',
      title: t('members.name'),
      isRowHeader: true,
      cell: (person) => nameOf(person) ?? t('preview.nameless'),
    },
    {
      id: 'email',
      title: t('members.email'),
      cell: ({ email }) => <span className="break-all">{email ?? '—'}</span>,
    },
    {
      id: 'phone',
      title: t('members.phone'),
      isWideOnly: true,
      cell: ({ phone }) => <span className="figures">{phone ?? '—'}</span>,
    },
    { id: 'country', title: t('members.country'), isWideOnly: true, cell: ({ country }) => country ?? '—' },
    {
      id: 'since',
      title: t('members.since'),
      isWideOnly: true,
      cell: ({ createdAt }) => <span className="whitespace-nowrap text-muted">{format.date(createdAt)}</span>,
    },
  ]
}

import { Inbox } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { HrefLink } from '../ui/Link.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import type { Tone } from '../ui/StatusBadge.tsx'
import { Badge } from '../ui/StatusBadge.tsx'
import { Table } from '../ui/Table.tsx'
import type { Form, Submission } from './api.ts'
import { useSubmissions } from './api.ts'

const tones: Record<Submission['state'], Tone> = {
  recorded: 'green',
  confirmed: 'green',
  pending: 'blue',
  expired: 'grey',
  blocked: 'red',
}

/** What came in by a form, latest first. */
export function SubmissionList({ form }: { form: Form }) {
  const t = useTranslations('pages.submissions')
  const format = useFormat()
  const query = useSubmissions(form.id)
  const rows = query.data?.pages.flatMap((page) => page.items)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  return (
    <div className="grid grid-cols-1 gap-5">
      <Table
        label={t('title')}
        rows={rows}
        rowKey={({ id }) => id}
        columns={[
          {
            id: 'who',
            title: t('who'),
            isRowHeader: true,
            cell: ({ contactId, contactName }) =>
              contactId === null || contactName === null ? (
                <span className="font-normal text-muted">{t('nobody')}</span>
              ) : (
                <HrefLink tone="text" href={`/audience/contacts/${contactId}`}>
                  {contactName}
                </HrefLink>
              ),
          },
          {
            id: 'state',
            title: t('state'),
            cell: ({ state }) => <Badge tone={tones[state]}>{t(`states.${state}`)}</Badge>,
          },
          {
            id: 'boxes',
            title: t('boxes'),
            isWideOnly: true,
            cell: ({ boxes }) => <span className="text-muted">{boxes.join(', ') || t('none')}</span>,
          },
          {
            id: 'version',
            title: t('version'),
            isWideOnly: true,
            cell: ({ version }) => <span className="figures">{format.number(version)}</span>,
          },
          {
            id: 'at',
            title: t('at'),
            cell: ({ submittedAt }) => (
              <span className="whitespace-nowrap text-muted">{format.dateTime(submittedAt)}</span>
            ),
          },
        ]}
        empty={
          <EmptyState icon={<Inbox />} title={t('empty')}>
            {t('emptyText')}
          </EmptyState>
        }
      />
      <Pagination shown={rows?.length ?? 0} pages={query} number={format.number} />
    </div>
  )
}

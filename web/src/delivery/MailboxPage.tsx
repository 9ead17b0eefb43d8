import { getRouteApi } from '@tanstack/react-router'
import { Inbox, Trash2 } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useLive } from '../platform/live.ts'
import { useRefusal, useSession } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { HrefLink } from '../ui/Link.tsx'
import { FilterBar, Page } from '../ui/Page.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { Table } from '../ui/Table.tsx'
import { toast } from '../ui/Toast.tsx'
import type { MailboxEntry } from './api.ts'
import { useEmptyMailbox, useMailbox } from './api.ts'

const route = getRouteApi('/shell/mailbox')

/** What the built-in mailbox received: every mail that would have left if a mail server were set. */
export function MailboxPage() {
  const t = useTranslations('delivery.mailbox')
  const format = useFormat()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const query = useMailbox(search)
  useLive('mailbox', null, ['delivery', 'mailbox'])
  const rows = query.data?.pages.flatMap((page) => page.items)
  const isFiltered = search.q !== undefined || search.runId !== undefined
  return (
    <Page title={t('title')} subtitle={t('subtitle')} actions={<EmptyButton />}>
      <div className="grid grid-cols-1 gap-5">
        <LeavingNote />
        <FilterBar>
          <SearchField
            label={t('search')}
            placeholder={t('searchHint')}
            value={search.q ?? ''}
            onChange={(q) =>
              void navigate({
                search: ({ q: _before, ...rest }) => (q === '' ? rest : { ...rest, q }),
                replace: true,
              })
            }
          />
          {search.runId !== undefined && (
            <Button
              size="sm"
              onPress={() => void navigate({ search: ({ runId: _before, ...rest }) => rest, replace: true })}
            >
              {t('allRuns')}
            </Button>
          )}
        </FilterBar>
        {query.isError ? (
          <ErrorState error={query.error} onRetry={query.refetch} />
        ) : (
          <MailTable rows={rows} isFiltered={isFiltered} />
        )}
        <Pagination shown={rows?.length ?? 0} pages={query} number={format.number} />
      </div>
    </Page>
  )
}

function MailTable({ rows, isFiltered }: { rows: readonly MailboxEntry[] | undefined; isFiltered: boolean }) {
  const t = useTranslations('delivery.mailbox')
  const format = useFormat()
  return (
    <Table
      label={t('title')}
      rows={rows}
      rowKey={({ id }) => id}
      rowHref={({ id }) => `/mailbox/${id}`}
      empty={
        <EmptyState icon={<Inbox />} title={t(isFiltered ? 'nothingFound' : 'emptyTitle')}>
          {t(isFiltered ? 'nothingFoundNote' : 'empty')}
        </EmptyState>
      }
      columns={[
        {
          id: 'subject',
          title: t('subject'),
          isRowHeader: true,
          cell: (mail) => <span className="font-medium">{mail.subject || t('noSubject')}</span>,
        },
        { id: 'recipient', title: t('to'), cell: (mail) => mail.recipient },
        { id: 'sender', title: t('from'), isWideOnly: true, cell: (mail) => mail.sender },
        {
          id: 'size',
          title: t('size'),
          align: 'end',
          isWideOnly: true,
          cell: (mail) => format.bytes(mail.bytes),
        },
        {
          id: 'received',
          title: t('received'),
          align: 'end',
          cell: (mail) => format.relative(mail.receivedAt),
        },
      ]}
    />
  )
}

/** With a mail server set, the mailbox stays for what it received before. */
function LeavingNote() {
  const t = useTranslations('delivery.mailbox')
  const { installation } = useSession()
  if (installation.mailStaysHere) return null
  return (
    <Banner>
      {t.rich('leaves', { link: (text) => <HrefLink href="/settings/sending">{text}</HrefLink> })}
    </Banner>
  )
}

function EmptyButton() {
  const t = useTranslations('delivery.mailbox')
  const refusal = useRefusal('mailbox.write')
  const empty = useEmptyMailbox()
  return (
    <ConfirmDialog
      title={t('clearTitle')}
      action={t('clear')}
      isDangerous
      isPending={empty.isPending}
      onConfirm={() => empty.mutateAsync().then(() => toast({ text: t('cleared') }))}
      trigger={
        <Button icon={<Trash2 aria-hidden />} disabledReason={refusal}>
          {t('clear')}
        </Button>
      }
    >
      {t('clearNote')}
    </ConfirmDialog>
  )
}

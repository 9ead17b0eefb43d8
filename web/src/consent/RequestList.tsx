import { Download, Plus, UserRoundX } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Button, buttonStyle } from '../ui/Button.tsx'
import { CopyButton } from '../ui/CodeBlock.tsx'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { HrefLink } from '../ui/Link.tsx'
import { RowMenu } from '../ui/Menu.tsx'
import { FilterBar } from '../ui/Page.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import type { Tone } from '../ui/StatusBadge.tsx'
import { Badge } from '../ui/StatusBadge.tsx'
import type { TableColumn } from '../ui/Table.tsx'
import { Table } from '../ui/Table.tsx'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import type { PrivacyRequest } from './api-rights.ts'
import { archiveHref, useCarryOut, useRequests } from './api-rights.ts'
import { RejectDialog } from './RejectDialog.tsx'

const NewRequestDialog = lazy(() =>
  import('./NewRequestDialog.tsx').then((module) => ({ default: module.NewRequestDialog })),
)

const tones: Record<PrivacyRequest['state'], Tone> = {
  open: 'amber',
  running: 'blue',
  completed: 'green',
  rejected: 'grey',
}

/** What people asked for: to see what is held about them, or to be forgotten. */
export function RequestList() {
  const t = useTranslations('consent.requests')
  const format = useFormat()
  const refusal = useRefusal('privacy.write')
  const query = useRequests()
  const columns = useColumns()
  const [isOpening, setOpening] = useState(false)
  const [erasing, setErasing] = useState<PrivacyRequest | null>(null)
  const [rejecting, setRejecting] = useState<PrivacyRequest | null>(null)
  const carryOut = useCarryOut()
  const sayWhy = useErrorToast()
  const rows = query.data?.pages.flatMap((page) => page.items)
  return (
    <div className="grid grid-cols-1 gap-5">
      <p className="max-w-2xl text-muted">{t('note')}</p>
      <FilterBar>
        <Button icon={<Plus aria-hidden />} disabledReason={refusal} onPress={() => setOpening(true)}>
          {t('new')}
        </Button>
      </FilterBar>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : (
        <Table
          label={t('title')}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          rowActions={(request) => (
            <RowMenu
              entries={[
                {
                  id: 'carry-out',
                  label: request.kind === 'erasure' ? t('erase') : t('again'),
                  isDangerous: request.kind === 'erasure',
                  disabledReason: refusal ?? (mayCarryOut(request) ? undefined : t('ended')),
                  onAction: () =>
                    request.kind === 'erasure'
                      ? setErasing(request)
                      : carryOut.mutate(request.id, { onError: sayWhy }),
                },
                {
                  id: 'reject',
                  label: t('reject'),
                  disabledReason: refusal ?? (request.state === 'open' ? undefined : t('ended')),
                  onAction: () => setRejecting(request),
                },
              ]}
            />
          )}
          empty={
            <EmptyState icon={<UserRoundX />} title={t('empty')}>
              {t('emptyText')}
            </EmptyState>
          }
        />
      )}
      <Pagination shown={rows?.length ?? 0} pages={query} number={format.number} />
      {isOpening && (
        <Suspense>
          <NewRequestDialog onClose={() => setOpening(false)} />
        </Suspense>
      )}
      <ConfirmDialog
        title={t('eraseTitle')}
        action={t('eraseAction')}
        isDangerous
        isOpen={erasing !== null}
        isPending={carryOut.isPending}
        onOpenChange={(isOpen) => !isOpen && setErasing(null)}
        onConfirm={() =>
          erasing &&
          carryOut.mutateAsync(erasing.id).then(() => {
            toast({ text: t('erasing') })
            setErasing(null)
          })
        }
      >
        {t('eraseText', { name: erasing?.contactName ?? '' })}
      </ConfirmDialog>
      {rejecting !== null && <RejectDialog request={rejecting} onClose={() => setRejecting(null)} />}
    </div>
  )
}

const mayCarryOut = ({ kind, state }: PrivacyRequest): boolean =>
  state === 'open' || (kind === 'access' && state === 'completed')

function useColumns(): TableColumn<PrivacyRequest>[] {
  const t = useTranslations('consent.requests')
  const format = useFormat()
  return [
    {
      id: 'who',
      title: t('who'),
      isRowHeader: true,
      cell: ({ contactId, contactName }) =>
        contactName === null ? (
          <span className="font-normal text-muted">{t('gone')}</span>
        ) : (
          <HrefLink tone="text" href={`/audience/contacts/${contactId}`}>
            {contactName}
          </HrefLink>
        ),
    },
    { id: 'kind', title: t('kind'), cell: ({ kind }) => t(`kinds.${kind}`) },
    { id: 'state', title: t('state'), cell: (request) => <State request={request} /> },
    {
      id: 'due',
      title: t('due'),
      cell: ({ dueAt, isOverdue, receivedAt }) => (
        <span className="grid whitespace-nowrap">
          <span className={isOverdue ? 'font-medium text-red' : 'text-muted'}>{format.date(dueAt)}</span>
          <span className="text-sm text-muted">{t('received', { day: format.date(receivedAt) })}</span>
        </span>
      ),
    },
    { id: 'result', title: t('result'), cell: (request) => <Result request={request} /> },
  ]
}

function State({ request: { state, isOverdue } }: { request: PrivacyRequest }) {
  const t = useTranslations('consent.requests')
  return (
    <span className="flex flex-wrap gap-1">
      <Badge tone={tones[state]}>{t(`states.${state}`)}</Badge>
      {isOverdue && <Badge tone="red">{t('overdue')}</Badge>}
    </span>
  )
}

function Result({ request }: { request: PrivacyRequest }) {
  const t = useTranslations('consent.requests')
  const format = useFormat()
  const refusal = useRefusal('privacy.write')
  const { archive, id, downloads, mentions, rejectedBecause, state, endedAt } = request
  if (archive !== null) {
    const download = t('download', { size: format.bytes(archive.bytes) })
    return (
      <span className="grid gap-0.5">
        <span className="flex items-center gap-1">
          {archive.url === null ? (
            <Button variant="quiet" size="sm" icon={<Download aria-hidden />} disabledReason={refusal}>
              {download}
            </Button>
          ) : (
            <>
              <a href={archiveHref(id)} download className={buttonStyle('quiet', 'sm')}>
                <Download aria-hidden className="size-4" />
                {download}
              </a>
              <CopyButton text={archive.url} />
            </>
          )}
        </span>
        <span className="text-sm text-muted">
          {t('until', { day: format.date(archive.expiresAt), count: downloads })}
        </span>
      </span>
    )
  }
  if (state === 'rejected') return <span className="text-muted">{rejectedBecause}</span>
  if (mentions !== null && mentions.length > 0)
    return (
      <span className="text-amber">
        {t('mentions', { list: format.list(mentions.map(({ table, rows }) => `${table} (${rows})`)) })}
      </span>
    )
  return <span className="text-muted">{endedAt === null ? '—' : format.dateTime(endedAt)}</span>
}

import { Download, ScrollText } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { buttonStyle } from '../ui/Button.tsx'
import { InlineCode } from '../ui/CodeBlock.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { FilterBar } from '../ui/Page.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import type { TableColumn } from '../ui/Table.tsx'
import { Table } from '../ui/Table.tsx'
import type { LogEntry } from './api-rights.ts'
import { logHref, useComplianceLog } from './api-rights.ts'
import type en from './messages/en.json'

type Action = keyof (typeof en)['log']['actions']
type ActorKind = keyof (typeof en)['log']['actors']

/** What happened to consent, rights and retention, entry by entry of the audit chain; as a file with its verdict. */
export function ComplianceLog() {
  const t = useTranslations('consent.log')
  const format = useFormat()
  const query = useComplianceLog()
  const columns = useColumns()
  const rows = query.data?.pages.flatMap((page) => page.items)
  return (
    <div className="grid grid-cols-1 gap-5">
      <p className="max-w-2xl text-muted">{t('note')}</p>
      <FilterBar>
        <a href={logHref} download="compliance-log.csv" className={buttonStyle('secondary', 'md')}>
          <Download aria-hidden className="size-4" />
          {t('export')}
        </a>
      </FilterBar>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : (
        <Table
          label={t('title')}
          columns={columns}
          rows={rows}
          rowKey={({ seq }) => seq}
          empty={
            <EmptyState icon={<ScrollText />} title={t('empty')}>
              {t('emptyText')}
            </EmptyState>
          }
        />
      )}
      <Pagination shown={rows?.length ?? 0} pages={query} number={format.number} />
    </div>
  )
}

function useColumns(): TableColumn<LogEntry>[] {
  const t = useTranslations('consent.log')
  const format = useFormat()
  return [
    {
      id: 'action',
      title: t('action'),
      isRowHeader: true,
      cell: ({ action }) => {
        const key = action.replaceAll('.', '_') as Action
        return t.has(`actions.${key}`) ? t(`actions.${key}`) : <InlineCode>{action}</InlineCode>
      },
    },
    {
      id: 'actor',
      title: t('actor'),
      cell: ({ actorKind, actorName }) => {
        const key = actorKind as ActorKind
        const kind = t.has(`actors.${key}`) ? t(`actors.${key}`) : actorKind
        return <span className="text-muted">{actorName ?? kind}</span>
      },
    },
    {
      id: 'subject',
      title: t('subject'),
      isWideOnly: true,
      cell: ({ subjectKind, subjectId }) => (
        <span className="break-all text-muted">
          {subjectKind} {subjectId.slice(0, 24)}
        </span>
      ),
    },
    {
      id: 'hash',
      title: t('hash'),
      isWideOnly: true,
      cell: ({ hash }) => <InlineCode>{hash.slice(0, 12)}</InlineCode>,
    },
    {
      id: 'at',
      title: t('at'),
      cell: ({ at }) => <span className="whitespace-nowrap text-muted">{format.dateTime(at)}</span>,
    },
  ]
}

import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useOwnWords } from '../platform/i18n/I18n.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Table } from '../ui/Table.tsx'
import { useVersions } from './api.ts'

/** The versions of a form that have been in force, with the words that people agreed to. */
export function FormVersions({ id }: { id: string }) {
  const t = useTranslations('pages.versions')
  const format = useFormat()
  const wordsOf = useOwnWords()
  const query = useVersions(id)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  return (
    <div className="grid grid-cols-1 gap-5">
      <p className="max-w-2xl text-muted">{t('note')}</p>
      <Table
        label={t('title')}
        rows={query.data?.items}
        rowKey={({ version }) => String(version)}
        empty={null}
        columns={[
          {
            id: 'version',
            title: t('version'),
            isRowHeader: true,
            cell: ({ version }) => t('number', { version }),
          },
          {
            id: 'boxes',
            title: t('boxes'),
            cell: ({ definition }) => (
              <span className="text-muted">
                {definition.boxes.map(({ wording }) => wordsOf(wording)).join(' · ') || '—'}
              </span>
            ),
          },
          {
            id: 'made',
            title: t('made'),
            cell: ({ createdAt }) => (
              <span className="whitespace-nowrap text-muted">{format.dateTime(createdAt)}</span>
            ),
          },
        ]}
      />
    </div>
  )
}

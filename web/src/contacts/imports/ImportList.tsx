import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useRefusal, useSession } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Card } from '../../ui/Card.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { FileDrop } from '../../ui/FileDrop.tsx'
import { Page } from '../../ui/Page.tsx'
import { Pagination } from '../../ui/Pagination.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { Table } from '../../ui/Table.tsx'
import type { TableColumn } from '../../ui/Table.tsx'
import { useImports, useUpload } from './api.ts'
import type { ContactImport } from './api.ts'
import { ImportBadge } from './ImportBadge.tsx'
import { useImportRefusal } from './refusals.ts'

const accepted = ['.csv', '.tsv', '.txt', 'text/csv', 'text/plain']

/** A file in, and every file that came in before. */
export function ImportList() {
  const t = useTranslations('contacts.imports')
  const contacts = useTranslations('contacts')
  const format = useFormat()
  const query = useImports()
  const columns = useColumns()
  const rows = query.data?.pages.flatMap((page) => page.items)
  return (
    <Page
      title={t('title')}
      subtitle={t('about')}
      crumbs={[{ label: contacts('title'), href: '/audience/contacts' }]}
    >
      <Upload />
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : (
        (rows === undefined || rows.length > 0) && (
          <Table
            label={t('history')}
            columns={columns}
            rows={rows}
            rowKey={({ id }) => id}
            rowHref={({ id }) => `/audience/imports/${id}`}
          />
        )
      )}
      {query.hasNextPage && <Pagination shown={rows?.length ?? 0} pages={query} number={format.number} />}
    </Page>
  )
}

function Upload() {
  const t = useTranslations('contacts.imports')
  const navigate = useNavigate()
  const refusal = useRefusal('contacts.import')
  const { organization } = useSession()
  const [share, setShare] = useState(0)
  const upload = useUpload(organization?.timeZone ?? 'UTC', setShare)
  const problem = useImportRefusal(upload.error)
  if (refusal !== undefined) return <Banner>{refusal}</Banner>
  if (upload.isPending)
    return (
      <Card>
        <Progress
          label={share < 1 ? t('uploading') : t('understanding')}
          value={share < 1 ? share * 100 : null}
        />
      </Card>
    )
  return (
    <>
      {problem !== null && (
        <Banner tone="error" title={t('refused')}>
          {problem}
        </Banner>
      )}
      <FileDrop
        label={t('drop')}
        accept={accepted}
        hint={t('dropHint')}
        onFile={(file) => {
          setShare(0)
          upload.mutate(file, {
            onSuccess: ({ id }) => void navigate({ to: '/audience/imports/$id', params: { id } }),
          })
        }}
      />
    </>
  )
}

function useColumns(): TableColumn<ContactImport>[] {
  const t = useTranslations('contacts.imports')
  const format = useFormat()
  const figure = (id: 'created' | 'updated' | 'rejected'): TableColumn<ContactImport> => ({
    id,
    title: t(`counts.${id}`),
    align: 'end',
    isWideOnly: id !== 'created',
    cell: (found) => (found.state === 'draft' ? '—' : format.number(found[id])),
  })
  return [
    {
      id: 'file',
      title: t('file'),
      isRowHeader: true,
      cell: ({ fileName }) => <span className="break-all">{fileName}</span>,
    },
    { id: 'state', title: t('state'), cell: ({ state }) => <ImportBadge state={state} /> },
    figure('created'),
    figure('updated'),
    figure('rejected'),
    {
      id: 'at',
      title: t('at'),
      isWideOnly: true,
      cell: ({ createdAt }) => (
        <span className="whitespace-nowrap text-muted">{format.dateTime(createdAt)}</span>
      ),
    },
  ]
}

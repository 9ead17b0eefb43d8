import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useRefusal } from '../../platform/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { FileDrop } from '../../ui/FileDrop.tsx'
import { Page } from '../../ui/Page.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { Table } from '../../ui/Table.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useSpendImports, useUndoFile } from './api.ts'
import type { SpendImport } from './api.ts'
import { FilePreview } from './FilePreview.tsx'
import { textOf } from './file-text.ts'

/** As much text as the server reads. */
const BYTES_MAX = 900_000

/** Media spends by file: looked at before they are written down, and taken back as one. Source: CB-9.2, MA-7.2 */
export function SpendFilesPage() {
  const t = useTranslations('reports')
  const refusal = useRefusal('budgets.write')
  const [file, setFile] = useState<{ fileName: string; text: string } | null>(null)
  const read = async (chosen: File): Promise<void> =>
    setFile({ fileName: chosen.name, text: await textOf(chosen) })
  return (
    <Page
      title={t('spendFiles.title')}
      subtitle={t('spendFiles.subtitle')}
      crumbs={[
        { label: t('title'), href: '/reports' },
        { label: t('moneyBy.title'), href: '/reports/money' },
      ]}
    >
      {file === null ? (
        <FileDrop
          label={t('spendFiles.file')}
          accept={['.csv', '.txt', '.tsv', 'text/csv', 'text/plain']}
          bytesMax={BYTES_MAX}
          hint={refusal ?? t('spendFiles.hint')}
          isDisabled={refusal !== undefined}
          onFile={(chosen) => void read(chosen)}
        />
      ) : (
        <FilePreview key={file.text} file={file} onClose={() => setFile(null)} />
      )}
      <PastFiles />
    </Page>
  )
}

function PastFiles() {
  const t = useTranslations('reports')
  const format = useFormat()
  const refusal = useRefusal('budgets.write')
  const query = useSpendImports()
  const [undone, setUndone] = useState<SpendImport | null>(null)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  return (
    <Section title={t('spendFiles.past')} isFlush>
      <Table
        label={t('spendFiles.past')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={query.data.items}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t('spendFiles.pastNone')}>{t('spendFiles.pastNoneText')}</EmptyState>}
        columns={[
          {
            id: 'file',
            title: t('spendFiles.file'),
            isRowHeader: true,
            cell: ({ fileName }) => <span className="break-all">{fileName}</span>,
          },
          { id: 'on', title: t('spendFiles.on'), cell: ({ createdAt }) => format.dateTime(createdAt) },
          {
            id: 'spends',
            title: t('spendFiles.spends'),
            align: 'end',
            cell: ({ spends }) => format.number(spends),
          },
          {
            id: 'amount',
            title: t('spendFiles.amount'),
            align: 'end',
            cell: ({ amount, currency }) => format.number(amount, { style: 'currency', currency }),
          },
          {
            id: 'undo',
            title: '',
            align: 'end',
            cell: (row) =>
              row.undoneAt === null ? (
                <Button size="sm" variant="quiet" disabledReason={refusal} onPress={() => setUndone(row)}>
                  {t('spendFiles.undo')}
                </Button>
              ) : (
                t('spendFiles.undone')
              ),
          },
        ]}
      />
      {undone !== null && <UndoDialog row={undone} onClose={() => setUndone(null)} />}
    </Section>
  )
}

function UndoDialog({ row, onClose }: { row: SpendImport; onClose: () => void }) {
  const t = useTranslations('reports.spendFiles')
  const undo = useUndoFile()
  return (
    <ConfirmDialog
      title={t('undoTitle')}
      action={t('undo')}
      isOpen
      isDangerous
      isPending={undo.isPending}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      onConfirm={async () => {
        await undo.mutateAsync(row.id)
        toast({ text: t('undoneToast') })
      }}
    >
      {t('undoText', { count: row.spends })}
    </ConfirmDialog>
  )
}

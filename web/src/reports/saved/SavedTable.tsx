import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useRefusal } from '../../platform/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { Table } from '../../ui/Table.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useErrorToast } from '../../ui/use-error-toast.ts'
import type { Saved } from './api.ts'
import { useRemoveSaved, useSaved, useSaveReport } from './api.ts'

/** Saved reports with what they answer and when they are mailed next. */
export function SavedTable({ onEdit }: { onEdit: (saved: Saved) => void }) {
  const t = useTranslations('reports.saved')
  const format = useFormat()
  const refusal = useRefusal('reports.write')
  const query = useSaved()
  const remove = useRemoveSaved()
  const save = useSaveReport()
  const sayWhy = useErrorToast()
  const drop = ({ id, name, question, schedule, recipients }: Saved): void =>
    remove.mutate(id, {
      onSuccess: () =>
        toast({
          text: t('removed'),
          onUndo: () => save.mutateAsync({ id: null, body: { name, question, schedule, recipients } }),
        }),
      onError: sayWhy,
    })
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  return (
    <Section title={t('list')} isFlush>
      <Table
        label={t('list')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={query.data.items}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t('none')}>{t('noneText')}</EmptyState>}
        columns={[
          {
            id: 'name',
            title: t('name'),
            isRowHeader: true,
            cell: (saved) => (
              <Button size="sm" variant="quiet" disabledReason={refusal} onPress={() => onEdit(saved)}>
                {saved.name}
              </Button>
            ),
          },
          {
            id: 'answers',
            title: t('answers'),
            isWideOnly: true,
            cell: ({ question }) =>
              question.kind === 'overview'
                ? t('kinds.overview', { days: question.days ?? 30 })
                : t(`kinds.${question.kind}`),
          },
          {
            id: 'mailed',
            title: t('mailed'),
            cell: ({ nextAt, schedule }) =>
              schedule?.every === 'completion'
                ? t('every.completion')
                : nextAt === null || schedule === null
                  ? t('never')
                  : t('next', { every: t(`every.${schedule.every}`), when: format.dateTime(nextAt) }),
          },
          {
            id: 'actions',
            title: t('actions'),
            align: 'end',
            cell: (saved) => (
              <span className="flex justify-end gap-2">
                <Button size="sm" onPress={() => location.assign(`/api/reports/saved/${saved.id}/pdf`)}>
                  {t('pdf')}
                </Button>
                <Button size="sm" variant="quiet" disabledReason={refusal} onPress={() => drop(saved)}>
                  {t('remove')}
                </Button>
              </span>
            ),
          },
        ]}
      />
    </Section>
  )
}

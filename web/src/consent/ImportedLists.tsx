import { Undo2 } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import { useSuppressionImports, useUndoList, type SuppressionImport } from './api.ts'

/** Lists of addresses that were brought, each with the way back. Nothing to see until there is one. */
export function ImportedLists() {
  const t = useTranslations('consent.importedLists')
  const { data } = useSuppressionImports()
  if (data === undefined || data.length === 0) return null
  return (
    <Section title={t('title')} note={t('note')}>
      <ul className="grid gap-3">
        {data.map((list) => (
          <Row key={list.id} list={list} />
        ))}
      </ul>
    </Section>
  )
}

function Row({ list }: { list: SuppressionImport }) {
  const t = useTranslations('consent.importedLists')
  const format = useFormat()
  const refusal = useRefusal('suppression.write')
  const undo = useUndoList()
  const sayWhy = useErrorToast()
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
      <span className="grid min-w-0">
        <span className="font-medium break-words">{list.source}</span>
        <span className="text-sm break-words text-muted">
          {list.note} · {t('added', { count: list.added })} · {format.dateTime(list.createdAt)}
        </span>
      </span>
      {list.undoneAt === null ? (
        <Button
          size="sm"
          icon={<Undo2 aria-hidden />}
          disabledReason={refusal}
          isPending={undo.isPending}
          onPress={() =>
            undo.mutate(list.id, {
              onSuccess: ({ lifted }) => toast({ text: t('undone', { count: lifted }) }),
              onError: sayWhy,
            })
          }
        >
          {t('undo')}
        </Button>
      ) : (
        <span className="text-sm text-muted">{t('undoneAt', { time: format.dateTime(list.undoneAt) })}</span>
      )}
    </li>
  )
}

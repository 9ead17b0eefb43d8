import { Download, Pencil, TagIcon, Tags as TagsIcon, Trash2, X } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import { useKitText } from '../ui/text.ts'
import { isUnderWay, useChangeContacts, useUndoChange } from './api.ts'
import type { BulkAction, ContactChange, ContactQuery, Selection } from './api.ts'
import { exportAddress } from './ListMenu.tsx'

const BulkTagsDialog = lazy(() =>
  import('./BulkDialogs.tsx').then((module) => ({ default: module.BulkTagsDialog })),
)
const BulkFieldDialog = lazy(() =>
  import('./BulkDialogs.tsx').then((module) => ({ default: module.BulkFieldDialog })),
)

/** Who is chosen: some by hand, or all that the filter names. */
export type Chosen = { count: number } & ({ kind: 'ids'; ids: readonly string[] } | { kind: 'matching' })

interface BulkBarProps {
  chosen: Chosen
  filter: Omit<ContactQuery, 'sort'>
  /** Everybody on the screen is chosen and there are more. */
  canTakeAll: boolean
  total: number
  onTakeAll: () => void
  onClear: () => void
  /** A change that a job works on; its progress is shown elsewhere. */
  onLargeChange: (id: string) => void
}

/** The bar at the foot of the list, while somebody is chosen: what to do with them, each with its undo. */
export function BulkBar(props: BulkBarProps) {
  const { chosen, filter, canTakeAll, total, onTakeAll, onClear } = props
  const t = useTranslations('contacts')
  const common = useKitText()
  const format = useFormat()
  const refusal = useRefusal('contacts.write')
  const exportRefusal = useRefusal('contacts.export')
  const [dialog, setDialog] = useState<'add_tags' | 'remove_tags' | 'set_field' | null>(null)
  const { apply, isPending } = useApply(props)
  if (chosen.count === 0) return null
  const run = (action: BulkAction) => {
    setDialog(null)
    apply(action)
  }
  return (
    <div
      role="toolbar"
      aria-label={t('bulk.label')}
      className="sticky bottom-3 z-10 flex flex-wrap items-center gap-2 rounded-xl border border-edge bg-panel px-4 py-2 shadow-pop"
    >
      <p className="figures mr-1 font-medium" aria-live="polite">
        {common('list.selected', { count: chosen.count })}
      </p>
      {canTakeAll && (
        <Button size="sm" variant="quiet" onPress={onTakeAll}>
          {t('bulk.takeAll', { number: format.number(total) })}
        </Button>
      )}
      <span className="flex-1" />
      <Button
        size="sm"
        icon={<TagIcon aria-hidden />}
        isPending={isPending}
        disabledReason={refusal}
        onPress={() => setDialog('add_tags')}
      >
        {t('bulk.addTags')}
      </Button>
      <Button
        size="sm"
        icon={<TagsIcon aria-hidden />}
        disabledReason={refusal}
        onPress={() => setDialog('remove_tags')}
      >
        {t('bulk.removeTags')}
      </Button>
      <Button
        size="sm"
        icon={<Pencil aria-hidden />}
        disabledReason={refusal}
        onPress={() => setDialog('set_field')}
      >
        {t('bulk.setField')}
      </Button>
      <Button
        size="sm"
        icon={<Download aria-hidden />}
        disabledReason={exportRefusal}
        onPress={() =>
          location.assign(exportAddress(chosen.kind === 'ids' ? { ids: chosen.ids.join(',') } : filter))
        }
      >
        {common('actions.export')}
      </Button>
      <Button
        size="sm"
        icon={<Trash2 aria-hidden />}
        disabledReason={refusal}
        onPress={() => run({ kind: 'delete' })}
      >
        {common('actions.delete')}
      </Button>
      <IconButton label={common('list.clear')} size="sm" onPress={onClear}>
        <X aria-hidden />
      </IconButton>
      <Suspense>
        {(dialog === 'add_tags' || dialog === 'remove_tags') && (
          <BulkTagsDialog kind={dialog} count={chosen.count} onClose={() => setDialog(null)} onApply={run} />
        )}
        {dialog === 'set_field' && (
          <BulkFieldDialog count={chosen.count} onClose={() => setDialog(null)} onApply={run} />
        )}
      </Suspense>
    </div>
  )
}

/** Carries an action out and says so, with Undo; a large one is handed to its progress. */
function useApply({ chosen, filter, onClear, onLargeChange }: BulkBarProps) {
  const change = useChangeContacts()
  const say = useSayChanged()
  const sayWhy = useErrorToast()
  const apply = (action: BulkAction) =>
    change.mutate(
      { action, selection: selectionOf(chosen, filter) },
      {
        onSuccess: (done) => {
          onClear()
          if (isUnderWay(done)) onLargeChange(done.id)
          else say(done)
        },
        onError: sayWhy,
      },
    )
  return { apply, isPending: change.isPending }
}

/** Says what a change did, with Undo. */
export function useSayChanged(): (change: ContactChange) => void {
  const t = useTranslations('contacts')
  const format = useFormat()
  const undo = useUndoChange()
  return (change) =>
    toast({
      text: t(`bulk.done.${change.action.kind}`, {
        count: change.changed,
        number: format.number(change.changed),
      }),
      onUndo: () => undo.mutateAsync(change.id),
    })
}

function selectionOf(chosen: Chosen, filter: Omit<ContactQuery, 'sort'>): Selection {
  if (chosen.kind === 'ids') return { kind: 'ids', ids: [...chosen.ids] }
  const { q, timeZone, tags, countries, importId, attribute, hasEmail, hasPhone } = filter
  const colon = attribute?.indexOf(':') ?? -1
  return {
    kind: 'matching',
    filter: {
      ...(q === undefined ? {} : { q }),
      ...(timeZone === undefined ? {} : { timeZone }),
      ...(tags === undefined ? {} : { tags: tags.split(',') }),
      ...(countries === undefined ? {} : { countries: countries.split(',') }),
      ...(importId === undefined ? {} : { importId }),
      ...(attribute === undefined
        ? {}
        : { attribute: { key: attribute.slice(0, colon), value: attribute.slice(colon + 1) } }),
      ...(hasEmail === undefined ? {} : { hasEmail: hasEmail === 'true' }),
      ...(hasPhone === undefined ? {} : { hasPhone: hasPhone === 'true' }),
    },
  }
}

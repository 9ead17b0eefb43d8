import { useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { RowMenu } from '../ui/Menu.tsx'
import { useKitText } from '../ui/text.ts'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import type { Segment } from './api.ts'
import { useDeleteSegment, useDuplicateSegment, useRestoreSegment } from './api.ts'

/** What can be done with a segment besides editing it. Deleting is undone, not asked about. */
export function SegmentMenu({ segment, onDeleted }: { segment: Segment; onDeleted?: () => void }) {
  const t = useTranslations('segments')
  const common = useKitText()
  const format = useFormat()
  const refusal = useRefusal('segments.write')
  const navigate = useNavigate()
  const duplicate = useDuplicateSegment()
  const remove = useDeleteSegment()
  const restore = useRestoreSegment()
  const sayWhy = useErrorToast()
  // Promises, and no callbacks of the mutation: the row with its menu may be gone before they are answered.
  const bringBack = () =>
    restore.mutateAsync(segment.id).then(({ name }) => toast({ text: t('restored', { name }) }), sayWhy)
  const inUse =
    segment.uses.length === 0
      ? undefined
      : t('inUse', { names: format.list(segment.uses.map(({ name }) => name)) })
  if (segment.deletedAt !== null)
    return (
      <RowMenu
        entries={[
          {
            id: 'restore',
            label: common('actions.restore'),
            disabledReason: refusal,
            onAction: () => void bringBack(),
          },
        ]}
      />
    )
  return (
    <RowMenu
      entries={[
        {
          id: 'compare',
          label: t('compare.action'),
          onAction: () => void navigate({ to: '/audience/segments/compare', search: { ids: [segment.id] } }),
        },
        {
          id: 'duplicate',
          label: common('actions.duplicate'),
          disabledReason: refusal,
          onAction: () =>
            void duplicate
              .mutateAsync(segment.id)
              .then(({ name }) => toast({ text: t('duplicated', { name }) }), sayWhy),
        },
        {
          id: 'delete',
          label: common('actions.delete'),
          isDangerous: true,
          disabledReason: refusal ?? inUse,
          onAction: () =>
            void remove.mutateAsync(segment.id).then(() => {
              toast({ text: t('deleted', { name: segment.name }), onUndo: bringBack })
              onDeleted?.()
            }, sayWhy),
        },
      ]}
    />
  )
}

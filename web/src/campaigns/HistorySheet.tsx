import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Button } from '../ui/Button.tsx'
import { Sheet } from '../ui/Dialog.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { useKitText } from '../ui/text.ts'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import type { Campaign } from './api.ts'
import { useHistory, useRestoreRevision } from './api.ts'

/** The saved versions: who saved when, and the way back to each. */
export function HistorySheet({
  campaign,
  isOpen,
  onOpenChange,
}: {
  campaign: Campaign
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}) {
  const t = useTranslations('campaigns')
  const common = useKitText()
  const format = useFormat()
  const refusal = useRefusal('campaigns.write')
  const history = useHistory(campaign.id, isOpen)
  const restore = useRestoreRevision(campaign.id)
  const sayWhy = useErrorToast()
  const revisions = history.data?.pages.flatMap((page) => page.items)
  const cannot = refusal ?? (campaign.allowed.includes('edit') ? undefined : t('history.notEditable'))
  return (
    <Sheet title={t('actions.history')} isOpen={isOpen} onOpenChange={onOpenChange}>
      {history.isError && <ErrorState error={history.error} onRetry={history.refetch} />}
      {!history.isError && revisions === undefined && <SectionSkeleton />}
      <ol className="grid">
        {revisions?.map((revision, index) => (
          <li
            key={revision.version}
            className="flex items-center justify-between gap-3 border-b border-line py-2.5"
          >
            <div className="min-w-0">
              <p className="truncate font-medium">
                {t('history.version', { version: revision.version, name: revision.name })}
              </p>
              <p className="text-sm text-muted">
                {t('history.saved', {
                  when: format.dateTime(revision.savedAt),
                  who: revision.savedBy.name ?? t('actors.member'),
                })}
              </p>
            </div>
            {index === 0 ? (
              <span className="text-sm text-muted">{t('history.present')}</span>
            ) : (
              <Button
                size="sm"
                disabledReason={cannot}
                isPending={restore.isPending}
                onPress={() =>
                  restore.mutate(revision.version, {
                    onSuccess: () => toast({ text: t('history.restored', { version: revision.version }) }),
                    onError: sayWhy,
                  })
                }
              >
                {common('actions.restore')}
              </Button>
            )}
          </li>
        ))}
      </ol>
      <Pagination shown={revisions?.length ?? 0} pages={history} number={format.number} />
    </Sheet>
  )
}

import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { useFormat } from '../platform/format.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { useKitText } from '../ui/text.ts'
import { toast } from '../ui/Toast.tsx'
import type { Campaign } from './api.ts'
import { useLaunchSummary, useLaunch } from './api.ts'
import { Checks } from './Checks.tsx'

/** The only ceremony: what will happen, in one sentence, and what speaks against it. */
export function LaunchDialog({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const t = useTranslations('campaigns')
  const common = useKitText()
  const format = useFormat()
  const summary = useLaunchSummary(campaign.id, campaign.version)
  const launch = useLaunch(campaign.id)
  const { message } = useErrorText(launch.error)
  const { data } = summary
  const isTriggered = campaign.delivery === 'triggered'
  return (
    <Dialog
      title={t(isTriggered ? 'launch.switchOn' : 'launch.title')}
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <>
          <Button onPress={onClose}>{common('actions.cancel')}</Button>
          <Button
            variant="primary"
            isPending={launch.isPending}
            isDisabled={summary.isPlaceholderData}
            disabledReason={data && !data.ready ? t('launch.notReady') : undefined}
            onPress={() =>
              // A promise, and no callback of the mutation: closed meanwhile, what was begun is said all the same.
              void launch.mutateAsync(campaign.version).then(
                () => {
                  toast({ text: t(isTriggered ? 'launch.switchedOn' : 'launch.begun') })
                  onClose()
                },
                () => undefined,
              )
            }
          >
            {isTriggered
              ? t('launch.switchOn')
              : data
                ? t('launch.confirm', {
                    people: data.estimate.recipients,
                    shown: format.number(data.estimate.recipients),
                  })
                : t('actions.launch')}
          </Button>
        </>
      }
    >
      {data ? (
        <div className="grid gap-4">
          {launch.isError && (
            <Banner tone="error" title={message}>
              {Object.values(fieldErrors(launch.error)).join(' ')}
            </Banner>
          )}
          <p className="text-lg">{data.sentence}</p>
          {data.cost !== null && (
            <p className="text-muted">
              {t('launch.cost', {
                cost: format.number(data.cost.amount, { style: 'currency', currency: data.cost.currency }),
              })}
            </p>
          )}
          {data.notice !== null && <Banner tone="info">{data.notice}</Banner>}
          <Checks checks={data.checks.filter((check) => check.level !== 'ok')} />
        </div>
      ) : (
        <SectionSkeleton />
      )}
    </Dialog>
  )
}

import { Pause, Play, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useRefusal } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { useErrorToast } from '../../ui/use-error-toast.ts'
import { useStopAgain, type Desk } from './api.ts'

/** What waits to be sent again after its run has ended: it can rest, go on and end by itself. */
export function AgainBar({ campaignId, again }: { campaignId: string; again: NonNullable<Desk['again']> }) {
  const t = useTranslations('campaigns.desk.againBar')
  const format = useFormat()
  const [isAsked, setAsked] = useState(false)
  const stop = useStopAgain(campaignId)
  const sayWhy = useErrorToast()
  const refusal = useRefusal('campaigns.launch')
  const isPaused = again.pausedAt !== null
  return (
    <Banner tone={isPaused ? 'warning' : 'info'} title={t('waits', { count: again.people })}>
      <span className="flex flex-wrap items-center gap-2">
        {isPaused && <span>{t('rests', { when: format.dateTime(again.pausedAt) })}</span>}
        <Button
          size="sm"
          icon={isPaused ? <Play aria-hidden /> : <Pause aria-hidden />}
          disabledReason={refusal}
          isPending={stop.isPending}
          onPress={() => stop.mutate(isPaused ? 'resume' : 'pause', { onError: sayWhy })}
        >
          {t(isPaused ? 'resume' : 'pause')}
        </Button>
        <Button size="sm" icon={<X aria-hidden />} disabledReason={refusal} onPress={() => setAsked(true)}>
          {t('cancel')}
        </Button>
      </span>
      <ConfirmDialog
        title={t('confirm')}
        action={t('cancel')}
        isOpen={isAsked}
        onOpenChange={setAsked}
        isPending={stop.isPending}
        onConfirm={() => stop.mutateAsync('cancel')}
      >
        {t('confirmText')}
      </ConfirmDialog>
    </Banner>
  )
}

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { useKitText } from '../ui/text.ts'
import { TextField } from '../ui/TextField.tsx'
import type { Campaign } from './api.ts'
import { useResume } from './api.ts'

/** Letting a campaign go on that a breaker stopped: with a reason, which is kept. */
export function ResumeDialog({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const t = useTranslations('campaigns')
  const common = useKitText()
  const [reason, setReason] = useState('')
  const resume = useResume(campaign.id)
  const message = useErrorText(resume.error)?.message
  return (
    <Dialog
      title={t('resume.title')}
      size="sm"
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <>
          <Button onPress={onClose}>{common('actions.cancel')}</Button>
          <Button
            variant="primary"
            type="submit"
            form="resume"
            isPending={resume.isPending}
            disabledReason={reason.trim() === '' ? t('resume.needed') : undefined}
          >
            {t('actions.resume')}
          </Button>
        </>
      }
    >
      <form
        id="resume"
        onSubmit={(event) => {
          event.preventDefault()
          if (reason.trim() !== '') resume.mutate(reason.trim(), { onSuccess: onClose })
        }}
      >
        <FieldStack>
          {resume.isError && <Banner tone="error">{message}</Banner>}
          {campaign.trouble !== null && <p>{campaign.trouble}</p>}
          <TextField
            label={t('resume.reason')}
            hint={t('resume.hint')}
            value={reason}
            onChange={setReason}
            maxLength={500}
            isRequired
            autoFocus
          />
        </FieldStack>
      </form>
    </Dialog>
  )
}

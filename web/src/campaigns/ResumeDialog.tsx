import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Banner } from '../ui/Banner.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { Campaign } from './api.ts'
import { useResume } from './api.ts'

/** Letting a campaign go on that a breaker stopped: with a reason, which is kept. */
export function ResumeDialog({ campaign, onClose }: { campaign: Campaign; onClose: () => void }) {
  const t = useTranslations('campaigns')
  const [reason, setReason] = useState('')
  const resume = useResume(campaign.id)
  const message = useErrorText(resume.error)?.message
  return (
    <FormDialog
      title={t('resume.title')}
      size="sm"
      action={t('actions.resume')}
      isPending={resume.isPending}
      disabledReason={reason.trim() === '' ? t('resume.needed') : undefined}
      onSubmit={() => {
        if (reason.trim() !== '') resume.mutate(reason.trim(), { onSuccess: onClose })
      }}
      onClose={onClose}
    >
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
    </FormDialog>
  )
}

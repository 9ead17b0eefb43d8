import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Banner } from '../ui/Banner.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import type { PrivacyRequest } from './api-rights.ts'
import { useReject } from './api-rights.ts'

/** Shortest reason that says anything. */
const reasonCharsMin = 3

/** Turns a request down, for a reason that stays with it. */
export function RejectDialog({ request, onClose }: { request: PrivacyRequest; onClose: () => void }) {
  const t = useTranslations('consent.requests')
  const reject = useReject()
  const [reason, setReason] = useState('')
  const message = useErrorText(reject.error)?.message
  const submit = () =>
    reject.mutate(
      { id: request.id, reason },
      {
        onSuccess: () => {
          toast({ text: t('rejected') })
          onClose()
        },
      },
    )
  return (
    <FormDialog
      title={t('rejectTitle')}
      size="sm"
      action={t('rejectAction')}
      isPending={reject.isPending}
      isDisabled={reason.trim().length < reasonCharsMin}
      isDangerous
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="text-muted">{t('rejectText')}</p>
      {reject.error && <Banner tone="error">{message}</Banner>}
      <TextField
        label={t('reason')}
        value={reason}
        onChange={setReason}
        maxLength={500}
        autoFocus
        isRequired
      />
    </FormDialog>
  )
}

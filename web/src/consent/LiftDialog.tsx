import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Banner } from '../ui/Banner.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import type { Suppression } from './api.ts'
import { useLift } from './api.ts'

/** Shortest reason that says anything. */
const reasonCharsMin = 3

/** Takes an entry off the list, for a reason that is kept. Shown while there is an entry. */
export function LiftDialog({ entry, onClose }: { entry: Suppression | null; onClose: () => void }) {
  // A form of its own per entry, so that no reason is carried over.
  return entry === null ? null : <Form key={entry.id} entry={entry} onClose={onClose} />
}

function Form({ entry, onClose }: { entry: Suppression; onClose: () => void }) {
  const t = useTranslations('consent.lift')
  const lift = useLift()
  const [reason, setReason] = useState('')
  const { message } = useErrorText(lift.error)
  const submit = () =>
    lift.mutate(
      { id: entry.id, reason },
      {
        onSuccess: () => {
          toast({ text: t('done') })
          onClose()
        },
      },
    )
  return (
    <FormDialog
      title={t('title')}
      size="sm"
      action={t('submit')}
      isPending={lift.isPending}
      isDisabled={reason.trim().length < reasonCharsMin}
      isDangerous
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="text-muted">{t('text')}</p>
      {lift.error && <Banner tone="error">{message}</Banner>}
      <TextField
        label={t('reason')}
        placeholder={t('placeholder')}
        value={reason}
        onChange={setReason}
        maxLength={500}
        autoFocus
        isRequired
      />
    </FormDialog>
  )
}

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Banner } from '../../ui/Banner.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { useErrorText } from '../../ui/ErrorState.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { toast } from '../../ui/Toast.tsx'
import type { Anomaly } from './api.ts'
import { useAcknowledge } from './api.ts'

/** Says that something unusual was seen, in a few words; or that it is how things are from now on. */
export function AcknowledgeDialog({
  anomaly: { id, headline, evidence },
  onClose,
}: {
  anomaly: Anomaly
  onClose: () => void
}) {
  const t = useTranslations('reports.anomalies')
  const [note, setNote] = useState('')
  const [isUsual, setIsUsual] = useState(false)
  const acknowledge = useAcknowledge()
  const message = useErrorText(acknowledge.error)?.message
  const submit = (): void =>
    acknowledge.mutate(
      { id, note, isUsual },
      {
        onSuccess: () => {
          toast({ text: t('seen') })
          onClose()
        },
      },
    )
  return (
    <FormDialog
      title={headline}
      action={t('acknowledge')}
      isPending={acknowledge.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      {acknowledge.isError && <Banner tone="error">{message}</Banner>}
      <p className="text-muted">{evidence}</p>
      <TextField label={t('note')} isOptional value={note} onChange={setNote} />
      <Checkbox isSelected={isUsual} onChange={setIsUsual}>
        {t('isUsual')}
      </Checkbox>
    </FormDialog>
  )
}

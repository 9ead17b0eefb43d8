import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { findContacts } from '../contacts/api.ts'
import { Banner } from '../ui/Banner.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { RadioGroup } from '../ui/RadioGroup.tsx'
import { TextArea, TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import { useOpenRequest } from './api-rights.ts'

type Kind = 'access' | 'erasure'

/** Writes down what a person asked for; the person is found by a whole address. */
export function NewRequestDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('consent.requests')
  const open = useOpenRequest()
  const [kind, setKind] = useState<Kind>('access')
  const [address, setAddress] = useState('')
  const [note, setNote] = useState('')
  const [isUnknown, setUnknown] = useState(false)
  const message = useErrorText(open.error)?.message
  const submit = async () => {
    const sought = address.trim().toLowerCase()
    const { items } = await findContacts(sought, new AbortController().signal)
    const found = items.find(({ email, phone }) => email === sought || phone === sought)
    setUnknown(!found)
    if (!found) return
    open.mutate(
      { kind, contactId: found.id, note },
      {
        onSuccess: () => {
          toast({ text: t(`opened.${kind}`) })
          onClose()
        },
      },
    )
  }
  return (
    <FormDialog
      title={t('new')}
      action={t('open')}
      isPending={open.isPending}
      isDisabled={address.trim().length < 3}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      {open.error && <Banner tone="error">{message}</Banner>}
      <TextField
        label={t('address')}
        value={address}
        onChange={(value) => {
          setAddress(value)
          setUnknown(false)
        }}
        error={isUnknown ? t('unknown') : undefined}
        autoFocus
        isRequired
      />
      <RadioGroup
        label={t('kind')}
        value={kind}
        onChange={setKind}
        options={(['access', 'erasure'] as const).map((value) => ({
          value,
          label: t(`kinds.${value}`),
          note: t(`kindNotes.${value}`),
        }))}
      />
      <TextArea
        label={t('noteLabel')}
        placeholder={t('notePlaceholder')}
        value={note}
        onChange={setNote}
        maxLength={500}
        isOptional
      />
    </FormDialog>
  )
}

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { findContacts } from '../contacts/api.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { RadioGroup } from '../ui/RadioGroup.tsx'
import { useKitText } from '../ui/text.ts'
import { TextArea, TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import { useOpenRequest } from './api-rights.ts'

type Kind = 'access' | 'erasure'

/** Writes down what a person asked for; the person is found by a whole address. */
export function NewRequestDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('consent.requests')
  const common = useKitText()
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
    <Dialog
      title={t('new')}
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <>
          <Button onPress={onClose}>{common('actions.cancel')}</Button>
          <Button
            variant="primary"
            type="submit"
            form="privacy-request"
            isPending={open.isPending}
            isDisabled={address.trim().length < 3}
          >
            {t('open')}
          </Button>
        </>
      }
    >
      <form
        id="privacy-request"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <FieldStack>
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
        </FieldStack>
      </form>
    </Dialog>
  )
}

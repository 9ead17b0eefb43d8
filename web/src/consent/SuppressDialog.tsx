import { ShieldOff } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { ApiError } from '../platform/api/problem.ts'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { RadioGroup } from '../ui/RadioGroup.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import { useSuppress } from './api.ts'

/** Puts an address on the list by hand; the button and its dialog. */
export function SuppressDialog() {
  const t = useTranslations('consent')
  const refusal = useRefusal('suppression.write')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        variant="primary"
        icon={<ShieldOff aria-hidden />}
        disabledReason={refusal}
        onPress={() => setOpen(true)}
      >
        {t('suppressions.add')}
      </Button>
      {isOpen && <Form onClose={() => setOpen(false)} />}
    </>
  )
}

function Form({ onClose }: { onClose: () => void }) {
  const t = useTranslations('consent.suppress')
  const suppress = useSuppress()
  const [address, setAddress] = useState('')
  const [scope, setScope] = useState<'all' | 'marketing'>('all')
  const [note, setNote] = useState('')
  const { error } = suppress
  const isAddressWrong = error instanceof ApiError && error.status === 400
  const { message } = useErrorText(error)
  const submit = () =>
    suppress.mutate(
      { channel: address.includes('@') ? 'email' : 'sms', address, scope, note },
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
      action={t('submit')}
      isPending={suppress.isPending}
      isDisabled={address.trim().length < 3}
      onSubmit={submit}
      onClose={onClose}
    >
      {error && !isAddressWrong && <Banner tone="error">{message}</Banner>}
      <TextField
        label={t('address')}
        hint={t('addressHint')}
        value={address}
        onChange={setAddress}
        error={isAddressWrong ? t('invalid') : undefined}
        autoFocus
        autoComplete="off"
        isRequired
      />
      <RadioGroup
        label={t('scope')}
        look="cards"
        options={[
          { value: 'all' as const, label: t('scopeAll'), note: t('scopeAllNote') },
          { value: 'marketing' as const, label: t('scopeMarketing'), note: t('scopeMarketingNote') },
        ]}
        value={scope}
        onChange={setScope}
      />
      <TextField
        label={t('note')}
        placeholder={t('notePlaceholder')}
        value={note}
        onChange={setNote}
        isOptional
        maxLength={500}
      />
    </FormDialog>
  )
}

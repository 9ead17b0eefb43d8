import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { RadioGroup } from '../ui/RadioGroup.tsx'
import { useKitText } from '../ui/text.ts'
import { TextField } from '../ui/TextField.tsx'
import { useCreateCampaign } from './api.ts'

const DELIVERIES = ['scheduled', 'triggered'] as const
type Delivery = (typeof DELIVERIES)[number]

/** Names a new campaign and opens it: everything else is written on its own page, saved as one types. */
export function NewCampaignDialog({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}) {
  const t = useTranslations('campaigns')
  const common = useKitText()
  const navigate = useNavigate()
  const create = useCreateCampaign()
  const [name, setName] = useState('')
  const [delivery, setDelivery] = useState<Delivery>('scheduled')
  const { message } = useErrorText(create.error)
  const submit = () =>
    create.mutate(
      {
        name: name.trim(),
        delivery,
        // Whoever does it is meant, until somebody says otherwise.
        ...(delivery === 'triggered' ? { audience: { include: { rule: { all: [] } } } } : {}),
      },
      {
        onSuccess: ({ id }) => {
          setName('')
          void navigate({ to: '/campaigns/$id', params: { id } })
        },
      },
    )
  return (
    <Dialog
      title={t('new')}
      size="sm"
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      footer={(close) => (
        <>
          <Button onPress={close}>{common('actions.cancel')}</Button>
          <Button
            variant="primary"
            isPending={create.isPending}
            isDisabled={name.trim() === ''}
            onPress={submit}
          >
            {common('actions.create')}
          </Button>
        </>
      )}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() !== '') submit()
        }}
      >
        {create.isError && <Banner tone="error">{message}</Banner>}
        <TextField
          label={t('name')}
          hint={t('nameHint')}
          value={name}
          onChange={setName}
          maxLength={200}
          autoFocus
        />
        <RadioGroup
          label={t('delivery.label')}
          look="cards"
          options={DELIVERIES.map((value) => ({
            value,
            label: t(`delivery.${value}`),
            note: t(`delivery.${value}Note`),
          }))}
          value={delivery}
          onChange={setDelivery}
        />
      </form>
    </Dialog>
  )
}

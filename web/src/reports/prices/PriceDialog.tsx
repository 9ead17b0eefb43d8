import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../../platform/api/problem.ts'
import { Banner } from '../../ui/Banner.tsx'
import { DateField } from '../../ui/DateField.tsx'
import { useErrorText } from '../../ui/ErrorState.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { NumberField } from '../../ui/NumberField.tsx'
import { useKitText } from '../../ui/text.ts'
import { toast } from '../../ui/Toast.tsx'
import { useSetPrice } from './api.ts'
import type { Channel } from './api.ts'

/** The price of one message on a channel, from the next full hour on or from a day that is named. */
export function PriceDialog({
  channel,
  currency,
  present,
  onClose,
}: {
  channel: Channel
  currency: string
  present: number | null
  onClose: () => void
}) {
  const t = useTranslations('reports.prices')
  const channels = useTranslations('analytics.channels')
  const common = useKitText()
  const [price, setPrice] = useState(present ?? Number.NaN)
  const [from, setFrom] = useState<string | null>(null)
  const save = useSetPrice()
  const issues = fieldErrors(save.error)
  const { message } = useErrorText(save.error)
  const submit = (): void =>
    save.mutate(
      // The first instant of the day in the reader's clock; the server takes the full hour.
      { channel, price, ...(from === null ? {} : { validFrom: new Date(`${from}T00:00`).toISOString() }) },
      {
        onSuccess: () => {
          toast({ text: t('saved') })
          onClose()
        },
      },
    )
  return (
    <FormDialog
      title={t('of', { channel: channels(channel) })}
      action={common('actions.save')}
      isPending={save.isPending}
      isDisabled={Number.isNaN(price)}
      onSubmit={submit}
      onClose={onClose}
    >
      {save.isError && (
        <Banner tone="error" title={message}>
          {Object.values(issues).join(' ')}
        </Banner>
      )}
      <NumberField
        label={t('price')}
        hint={t('priceHint')}
        minValue={0}
        value={price}
        onChange={setPrice}
        formatOptions={{ style: 'currency', currency, maximumFractionDigits: 6 }}
      />
      {present !== null && (
        <DateField label={t('from')} hint={t('fromHint')} isOptional value={from} onChange={setFrom} />
      )}
    </FormDialog>
  )
}

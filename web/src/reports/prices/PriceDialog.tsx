import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { DateField } from '../../ui/DateField.tsx'
import { NumberField } from '../../ui/NumberField.tsx'
import { useSetPrice } from './api.ts'
import type { Channel } from './api.ts'
import { PriceForm } from './PriceForm.tsx'
import { unitMoney } from './unit-money.ts'
import { validFromDay } from './valid-from.ts'

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
  const [price, setPrice] = useState(present ?? Number.NaN)
  const [from, setFrom] = useState<string | null>(null)
  return (
    <PriceForm
      title={t('of', { channel: channels(channel) })}
      price={Number.isNaN(price) ? null : { channel, price, ...validFromDay(from) }}
      save={useSetPrice()}
      onClose={onClose}
    >
      <NumberField
        label={t('price')}
        hint={t('priceHint')}
        minValue={0}
        value={price}
        onChange={setPrice}
        formatOptions={unitMoney(currency)}
      />
      {present !== null && (
        <DateField label={t('from')} hint={t('fromHint')} isOptional value={from} onChange={setFrom} />
      )}
    </PriceForm>
  )
}

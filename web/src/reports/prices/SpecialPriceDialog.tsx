import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useChoices } from '../../contacts/person.ts'
import { useProviders } from '../../delivery/api.ts'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { ComboBox } from '../../ui/ComboBox.tsx'
import { DateField } from '../../ui/DateField.tsx'
import { FieldRow } from '../../ui/Field.tsx'
import { NumberField } from '../../ui/NumberField.tsx'
import { Select } from '../../ui/Select.tsx'
import { CHANNELS } from '../parts.ts'
import { useSetSpecialPrice } from './api.ts'
import type { Channel } from './api.ts'
import { PriceForm } from './PriceForm.tsx'
import { unitMoney } from './unit-money.ts'
import { validFromDay } from './valid-from.ts'

const ANY = 'any'
/** Channels whose price may differ by the country of the number. */
const TELEPHONES: readonly Channel[] = ['sms', 'whatsapp']

/** The price of messages to a country, of a provider, or of both, from the next full hour on or from a day. */
export function SpecialPriceDialog({ currency, onClose }: { currency: string; onClose: () => void }) {
  const t = useTranslations('reports.prices')
  const channels = useTranslations('analytics.channels')
  const { countries } = useChoices()
  const providers = useProviders().data ?? []
  const [channel, setChannel] = useState<Channel>('sms')
  const [country, setCountry] = useState<string | null>(null)
  const [providerId, setProviderId] = useState<string>(ANY)
  const [price, setPrice] = useState(Number.NaN)
  const [isEnd, setEnd] = useState(false)
  const [from, setFrom] = useState<string | null>(null)
  const isTelephone = TELEPHONES.includes(channel)
  const own = providers.filter((provider) => provider.channel === channel)
  const named = {
    country: isTelephone ? country : null,
    providerId: own.some(({ id }) => id === providerId) ? providerId : null,
  }
  const isMissing = (!isEnd && Number.isNaN(price)) || (named.country === null && named.providerId === null)
  return (
    <PriceForm
      title={t('special.add')}
      price={isMissing ? null : { channel, ...named, price: isEnd ? null : price, ...validFromDay(from) }}
      save={useSetSpecialPrice()}
      onClose={onClose}
    >
      <FieldRow>
        <Select
          label={t('channel')}
          options={CHANNELS.map((value) => ({ value, label: channels(value) }))}
          value={channel}
          onChange={setChannel}
        />
        <Select
          label={t('special.provider')}
          options={[
            { value: ANY, label: t('special.anyProvider') },
            ...own.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={named.providerId ?? ANY}
          onChange={setProviderId}
        />
      </FieldRow>
      {isTelephone && (
        <ComboBox
          label={t('special.country')}
          isOptional
          placeholder={t('special.anyCountry')}
          options={countries}
          value={country}
          onChange={setCountry}
        />
      )}
      {!isEnd && (
        <NumberField
          label={t('price')}
          hint={t('priceHint')}
          minValue={0}
          value={price}
          onChange={setPrice}
          formatOptions={unitMoney(currency)}
        />
      )}
      <Checkbox isSelected={isEnd} onChange={setEnd}>
        {t('special.isEnd')}
      </Checkbox>
      <DateField label={t('from')} hint={t('special.fromHint')} isOptional value={from} onChange={setFrom} />
    </PriceForm>
  )
}

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useChoices } from '../../contacts/person.ts'
import { useProviders } from '../../delivery/api.ts'
import { fieldErrors } from '../../platform/api/problem.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Checkbox } from '../../ui/Checkbox.tsx'
import { ComboBox } from '../../ui/ComboBox.tsx'
import { DateField } from '../../ui/DateField.tsx'
import { useErrorText } from '../../ui/ErrorState.tsx'
import { FieldRow } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { NumberField } from '../../ui/NumberField.tsx'
import { Select } from '../../ui/Select.tsx'
import { useKitText } from '../../ui/text.ts'
import { toast } from '../../ui/Toast.tsx'
import { CHANNELS } from '../parts.ts'
import { useSetSpecialPrice } from './api.ts'
import type { Channel } from './api.ts'

const ANY = 'any'
/** Channels whose price may differ by the country of the number. */
const TELEPHONES: readonly Channel[] = ['sms', 'whatsapp']

/** The price of messages to a country, of a provider, or of both, from the next full hour on or from a day. */
export function SpecialPriceDialog({ currency, onClose }: { currency: string; onClose: () => void }) {
  const t = useTranslations('reports.prices')
  const channels = useTranslations('analytics.channels')
  const common = useKitText()
  const { countries } = useChoices()
  const providers = useProviders().data ?? []
  const save = useSetSpecialPrice()
  const issues = fieldErrors(save.error)
  const { message } = useErrorText(save.error)
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
  const submit = (): void =>
    save.mutate(
      {
        channel,
        ...named,
        price: isEnd ? null : price,
        // The first instant of the day in the reader's clock; the server takes the full hour.
        ...(from === null ? {} : { validFrom: new Date(`${from}T00:00`).toISOString() }),
      },
      {
        onSuccess: () => {
          toast({ text: t('saved') })
          onClose()
        },
      },
    )
  return (
    <FormDialog
      title={t('special.add')}
      action={common('actions.save')}
      isPending={save.isPending}
      isDisabled={(!isEnd && Number.isNaN(price)) || (named.country === null && named.providerId === null)}
      onSubmit={submit}
      onClose={onClose}
    >
      {save.isError && (
        <Banner tone="error" title={message}>
          {Object.values(issues).join(' ')}
        </Banner>
      )}
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
          formatOptions={{ style: 'currency', currency, maximumFractionDigits: 6 }}
        />
      )}
      <Checkbox isSelected={isEnd} onChange={setEnd}>
        {t('special.isEnd')}
      </Checkbox>
      <DateField label={t('from')} hint={t('special.fromHint')} isOptional value={from} onChange={setFrom} />
    </FormDialog>
  )
}

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { DateField } from '../../ui/DateField.tsx'
import { FieldRow } from '../../ui/Field.tsx'
import { NumberField } from '../../ui/NumberField.tsx'
import { Select } from '../../ui/Select.tsx'
import { PLATFORMS } from '../parts.ts'
import { useSetPostPrice } from './api.ts'
import { PriceForm } from './PriceForm.tsx'
import { unitMoney } from './unit-money.ts'

/** The price of a post on a platform from a day on. */
export function PostPriceDialog({ currency, onClose }: { currency: string; onClose: () => void }) {
  const t = useTranslations('reports.prices')
  const platforms = useTranslations('reports.platforms')
  const [platform, setPlatform] = useState<(typeof PLATFORMS)[number]>('instagram')
  const [price, setPrice] = useState(Number.NaN)
  const [validFrom, setValidFrom] = useState<string | null>(null)
  return (
    <PriceForm
      title={t('posts.add')}
      price={Number.isNaN(price) || validFrom === null ? null : { platform, price, validFrom }}
      save={useSetPostPrice()}
      onClose={onClose}
    >
      <FieldRow>
        <Select
          label={t('posts.platform')}
          options={PLATFORMS.map((value) => ({ value, label: platforms(value) }))}
          value={platform}
          onChange={setPlatform}
        />
        <NumberField
          label={t('posts.price')}
          minValue={0}
          value={price}
          onChange={setPrice}
          formatOptions={unitMoney(currency)}
        />
      </FieldRow>
      <DateField
        label={t('posts.from')}
        hint={t('posts.fromHint')}
        value={validFrom}
        onChange={setValidFrom}
      />
    </PriceForm>
  )
}

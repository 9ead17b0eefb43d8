import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../../platform/api/problem.ts'
import { Banner } from '../../ui/Banner.tsx'
import { DateField } from '../../ui/DateField.tsx'
import { useErrorText } from '../../ui/ErrorState.tsx'
import { FieldRow } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { NumberField } from '../../ui/NumberField.tsx'
import { Select } from '../../ui/Select.tsx'
import { useKitText } from '../../ui/text.ts'
import { toast } from '../../ui/Toast.tsx'
import { PLATFORMS } from '../parts.ts'
import { useSetPostPrice } from './api.ts'

/** The price of a post on a platform from a day on. */
export function PostPriceDialog({ currency, onClose }: { currency: string; onClose: () => void }) {
  const t = useTranslations('reports.prices')
  const platforms = useTranslations('reports.platforms')
  const common = useKitText()
  const save = useSetPostPrice()
  const issues = fieldErrors(save.error)
  const { message } = useErrorText(save.error)
  const [platform, setPlatform] = useState<(typeof PLATFORMS)[number]>('instagram')
  const [price, setPrice] = useState(Number.NaN)
  const [validFrom, setValidFrom] = useState<string | null>(null)
  const submit = (): void => {
    if (validFrom === null) return
    save.mutate(
      { platform, price, validFrom },
      {
        onSuccess: () => {
          toast({ text: t('saved') })
          onClose()
        },
      },
    )
  }
  return (
    <FormDialog
      title={t('posts.add')}
      action={common('actions.save')}
      isPending={save.isPending}
      isDisabled={Number.isNaN(price) || validFrom === null}
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
          formatOptions={{ style: 'currency', currency, maximumFractionDigits: 6 }}
        />
      </FieldRow>
      <DateField
        label={t('posts.from')}
        hint={t('posts.fromHint')}
        value={validFrom}
        onChange={setValidFrom}
      />
    </FormDialog>
  )
}

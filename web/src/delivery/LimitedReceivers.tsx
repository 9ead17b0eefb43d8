import { Plus, Trash2 } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { SendingLimits } from './api.ts'

type Receiver = NonNullable<SendingLimits['receivers']>[number]

/** Limits of receiving domains: who they are, and how many mails a minute and an hour. */
export function LimitedReceivers({
  value,
  onChange,
  isReadOnly,
}: {
  value: Receiver[]
  onChange: (value: Receiver[]) => void
  isReadOnly: boolean
}) {
  const t = useTranslations('delivery.hours')
  const orNull = (n: number): number | null => (Number.isNaN(n) ? null : n)
  const change = (at: number, part: Partial<Receiver>) =>
    onChange(value.map((receiver, n) => (n === at ? { ...receiver, ...part } : receiver)))
  return (
    <fieldset className="grid gap-3">
      <legend className="pb-1 font-medium">{t('receivers')}</legend>
      <p className="text-muted">{t('receiversNote')}</p>
      {value.map((receiver, at) => (
        <div
          // Names are being written: a place is what a row is known by.
          key={at}
          className="grid grid-cols-1 items-end gap-3 sm:grid-cols-[1fr_1fr_1fr_auto]"
        >
          <TextField
            label={t('receiver', { no: at + 1 })}
            placeholder="google, example.com"
            value={receiver.receiver}
            onChange={(name) => change(at, { receiver: name })}
            isReadOnly={isReadOnly}
          />
          <NumberField
            label={t('perMinute', { name: receiver.receiver || t('receiver', { no: at + 1 }) })}
            placeholder={t('noLimit')}
            value={receiver.perMinute ?? Number.NaN}
            onChange={(n) => change(at, { perMinute: orNull(n) })}
            minValue={1}
            isDisabled={isReadOnly}
          />
          <NumberField
            label={t('perHour', { name: receiver.receiver || t('receiver', { no: at + 1 }) })}
            placeholder={t('noLimit')}
            value={receiver.perHour ?? Number.NaN}
            onChange={(n) => change(at, { perHour: orNull(n) })}
            minValue={1}
            isDisabled={isReadOnly}
          />
          {!isReadOnly && (
            <IconButton
              label={t('removeReceiver', { no: at + 1 })}
              onPress={() => onChange(value.toSpliced(at, 1))}
            >
              <Trash2 aria-hidden />
            </IconButton>
          )}
        </div>
      ))}
      {!isReadOnly && (
        <div>
          <Button
            icon={<Plus aria-hidden />}
            onPress={() => onChange([...value, { receiver: '', perMinute: null, perHour: null }])}
          >
            {t('addReceiver')}
          </Button>
        </div>
      )}
    </fieldset>
  )
}

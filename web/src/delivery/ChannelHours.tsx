import { useId } from 'react'
import { useTranslations } from 'use-intl'
import { Switch } from '../ui/Switch.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { SendingHours } from './api.ts'

type Hours = SendingHours['channels']['email']
const USUAL = { from: '21:00', to: '08:00' }

/** The hours of one channel: its quiet hours, and what else keeps messages from leaving. */
export function ChannelHours({
  channel,
  value,
  onChange,
  isReadOnly,
}: {
  channel: keyof SendingHours['channels']
  value: Hours
  onChange: (value: Hours) => void
  isReadOnly: boolean
}) {
  const t = useTranslations('delivery.hours')
  const id = useId()
  const [quiet] = value.quiet ?? []
  const change = (part: Partial<Hours>) => onChange({ ...value, ...part })
  const setQuiet = (part: Partial<typeof USUAL>) =>
    change({ quiet: [{ ...USUAL, ...quiet, ...part }, ...(value.quiet ?? []).slice(1)] })
  return (
    <fieldset aria-labelledby={id} className="grid gap-3 border-b border-line pb-4">
      <legend id={id} className="pb-2 font-medium">
        {t(`channelNames.${channel}`)}
      </legend>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        <Switch
          isSelected={quiet !== undefined}
          onChange={(isOn) => change({ quiet: isOn ? [USUAL] : [] })}
          isDisabled={isReadOnly}
        >
          {t('quiet')}
        </Switch>
        <Switch
          isSelected={value.keepsLegalHours ?? false}
          onChange={(keepsLegalHours) => change({ keepsLegalHours })}
          isDisabled={isReadOnly}
        >
          {t('legal')}
        </Switch>
        <Switch
          isSelected={value.skipsWeekends ?? false}
          onChange={(skipsWeekends) => change({ skipsWeekends })}
          isDisabled={isReadOnly}
        >
          {t('weekends')}
        </Switch>
        <Switch
          isSelected={value.skipsHolidays ?? false}
          onChange={(skipsHolidays) => change({ skipsHolidays })}
          isDisabled={isReadOnly}
        >
          {t('holidays')}
        </Switch>
      </div>
      {quiet && (
        <div className="grid max-w-xs grid-cols-2 gap-4">
          <TextField
            type="time"
            label={t('from')}
            value={quiet.from}
            onChange={(from) => setQuiet({ from })}
            isReadOnly={isReadOnly}
          />
          <TextField
            type="time"
            label={t('to')}
            value={quiet.to}
            onChange={(to) => setQuiet({ to })}
            isReadOnly={isReadOnly}
          />
        </div>
      )}
    </fieldset>
  )
}

import { useState } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { FieldStack } from '../ui/Field.tsx'
import { Switch } from '../ui/Switch.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { SendingHours } from './api.ts'

type Days = Pick<SendingHours, 'closedDays' | 'ignoredHolidays'>

/** Days of one's own on which nothing leaves, and countries whose public holidays are not kept. */
export function ClosedDays({
  value,
  countries,
  onChange,
  isReadOnly,
  error,
}: {
  value: Days
  /** Whose holidays are known. */
  countries: readonly string[]
  onChange: (value: Days) => void
  isReadOnly: boolean
  error?: string | undefined
}) {
  const t = useTranslations('delivery.hours')
  const regions = new Intl.DisplayNames(useLocale(), { type: 'region' })
  const ignored = value.ignoredHolidays ?? []
  const [text, setText] = useState((value.closedDays ?? []).join(', '))
  return (
    <FieldStack>
      <TextField
        label={t('closedDays')}
        hint={t('closedDaysHint')}
        placeholder="2026-12-24, 2026-12-31"
        value={text}
        onChange={(written) => {
          setText(written)
          onChange({ ...value, closedDays: written.split(/[\s,;]+/).filter((day) => day !== '') })
        }}
        isReadOnly={isReadOnly}
        error={error}
      />
      <fieldset>
        <legend className="pb-2 font-medium">{t('keptHolidays')}</legend>
        <div className="flex flex-wrap gap-x-6 gap-y-2">
          {countries.map((country) => (
            <Switch
              key={country}
              isSelected={!ignored.includes(country)}
              onChange={(isKept) =>
                onChange({
                  ...value,
                  ignoredHolidays: isKept
                    ? ignored.filter((code) => code !== country)
                    : [...ignored, country],
                })
              }
              isDisabled={isReadOnly}
            >
              {regions.of(country) ?? country}
            </Switch>
          ))}
        </div>
      </fieldset>
    </FieldStack>
  )
}

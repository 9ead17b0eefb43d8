import { useLocale, useTranslations } from 'use-intl'
import { CheckboxGroup } from '../ui/Checkbox.tsx'
import { DateField } from '../ui/DateField.tsx'
import { FieldRow, FieldStack } from '../ui/Field.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { Select } from '../ui/Select.tsx'
import { Switch } from '../ui/Switch.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { ScheduleInput } from './api.ts'

type Repeat = NonNullable<ScheduleInput['repeat']>
const KINDS = ['once', 'daily', 'weekly', 'monthly', 'monthly_weekday', 'cron'] as const
type Kind = (typeof KINDS)[number]
const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7'] as const
const NTHS = ['1', '2', '3', '4', '-1'] as const
/** 2024-01-01 was a Monday. */
const MONDAY = Date.UTC(2024, 0, 1)
const DAY_MS = 86_400_000
const REMIND_MINUTES = 60

/** How a plan repeats, on whose clock, until when, and whether its author is reminded. */
export function RepeatFields({
  value,
  onChange,
  isDisabled,
  errors,
}: {
  value: ScheduleInput
  onChange: (change: Partial<ScheduleInput>) => void
  isDisabled: boolean
  errors: Readonly<Record<string, string>>
}) {
  const t = useTranslations('campaigns.when')
  const repeat = value.repeat ?? null
  return (
    <FieldStack>
      <Select
        label={t('repeat')}
        options={KINDS.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
        value={repeat?.kind ?? 'once'}
        onChange={(kind: Kind) => onChange({ repeat: repeatOf(kind, value.at) })}
        isDisabled={isDisabled}
      />
      {repeat && (
        <RepeatDetails
          repeat={repeat}
          onChange={(next) => onChange({ repeat: next })}
          isDisabled={isDisabled}
          error={errors['repeat.expression'] ?? errors['repeat.weekdays'] ?? errors['repeat']}
        />
      )}
      {repeat && (
        <DateField
          label={t('endsOn')}
          isOptional
          value={value.endsOn ?? null}
          onChange={(endsOn) => onChange({ endsOn })}
          isDisabled={isDisabled}
        />
      )}
      <Switch
        isSelected={value.clock === 'recipient'}
        onChange={(isOn) => onChange({ clock: isOn ? 'recipient' : 'zone' })}
        isDisabled={isDisabled}
        note={t('recipientNote')}
      >
        {t('recipient')}
      </Switch>
      <Switch
        isSelected={(value.remindMinutes ?? null) !== null}
        onChange={(isOn) => onChange({ remindMinutes: isOn ? REMIND_MINUTES : null })}
        isDisabled={isDisabled}
      >
        {t('remind')}
      </Switch>
    </FieldStack>
  )
}

function RepeatDetails({
  repeat,
  onChange,
  isDisabled,
  error,
}: {
  repeat: Repeat
  onChange: (repeat: Repeat) => void
  isDisabled: boolean
  error: string | undefined
}) {
  const t = useTranslations('campaigns.when')
  const locale = useLocale()
  const weekdays = WEEKDAYS.map((day) => ({
    value: day,
    label: new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(
      MONDAY + (Number(day) - 1) * DAY_MS,
    ),
  }))
  if (repeat.kind === 'cron')
    return (
      <TextField
        label={t('cron')}
        hint={t('cronHint')}
        value={repeat.expression}
        onChange={(expression) => onChange({ ...repeat, expression })}
        error={error}
        isDisabled={isDisabled}
      />
    )
  return (
    <>
      <NumberField
        label={t(`every.${repeat.kind}`)}
        value={repeat.every ?? 1}
        onChange={(every) => onChange({ ...repeat, every: Number.isNaN(every) ? 1 : every })}
        minValue={1}
        maxValue={52}
        isDisabled={isDisabled}
      />
      {repeat.kind === 'weekly' && (
        <CheckboxGroup
          label={t('weekdays')}
          options={weekdays}
          value={repeat.weekdays.map(toDay)}
          onChange={(days) => onChange({ ...repeat, weekdays: days.map(Number) })}
          error={error}
          isDisabled={isDisabled}
        />
      )}
      {repeat.kind === 'monthly' && (
        <NumberField
          label={t('day')}
          hint={t('dayHint')}
          value={repeat.day}
          onChange={(day) => onChange({ ...repeat, day: Number.isNaN(day) ? 1 : day })}
          minValue={1}
          maxValue={31}
          isDisabled={isDisabled}
        />
      )}
      {repeat.kind === 'monthly_weekday' && (
        <FieldRow>
          <Select
            label={t('nth')}
            options={NTHS.map((nth) => ({ value: nth, label: t(`nths.${nth === '-1' ? 'last' : nth}`) }))}
            value={NTHS.find((nth) => Number(nth) === repeat.nth) ?? '1'}
            onChange={(nth) => onChange({ ...repeat, nth: toNth(nth) })}
            isDisabled={isDisabled}
          />
          <Select
            label={t('weekday')}
            options={weekdays}
            value={toDay(repeat.weekday)}
            onChange={(day) => onChange({ ...repeat, weekday: Number(day) })}
            isDisabled={isDisabled}
          />
        </FieldRow>
      )}
    </>
  )
}

/** A new choice begins with what the planned day suggests. */
function repeatOf(kind: Kind, at: string): Repeat | null {
  const day = new Date(`${at.slice(0, 10)}T00:00:00Z`)
  const weekday = day.getUTCDay() === 0 ? 7 : day.getUTCDay()
  switch (kind) {
    case 'once':
      return null
    case 'daily':
      return { kind, every: 1 }
    case 'weekly':
      return { kind, every: 1, weekdays: [weekday] }
    case 'monthly':
      return { kind, every: 1, day: day.getUTCDate() }
    case 'monthly_weekday':
      return { kind, every: 1, nth: 1, weekday }
    case 'cron':
      return { kind, expression: `${Number(at.slice(14, 16))} ${Number(at.slice(11, 13))} * * 1-5` }
  }
}

const toDay = (day: number): (typeof WEEKDAYS)[number] => WEEKDAYS[day - 1] ?? '1'

function toNth(nth: (typeof NTHS)[number]): 1 | 2 | 3 | 4 | -1 {
  switch (nth) {
    case '1':
      return 1
    case '2':
      return 2
    case '3':
      return 3
    case '4':
      return 4
    case '-1':
      return -1
  }
}

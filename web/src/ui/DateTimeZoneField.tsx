import { useMemo } from 'react'
import { ComboBox } from './ComboBox.tsx'
import { DateTimeField } from './DateField.tsx'
import { useKitText } from './text.ts'

/** A wall time and the IANA zone in which it is meant; never only an instant, for the rules of zones change. */
export interface WallTime {
  /** `2026-11-27T09:00` */
  at: string | null
  /** `Europe/Paris` */
  timeZone: string
}

/** Properties of a date-time field with its zone. */
export interface DateTimeZoneFieldProps {
  label?: string
  value: WallTime
  onChange: (value: WallTime) => void
  error?: string | undefined
  min?: string
  isDisabled?: boolean
  /** The reader's own zone, to say what the time means for them when it is another. */
  ownTimeZone?: string
}

/** When something happens: `<DateTimeZoneField value={{ at, timeZone }} onChange={setWhen} ownTimeZone={ownTimeZone()} />`. */
export function DateTimeZoneField(props: DateTimeZoneFieldProps) {
  const { value, onChange, ownTimeZone, label, ...rest } = props
  const t = useKitText()
  const zones = useMemo(() => zoneOptions(value.timeZone), [value.timeZone])
  return (
    <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
      <DateTimeField
        {...rest}
        label={label ?? t('date.time')}
        value={value.at}
        // Changing the zone keeps the wall time: nine o'clock stays nine o'clock.
        onChange={(at) => onChange({ ...value, at })}
        {...(ownTimeZone === undefined ? {} : { zones: { meant: value.timeZone, own: ownTimeZone } })}
      />
      <ComboBox
        label={t('date.zone')}
        options={zones}
        value={value.timeZone}
        onChange={(timeZone) => timeZone !== null && onChange({ ...value, timeZone })}
        isDisabled={props.isDisabled ?? false}
      />
    </div>
  )
}

/** Every zone that the browser knows, as options for a ComboBox; the given one is always among them. */
export function zoneOptions(always: string) {
  const zones = new Set(Intl.supportedValuesOf('timeZone')).add('UTC').add(always)
  return [...zones].map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))
}

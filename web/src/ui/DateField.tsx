import { lazy, Suspense } from 'react'
import { FieldFrame } from './Field.tsx'
import type { FieldProps } from './Field.tsx'

/** Properties of a date or wall-time field. Values are texts without zone, as the API takes them. */
export interface DateFieldProps extends FieldProps {
  /** `2026-11-27`, or with time `2026-11-27T09:00`. */
  value: string | null
  onChange: (value: string | null) => void
  min?: string
  max?: string
  isDisabled?: boolean
  autoFocus?: boolean
}

/** Properties of the picker behind every date field. */
export interface PickerProps extends DateFieldProps {
  granularity: 'day' | 'minute'
  /** The zone in which the time is meant, and the reader's own. */
  zones?: { meant: string; own: string }
}

const DatePicker = lazy(() => import('./DatePicker.tsx').then((module) => ({ default: module.DatePicker })))

/** A calendar day: `<DateField label={t('birthday')} value="2026-11-27" onChange={setDay} />`. */
export function DateField(props: DateFieldProps) {
  return <Picker {...props} granularity="day" />
}

/** A wall time without zone (`2026-11-27T09:00`); beside a zone use DateTimeZoneField. */
export function DateTimeField(props: DateFieldProps & Pick<PickerProps, 'zones'>) {
  return <Picker {...props} granularity="minute" />
}

function Picker(props: PickerProps) {
  return (
    <Suspense fallback={<FieldFrame {...props} />}>
      <DatePicker {...props} />
    </Suspense>
  )
}

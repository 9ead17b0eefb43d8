import { parseDate, parseDateTime } from '@internationalized/date'
import type { CalendarDate, CalendarDateTime } from '@internationalized/date'
import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react'
import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  DateInput,
  DatePicker,
  DateSegment,
  Dialog,
  Group,
  Heading,
} from 'react-aria-components'
import { cx } from './cx.ts'
import { FieldLabel, FieldNotes, boxStyle, fieldStyle } from './Field.tsx'
import type { FieldProps } from './Field.tsx'
import { PopoverPanel } from './Popover.tsx'
import { useKitText } from './text.ts'

/** Properties of a date or wall-time field. Values are texts without zone, as the API takes them. */
export interface DateFieldProps extends FieldProps {
  /** `2026-11-27`, or with time `2026-11-27T09:00`. */
  value: string | null
  onChange: (value: string | null) => void
  min?: string
  max?: string
  isDisabled?: boolean
}

/** A calendar day: `<DateField label={t('birthday')} value="2026-11-27" onChange={setDay} />`. */
export function DateField(props: DateFieldProps) {
  return <Picker {...props} granularity="day" parse={readDay} />
}

/** A wall time without zone (`2026-11-27T09:00`); beside a zone use DateTimeZoneField. */
export function DateTimeField(props: DateFieldProps) {
  return <Picker {...props} granularity="minute" parse={readWallTime} />
}

interface PickerProps extends DateFieldProps {
  granularity: 'day' | 'minute'
  parse: (text: string) => CalendarDate | CalendarDateTime
}

function Picker({ granularity, parse, value, onChange, min, max, isDisabled, ...field }: PickerProps) {
  const { label, isLabelHidden, hint, error, isOptional, className } = field
  const t = useKitText()
  return (
    <DatePicker
      value={value === null ? null : parse(value)}
      onChange={(next) =>
        onChange(next === null ? null : next.toString().slice(0, granularity === 'day' ? 10 : 16))
      }
      granularity={granularity}
      minValue={min === undefined ? null : parse(min)}
      maxValue={max === undefined ? null : parse(max)}
      isDisabled={isDisabled ?? false}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      shouldForceLeadingZeros
      className={cx(fieldStyle, className)}
    >
      <FieldLabel {...{ label, isLabelHidden, isOptional }} />
      <Group className={cx(boxStyle, 'flex items-center pr-1 pl-2')}>
        <DateInput className="figures flex min-w-0 flex-1 items-center overflow-x-auto">
          {(segment) => <DateSegment segment={segment} className={segmentStyle} />}
        </DateInput>
        <Button aria-label={t('calendar.open')} className={smallButtonStyle}>
          <CalendarDays aria-hidden />
        </Button>
      </Group>
      <FieldNotes hint={hint} error={error} />
      <PopoverPanel>
        <Dialog aria-label={t('calendar.open')} className="p-3 outline-none">
          <MonthGrid />
        </Dialog>
      </PopoverPanel>
    </DatePicker>
  )
}

function MonthGrid() {
  const t = useKitText()
  return (
    <Calendar>
      <header className="mb-2 flex items-center justify-between">
        <Button slot="previous" aria-label={t('calendar.previous')} className={smallButtonStyle}>
          <ChevronLeft aria-hidden />
        </Button>
        <Heading className="text-base font-semibold" />
        <Button slot="next" aria-label={t('calendar.next')} className={smallButtonStyle}>
          <ChevronRight aria-hidden />
        </Button>
      </header>
      <CalendarGrid>
        <CalendarGridHeader>
          {(day) => (
            <CalendarHeaderCell className="size-8 text-sm font-normal text-muted">{day}</CalendarHeaderCell>
          )}
        </CalendarGridHeader>
        <CalendarGridBody>{(date) => <CalendarCell date={date} className={dayStyle} />}</CalendarGridBody>
      </CalendarGrid>
    </Calendar>
  )
}

function readDay(text: string): CalendarDate {
  return parseDate(text.slice(0, 10))
}

function readWallTime(text: string): CalendarDateTime {
  return parseDateTime(text.length === 10 ? `${text}T09:00` : text.slice(0, 16))
}

// 24 px at least: the smallest target that WCAG 2.2 allows.
const segmentStyle =
  'rounded-sm px-0.5 text-center outline-none data-[focused]:bg-accent data-[focused]:text-on-accent data-[placeholder]:text-muted data-[focused]:data-[placeholder]:text-on-accent data-[type=literal]:px-0 not-data-[type=literal]:min-w-6 not-data-[type=literal]:leading-6'

const smallButtonStyle =
  'flex size-7 shrink-0 items-center justify-center rounded-md text-muted hover:bg-soft hover:text-text data-[disabled]:opacity-40 [&_svg]:size-4'

const dayStyle =
  'figures flex size-8 cursor-default items-center justify-center rounded-md text-base outline-none data-[disabled]:opacity-40 data-[focus-visible]:outline-2 data-[focus-visible]:outline-accent data-[hovered]:bg-soft data-[outside-month]:text-muted data-[selected]:bg-accent data-[selected]:text-on-accent data-[today]:font-semibold data-[today]:text-accent-text data-[selected]:data-[today]:text-on-accent data-[unavailable]:line-through'

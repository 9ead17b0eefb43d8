import { parseDate, parseDateTime, toZoned } from '@internationalized/date'
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
  DatePicker as AriaDatePicker,
  DateSegment,
  Dialog,
  Group,
  Heading,
  useLocale,
} from 'react-aria-components'
import { cx } from './cx.ts'
import { FieldLabel, FieldNotes, boxStyle, fieldStyle } from './Field.tsx'
import type { PickerProps } from './DateField.tsx'
import { PopoverPanel } from './Popover.tsx'
import { useKitText } from './text.ts'

/** Segments by keyboard, a calendar by pointer. Loaded with the first date field: calendars weigh 45 kB. */
export function DatePicker({
  granularity,
  zones,
  value,
  onChange,
  min,
  max,
  isDisabled,
  autoFocus,
  ...field
}: PickerProps) {
  const { label, isLabelHidden, hint, error, isOptional, className } = field
  const t = useKitText()
  const { locale } = useLocale()
  const parse = granularity === 'day' ? readDay : readWallTime
  const meaning = zones === undefined ? null : inZone(value, zones, locale)
  return (
    <AriaDatePicker
      value={parse(value)}
      onChange={(next) =>
        onChange(next === null ? null : next.toString().slice(0, granularity === 'day' ? 10 : 16))
      }
      granularity={granularity}
      minValue={parse(min)}
      maxValue={parse(max)}
      isDisabled={isDisabled ?? false}
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- only where the page asks for it
      autoFocus={autoFocus ?? false}
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
      <FieldNotes hint={meaning === null ? hint : t('date.ownTime', { time: meaning })} error={error} />
      <PopoverPanel>
        <Dialog aria-label={t('calendar.open')} className="p-3 outline-none">
          <MonthGrid />
        </Dialog>
      </PopoverPanel>
    </AriaDatePicker>
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

function readDay(text: string | null | undefined): CalendarDate | null {
  return isText(text) ? parseDate(text.slice(0, 10)) : null
}

function readWallTime(text: string | null | undefined): CalendarDateTime | null {
  return isText(text) ? parseDateTime(text.length === 10 ? `${text}T09:00` : text.slice(0, 16)) : null
}

function isText(text: string | null | undefined): text is string {
  return text !== null && text !== undefined && text !== ''
}

/** What a wall time of one zone is in another, for the reader who sits there. */
function inZone(
  at: string | null,
  { meant, own }: { meant: string; own: string },
  locale: string,
): string | null {
  const wallTime = readWallTime(at)
  if (wallTime === null || meant === own) return null
  const instant = toZoned(wallTime, meant).toDate()
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: own }).format(
    instant,
  )
}

// 24 px at least: the smallest target that WCAG 2.2 allows.
const segmentStyle =
  'rounded-sm px-0.5 text-center outline-none data-[focused]:bg-accent data-[focused]:text-on-accent data-[placeholder]:text-muted data-[focused]:data-[placeholder]:text-on-accent data-[type=literal]:px-0 not-data-[type=literal]:min-w-6 not-data-[type=literal]:leading-6'

const smallButtonStyle =
  'flex size-7 shrink-0 items-center justify-center rounded-md text-muted hover:bg-soft hover:text-text data-[disabled]:opacity-40 [&_svg]:size-4'

const dayStyle =
  'figures flex size-8 cursor-default items-center justify-center rounded-md text-base outline-none data-[disabled]:opacity-40 data-[focus-visible]:outline-2 data-[focus-visible]:outline-accent data-[hovered]:bg-soft data-[outside-month]:text-muted data-[selected]:bg-accent data-[selected]:text-on-accent data-[today]:font-semibold data-[today]:text-accent-text data-[selected]:data-[today]:text-on-accent data-[unavailable]:line-through'

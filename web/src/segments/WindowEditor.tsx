import { useTranslations } from 'use-intl'
import { DateField } from '../ui/DateField.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { Select } from '../ui/Select.tsx'
import { useBuilder } from './builder-context.ts'
import { newWindow, spanOf, WINDOW_KINDS, windowKind } from './parts.ts'

/** When it must have happened: ever, in the last days, more than days ago, between two days. */
export function WindowEditor({ window, onChange }: { window: unknown; onChange: (window: unknown) => void }) {
  const t = useTranslations('segments.parts')
  const { isReadOnly } = useBuilder()
  const kind = windowKind(window)
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Select
        label={t('window')}
        isLabelHidden
        isCompact
        options={WINDOW_KINDS.map((value) => ({ value, label: t(`windows.${value}`) }))}
        value={kind}
        onChange={(next) => onChange(newWindow(next))}
        isDisabled={isReadOnly}
      />
      <WindowBounds window={window} onChange={onChange} />
    </div>
  )
}

function WindowBounds({ window, onChange }: { window: unknown; onChange: (window: unknown) => void }) {
  const t = useTranslations('segments.parts')
  const { isReadOnly } = useBuilder()
  const number = (label: string, value: number, change: (value: number) => void) => (
    <NumberField
      label={label}
      isLabelHidden
      className="w-24"
      minValue={0}
      value={value}
      onChange={change}
      isDisabled={isReadOnly}
    />
  )
  const kind = windowKind(window)
  switch (kind) {
    case 'ever':
      return null
    case 'lastDays':
    case 'lastHours':
    case 'beforeDays': {
      const unit = kind === 'lastHours' ? 'hours' : 'days'
      const edge = kind === 'beforeDays' ? 'before' : 'last'
      return (
        <>
          {number(t('length'), spanOf(window)?.count ?? Number.NaN, (count) =>
            onChange({ [edge]: { count, unit } }),
          )}
          <span className="text-muted">{t(`units.${unit}`)}</span>
        </>
      )
    }
    case 'betweenDaysAgo': {
      const ends = endsOf(window, 'betweenDaysAgo')
      const change = (next: Record<string, unknown>) => onChange({ betweenDaysAgo: { ...ends, ...next } })
      return (
        <>
          {number(t('fromDaysAgo'), numberOr(ends['from']), (from) => change({ from }))}
          <span className="text-muted">{t('and')}</span>
          {number(t('toDaysAgo'), numberOr(ends['to']), (to) => change({ to }))}
          <span className="text-muted">{t('daysAgo')}</span>
        </>
      )
    }
    case 'range': {
      const ends = endsOf(window)
      const day = (name: 'from' | 'to') => (
        <DateField
          label={t(name)}
          isLabelHidden
          className="w-44"
          value={typeof ends[name] === 'string' ? ends[name] : null}
          onChange={(value) => onChange({ ...ends, [name]: value ?? undefined })}
          isDisabled={isReadOnly}
        />
      )
      return (
        <>
          {day('from')}
          <span className="text-muted">{t('and')}</span>
          {day('to')}
        </>
      )
    }
  }
}

function endsOf(window: unknown, inside?: string): Record<string, unknown> {
  if (typeof window !== 'object' || window === null) return {}
  const record = window as Record<string, unknown> // an object's properties are read by name
  return inside === undefined ? record : endsOf(record[inside])
}
const numberOr = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN)

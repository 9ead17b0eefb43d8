import { Label, ProgressBar } from 'react-aria-components'
import { cx } from './cx.ts'

/** How far something is: `<Progress label={t('importing')} value={done} max={all} text="12,400 of 64,000" />`. */
export function Progress({
  label,
  isLabelHidden,
  value,
  max = 100,
  text,
  tone = 'accent',
}: {
  label: string
  isLabelHidden?: boolean
  /** `null` when nobody knows. */
  value: number | null
  max?: number
  /** Shown at the end instead of the percentage. */
  text?: string
  tone?: 'accent' | 'green' | 'amber' | 'red'
}) {
  return (
    <ProgressBar
      value={value ?? 0}
      maxValue={Math.max(1, max)}
      isIndeterminate={value === null}
      {...(text === undefined ? {} : { valueLabel: text })}
      className="grid gap-1.5"
    >
      {({ percentage, valueText }) => (
        <>
          <span className={cx('flex justify-between gap-4', isLabelHidden && 'sr-only')}>
            <Label>{label}</Label>
            <span className="figures text-muted">{valueText}</span>
          </span>
          <span className="h-1.5 overflow-hidden rounded-full bg-soft">
            <span
              className={cx(
                'block h-full rounded-full transition-[width] duration-500',
                fills[tone],
                value === null && 'w-1/3 animate-pulse',
              )}
              style={value === null ? {} : { width: `${percentage ?? 0}%` }}
            />
          </span>
        </>
      )}
    </ProgressBar>
  )
}

const fills = { accent: 'bg-accent', green: 'bg-green', amber: 'bg-amber', red: 'bg-danger' }

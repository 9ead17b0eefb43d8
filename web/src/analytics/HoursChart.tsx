import { useFormat } from '../platform/format.ts'
import { cx } from '../ui/cx.ts'
import { hourText } from './hour-text.ts'

const HOURS_SHOWN = [0, 6, 12, 18]

/** The hours of a day as bars, one of them marked; the list behind them is read out. */
export function HoursChart({ hours, best }: { hours: readonly number[]; best: number }) {
  const format = useFormat()
  const largest = Math.max(...hours)
  return (
    <>
      <div aria-hidden>
        <div className="flex h-16 items-end gap-0.5">
          {hours.map((count, hour) => (
            <span
              key={hour}
              title={`${hourText(format.locale, hour)} · ${format.number(count)}`}
              className={cx('min-w-0 flex-1 rounded-t-sm', hour === best ? 'bg-accent' : 'bg-line')}
              style={{ height: `${count === 0 ? 2 : Math.max(8, (100 * count) / largest)}%` }}
            />
          ))}
        </div>
        <div className="grid grid-cols-4 border-t border-line pt-1 text-sm text-muted">
          {HOURS_SHOWN.map((hour) => (
            <span key={hour} className="figures">
              {hourText(format.locale, hour)}
            </span>
          ))}
        </div>
      </div>
      <ul className="sr-only">
        {hours.flatMap((count, hour) =>
          count === 0
            ? []
            : [<li key={hour}>{`${hourText(format.locale, hour)}: ${format.number(count)}`}</li>],
        )}
      </ul>
    </>
  )
}

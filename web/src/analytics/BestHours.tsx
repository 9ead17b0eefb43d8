import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { cx } from '../ui/cx.ts'
import type { Profile } from './api.ts'

const HOURS_SHOWN = [0, 6, 12, 18]

/** In which hours of their day somebody reads. One bar per hour; the table behind it is read out. */
export function BestHours({ profile }: { profile: Profile }) {
  const t = useTranslations('analytics.profile')
  const format = useFormat()
  const largest = Math.max(...profile.bestHours)
  if (largest === 0) return null
  const best = profile.bestHours.indexOf(largest)
  return (
    <section>
      <h3 className="text-sm font-medium text-muted">{t('hours')}</h3>
      <p className="mb-2 text-sm">
        {t(`bestHour.${profile.timeZoneFrom}`, {
          from: hourText(format.locale, best),
          to: hourText(format.locale, (best + 1) % 24),
          zone: profile.timeZone,
        })}
      </p>
      <div aria-hidden>
        <div className="flex h-16 items-end gap-0.5">
          {profile.bestHours.map((count, hour) => (
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
        {profile.bestHours.flatMap((count, hour) =>
          count === 0
            ? []
            : [<li key={hour}>{`${hourText(format.locale, hour)}: ${format.number(count)}`}</li>],
        )}
      </ul>
    </section>
  )
}

/** An hour of a day as the reader writes it. */
const hourText = (locale: string, hour: number): string =>
  new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' }).format(
    new Date(Date.UTC(2000, 0, 1, hour)),
  )

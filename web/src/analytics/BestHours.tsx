import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import type { Profile } from './api.ts'
import { HoursChart } from './HoursChart.tsx'
import { hourText } from './hour-text.ts'

/** In which hours of their day somebody reads. */
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
          to: hourText(format.locale, best + 1),
          zone: profile.timeZone,
        })}
      </p>
      <HoursChart hours={profile.bestHours} best={best} />
    </section>
  )
}

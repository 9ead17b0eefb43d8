import { useTranslations } from 'use-intl'
import { HoursChart } from '../analytics/HoursChart.tsx'
import { hourText } from '../analytics/hour-text.ts'
import { useFormat } from '../platform/format.ts'
import { Button } from '../ui/Button.tsx'
import type { Campaign } from './api.ts'
import { useBestHours } from './api.ts'

/** The hour in which more of the audience read than in any other, by their own clocks; `onTake` gets when it is that hour next. */
export function BestHour({
  campaign,
  onTake,
  isDisabled,
}: {
  campaign: Campaign
  onTake: (next: string) => void
  isDisabled: boolean
}) {
  const t = useTranslations('campaigns.when.bestHour')
  const format = useFormat()
  const { data } = useBestHours(campaign)
  if (!data) return null
  const { people, peopleMin, hours, best } = data
  if (best === null) return <p className="text-sm text-muted">{t('tooFew', { people, peopleMin })}</p>
  const { hour, next } = best
  const from = hourText(format.locale, hour)
  return (
    <section className="grid gap-2 rounded-md border border-line p-3 text-sm">
      <h3 className="font-medium">{t('title')}</h3>
      <p>{t('said', { from, to: hourText(format.locale, hour + 1), n: hours[hour] ?? 0, people })}</p>
      <HoursChart hours={hours} best={hour} />
      <p className="text-muted">{t('note')}</p>
      <div>
        <Button size="sm" isDisabled={isDisabled} onPress={() => onTake(next)}>
          {t('take', { from })}
        </Button>
      </div>
    </section>
  )
}

import { useTranslations } from 'use-intl'
import { SettingsFrame } from '../team/settings/SettingsFrame.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { useFrequencyCaps, useSendingHours, useSendingLimits } from './api.ts'
import { CapsSection } from './CapsSection.tsx'
import { HoursSection } from './HoursSection.tsx'
import { LegalHoursSection } from './LegalHoursSection.tsx'
import { LimitsSection } from './LimitsSection.tsx'

/** When and how fast messages may leave. */
export function HoursPage() {
  const t = useTranslations('delivery.hours')
  const hours = useSendingHours()
  const limits = useSendingLimits()
  const caps = useFrequencyCaps()
  return (
    <SettingsFrame title={t('title')} subtitle={t('subtitle')}>
      <div className="grid grid-cols-1 gap-5">
        {hours.isError && <ErrorState error={hours.error} onRetry={hours.refetch} />}
        {!hours.isError && !hours.data && <SectionSkeleton />}
        {hours.data && (
          <HoursSection
            key={`hours ${hours.data.updatedAt}`}
            saved={hours.data.hours}
            holidayCountries={hours.data.holidayCountries.map(({ country }) => country)}
          />
        )}
        {limits.isError && <ErrorState error={limits.error} onRetry={limits.refetch} />}
        {limits.data && <LimitsSection key={`limits ${limits.data.updatedAt}`} saved={limits.data.limits} />}
        {caps.isError && <ErrorState error={caps.error} onRetry={caps.refetch} />}
        {caps.data && <CapsSection key={`caps ${caps.data.updatedAt}`} saved={caps.data.caps} />}
        {hours.data && <LegalHoursSection legalHours={hours.data.legalHours} />}
      </div>
    </SettingsFrame>
  )
}

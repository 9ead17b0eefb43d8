import { Download } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useTimeZone } from '../platform/i18n/zone.ts'
import { Button } from '../ui/Button.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { HrefLink } from '../ui/Link.tsx'
import { Page } from '../ui/Page.tsx'
import { Segmented } from '../ui/Segmented.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { useOverview } from './api.ts'
import { OverviewFigures } from './OverviewFigures.tsx'

// Below the fold: the figures need not wait for tables.
const OverviewTables = lazy(() =>
  import('./OverviewTables.tsx').then((module) => ({ default: module.OverviewTables })),
)
const AnomalySection = lazy(() =>
  import('./anomalies/AnomalySection.tsx').then((module) => ({ default: module.AnomalySection })),
)
const TopCampaigns = lazy(() =>
  import('./TopCampaigns.tsx').then((module) => ({ default: module.TopCampaigns })),
)

const PERIODS = ['7', '30', '90', '365'] as const
type Days = (typeof PERIODS)[number]
const DAY_MS = 86_400_000

/** How it goes, for somebody who has a minute: a period beside the one before, and what to do next. Source: MA-7.4, CB-8.4 */
export function ReportsPage() {
  const t = useTranslations('reports')
  const [days, setDays] = useState<Days>('30')
  const from = useDayBefore(Number(days) - 1)
  const query = useOverview(from)
  return (
    <Page
      title={t('title')}
      actions={
        <>
          <Segmented
            label={t('overview.period')}
            options={PERIODS.map((value) => ({ value, label: t(`overview.days.${value}`) }))}
            value={days}
            onChange={setDays}
          />
          <HrefLink href="/reports/compare">{t('compare.link')}</HrefLink>
          <HrefLink href="/reports/money">{t('moneyBy.link')}</HrefLink>
          <HrefLink href="/reports/journeys">{t('journeys.title')}</HrefLink>
          <HrefLink href="/reports/history">{t('history.title')}</HrefLink>
          <HrefLink href="/reports/saved">{t('overview.saved')}</HrefLink>
          <Button
            icon={<Download aria-hidden />}
            onPress={() => location.assign(`/api/analytics/overview?from=${from}&format=pdf`)}
          >
            {t('overview.pdf')}
          </Button>
        </>
      }
    >
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : query.data ? (
        <>
          <OverviewFigures overview={query.data} />
          <Suspense fallback={<SectionSkeleton />}>
            <AnomalySection />
          </Suspense>
          <Suspense fallback={<SectionSkeleton />}>
            <OverviewTables overview={query.data} />
          </Suspense>
        </>
      ) : (
        <SectionSkeleton />
      )}
      <Suspense fallback={<SectionSkeleton />}>
        <TopCampaigns />
      </Suspense>
    </Page>
  )
}

/** The day so many days ago, in the organization's zone. */
function useDayBefore(days: number): string {
  const timeZone = useTimeZone()
  const [now] = useState(() => Date.now())
  // Only Swedish writes a day as the API takes it.
  return new Intl.DateTimeFormat('sv', { timeZone }).format(new Date(now - days * DAY_MS))
}

import { useTranslations } from 'use-intl'
import { useTileMoney } from '../analytics/tile-money.ts'
import { useFormat } from '../platform/format.ts'
import { Section } from '../ui/Card.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Stats } from '../ui/Stat.tsx'
import { TimeChart } from '../ui/TimeChart.tsx'
import type { Performance } from './api.ts'
import { useSegmentPerformance } from './api.ts'

/** What the people of a segment did and brought, now and day by day. */
export function PerformanceSection({ segmentId }: { segmentId: string }) {
  const t = useTranslations('segments.performance')
  const query = useSegmentPerformance(segmentId)
  return (
    <Section title={t('title')}>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : query.data === undefined ? (
        <SectionSkeleton lines={3} />
      ) : (
        <Loaded performance={query.data} />
      )}
    </Section>
  )
}

function Loaded({ performance: { currency, now, days } }: { performance: Performance }) {
  const t = useTranslations('segments.performance')
  const format = useFormat()
  const money = useTileMoney()
  const trend = (of: (day: Performance['days'][number]) => number) => days.map(of)
  return (
    <div className="grid gap-4">
      <Stats
        label={t('title')}
        items={[
          { label: t('people'), value: format.number(now.people), trend: trend(({ people }) => people) },
          {
            label: t('revenue'),
            value: money({ amountMinor: now.revenueMinor, currency }),
            of: t('ofBuyers', { buyers: format.number(now.buyers) }),
            trend: trend(({ revenueMinor }) => revenueMinor),
          },
          {
            label: t('engagement'),
            value: format.number(now.engagementCenti === null ? null : Math.round(now.engagementCenti / 100)),
            trend: trend(({ engagementCenti }) => engagementCenti ?? 0),
          },
          {
            label: t('opened'),
            value: format.rate(now.opened, now.received),
            of: t('ofReceived', { received: format.number(now.received) }),
          },
          {
            label: t('converted'),
            value: format.number(now.converted),
            trend: trend(({ converted }) => converted),
          },
        ]}
      />
      {days.length < 2 ? (
        <p className="text-sm text-muted">{t('empty')}</p>
      ) : (
        <TimeChart
          title={t('trend')}
          times={days.map(({ day }) => new Date(`${day}T12:00:00Z`))}
          series={[
            { id: 'people', label: t('people'), values: trend(({ people }) => people) },
            { id: 'orders', label: t('orders'), values: trend(({ orders }) => orders) },
          ]}
          formatTime={(time) => format.date(time)}
          formatValue={(value) => format.number(value)}
        />
      )}
    </div>
  )
}

import { CalendarClock } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { KeyValue } from '../ui/KeyValue.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import type { Campaign } from './api.ts'
import { Plan } from './NextRuns.tsx'

// Most visits only read.
const WhenSection = lazy(() =>
  import('./WhenSection.tsx').then((module) => ({ default: module.WhenSection })),
)

/** When a campaign leaves and left; while it waits, its plan is changed in place of it. Source: CS-008.5 */
export function WhenSummary({ campaign }: { campaign: Campaign }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const refusal = useRefusal('campaigns.launch')
  const [view, setView] = useState<'summary' | 'change' | 'left'>('summary')
  const mayChange = campaign.allowed.includes('schedule')
  const { schedule, planned } = campaign
  if (view === 'change' && mayChange)
    return (
      <div className="lg:col-span-2">
        <Suspense fallback={<SectionSkeleton />}>
          <WhenSection campaign={campaign} onClose={() => setView('left')} />
        </Suspense>
      </div>
    )
  return (
    <Section
      title={t('sections.when')}
      actions={
        mayChange && (
          <Button
            size="sm"
            icon={<CalendarClock aria-hidden />}
            // Whoever comes back from changing it stands where they left.
            autoFocus={view === 'left'}
            disabledReason={refusal}
            onPress={() => setView('change')}
          >
            {t('when.change')}
          </Button>
        )
      }
    >
      <KeyValue
        items={[
          {
            label: t('plan.planned'),
            value: schedule === null ? '—' : format.dateTimeZone(campaign.scheduledAt, schedule.timeZone),
          },
          { label: t('plan.launched'), value: format.dateTime(campaign.launchedAt) },
          { label: t('plan.completed'), value: format.dateTime(campaign.completedAt) },
        ]}
      />
      {/* One instant says everything of a plan for once, but not of one by each recipient's clock. */}
      {planned && (schedule?.repeat || schedule?.clock === 'recipient') && (
        <div className="mt-3">
          <Plan planned={planned} />
        </div>
      )}
    </Section>
  )
}

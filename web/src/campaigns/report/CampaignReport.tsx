import { Download } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { loadMessages } from '../../platform/i18n/store.ts'
import { useLive } from '../../platform/live.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { HrefLink } from '../../ui/Link.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { TimeChart } from '../../ui/TimeChart.tsx'
import type { Report } from '../api.ts'
import { useReport } from '../api.ts'
import type { Usual } from './api.ts'
import { useUsual } from './api.ts'
import { FigureTiles } from './FigureTiles.tsx'
import { reportPanels } from './panels.ts'
import type { PeopleBehind } from './PeopleSheet.tsx'
import { WhoDidNot } from './WhoDidNot.tsx'

// Seldom needed, and its words are another room's.
const LeavingsSection = lazy(() =>
  Promise.all([import('../../consent/LeavingsSection.tsx'), loadMessages('consent')]).then(([module]) => ({
    default: module.LeavingsSection,
  })),
)

// Below the fold, or asked for: the figures need not wait for them.
const PeopleSheet = lazy(() =>
  import('./PeopleSheet.tsx').then((module) => ({ default: module.PeopleSheet })),
)
const Runs = lazy(() => import('./Runs.tsx').then((module) => ({ default: module.Runs })))
const Links = lazy(() => import('./Links.tsx').then((module) => ({ default: module.Links })))
const Breakdown = lazy(() => import('./Breakdown.tsx').then((module) => ({ default: module.Breakdown })))

/** The live report: the same page before, during and after; figures move in place. Source: CS-011, CS-012 */
export function CampaignReport({ campaignId }: { campaignId: string }) {
  const query = useReport(campaignId)
  const usual = useUsual(campaignId)
  useLive(`campaign:${campaignId}`, null, ['campaigns', campaignId, 'report'])
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  const report = query.data
  return (
    <div className="grid grid-cols-1 gap-5">
      <Sending report={report} />
      {reportPanels().map(({ id, Panel }) => (
        <Suspense key={id} fallback={null}>
          <Panel campaignId={campaignId} />
        </Suspense>
      ))}
      <ReportParts report={report} usual={usual.data} />
    </div>
  )
}

/** What is shown of a campaign, and of one of its runs alike. */
export function ReportParts({
  report,
  runId,
  usual,
}: {
  report: Report
  /** One run; all of the campaign when absent. */
  runId?: string
  usual: Usual | undefined
}) {
  const { campaignId } = report
  const [people, setPeople] = useState<PeopleBehind | null>(null)
  const showPeople = (behind: PeopleBehind): void =>
    setPeople(runId === undefined ? behind : { ...behind, runId })
  return (
    <>
      <FigureTiles
        figures={report.figures}
        usual={usual}
        usualOf={runId === undefined ? 'campaigns' : 'runs'}
        onPeople={showPeople}
      />
      <OverTime report={report} />
      <Suspense fallback={<SectionSkeleton />}>
        <Breakdown campaignId={campaignId} runId={runId} usual={usual} onPeople={showPeople} />
      </Suspense>
      {runId === undefined && (
        <Suspense fallback={null}>
          <Runs campaignId={campaignId} onPeople={showPeople} />
        </Suspense>
      )}
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2">
        <WhoDidNot report={report} onPeople={showPeople} />
        <Suspense fallback={<SectionSkeleton />}>
          <Links report={report} runId={runId} onPeople={showPeople} />
        </Suspense>
      </div>
      {runId === undefined && report.figures.unsubscribed > 0 && (
        <Suspense fallback={<SectionSkeleton />}>
          <LeavingsSection campaignId={campaignId} />
        </Suspense>
      )}
      {people && (
        <Suspense fallback={null}>
          <PeopleSheet campaignId={campaignId} people={people} onClose={() => setPeople(null)} />
        </Suspense>
      )}
    </>
  )
}

/** How far the sending is, when it will end, what holds it up; and the way to take the figures along. */
function Sending({ report }: { report: Report }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const { sending, figures, updatedAt } = report
  const whole = figures.audience
  const done = whole - (sending?.waiting ?? 0) - (sending?.cancelled ?? 0)
  const isMoving = sending !== null && sending.completedAt === null && report.status === 'running'
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-muted">
          {isMoving && sending.expectedFinishAt !== null && (
            <>{t('report.finish', { when: format.relative(sending.expectedFinishAt) })} · </>
          )}
          {isMoving && sending.perMinute !== null && (
            <>{t('report.rate', { perMinute: format.number(sending.perMinute) })} · </>
          )}
          {t('report.updated', { when: format.dateTime(updatedAt) })}
        </p>
        <span className="flex flex-wrap items-center gap-3">
          <HrefLink href={`/reports/${report.campaignId}`}>{t('report.money')}</HrefLink>
          <Export report={report} />
        </span>
      </div>
      {isMoving && whole > 0 && (
        <Progress
          label={t('report.progress')}
          value={done}
          max={whole}
          text={t('report.progressText', { done: format.number(done), whole: format.number(whole) })}
        />
      )}
      {figures.isDeliveryLow && (
        <Banner
          tone="warning"
          title={t('report.low.title', { rate: format.percent(figures.rates.delivery.ratio) })}
        >
          {t('report.low.text')}
        </Banner>
      )}
      {figures.unknown > 0 && (
        <Banner tone="info" title={t('report.unknown.title', { count: figures.unknown })}>
          {t('report.unknown.text')}{' '}
          <HrefLink href={`/campaigns/${report.campaignId}?view=desk`}>{t('report.unknown.desk')}</HrefLink>
        </Banner>
      )}
    </div>
  )
}

function Export({ report }: { report: Report }) {
  const t = useTranslations('campaigns')
  const path = `/api/campaigns/${report.campaignId}/report`
  return (
    <Menu
      label={t('report.export')}
      placement="bottom end"
      trigger={<Button icon={<Download aria-hidden />}>{t('report.export')}</Button>}
      entries={[
        { id: 'pdf', label: t('report.pdf'), onAction: () => location.assign(`${path}?format=pdf`) },
        { id: 'csv', label: t('report.csv'), onAction: () => location.assign(`${path}?format=csv`) },
        { id: 'json', label: t('report.json'), onAction: () => saveJson(report) },
        {
          id: 'share',
          label: t('report.share'),
          onAction: () => location.assign(`/reports/saved?campaign=${report.campaignId}`),
        },
      ]}
    />
  )
}

/** The report as it is shown, as a file. */
function saveJson(report: Report): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([JSON.stringify(report, null, 2)], { type: 'application/json' }))
  link.download = `report-${report.updatedAt.slice(0, 10)}.json`
  link.click()
  URL.revokeObjectURL(link.href)
}

function OverTime({ report: { activity } }: { report: Report }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  if (activity.points.length === 0) return null
  const isByDay = activity.stepMinutes >= MINUTES_A_DAY
  return (
    <TimeChart
      title={t(`report.activity.${stepName(activity.stepMinutes)}`)}
      times={activity.points.map(({ at }) => new Date(at))}
      series={(['sent', 'opened', 'clicked'] as const).map((id) => ({
        id,
        label: t(`report.series.${id}`),
        values: activity.points.map((point) => point[id]),
      }))}
      formatTime={isByDay ? format.date : format.dateTime}
      formatValue={format.number}
    />
  )
}

const MINUTES_A_DAY = 1_440

/** How the length of a point is called; the server answers these and no others. */
function stepName(minutes: number): 'minute' | 'minutes5' | 'minutes15' | 'hour' | 'hours6' | 'day' | 'week' {
  if (minutes <= 1) return 'minute'
  if (minutes <= 5) return 'minutes5'
  if (minutes <= 15) return 'minutes15'
  if (minutes <= 60) return 'hour'
  if (minutes < MINUTES_A_DAY) return 'hours6'
  return minutes === MINUTES_A_DAY ? 'day' : 'week'
}

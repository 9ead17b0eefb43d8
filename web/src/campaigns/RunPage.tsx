import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useLive } from '../platform/live.ts'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Page } from '../ui/Page.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { useReport } from './api.ts'
import { useBreakdown } from './report/api.ts'
import { ReportParts } from './report/CampaignReport.tsx'

/** One run of a campaign that repeats: its figures beside what was usual of the runs before it. Source: FR-006.1, CS-012.1 */
export function RunPage({ id, runId }: { id: string; runId: string }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const query = useReport(id, runId)
  const run = useBreakdown(id, 'run').data?.parts.find(({ label }) => label === runId)
  useLive(`campaign:${id}`, null, ['campaigns', id, 'report'])
  const started = run === undefined ? null : format.dateTime(run.at)
  return (
    <Page
      title={started === null ? t('report.runs.one') : t('report.runs.oneOf', { when: started })}
      crumbs={[
        { label: t('title'), href: '/campaigns' },
        { label: query.data?.name ?? t('report.runs.campaign'), href: `/campaigns/${id}` },
      ]}
    >
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : query.data ? (
        <ReportParts report={query.data} runId={runId} usual={run?.usual ?? undefined} />
      ) : (
        <SectionSkeleton />
      )}
    </Page>
  )
}

import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useLive } from '../platform/live.ts'
import { Banner } from '../ui/Banner.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Page } from '../ui/Page.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { StatusBadge } from '../ui/StatusBadge.tsx'
import { Tabs } from '../ui/Tabs.tsx'
import type { Campaign } from './api.ts'
import { useCampaign } from './api.ts'
import { BudgetNotice } from './BudgetNotice.tsx'
import { CampaignActions } from './CampaignActions.tsx'
import { PlanSummary } from './PlanSummary.tsx'
import { StatusSentence } from './StatusSentence.tsx'
import { useTest } from './test/api.ts'
import { type SaveNow, UnsavedWork } from './unsaved-work.ts'

// Writing and reading rarely happen in one visit: each half of the page comes when it is shown.
const Composer = lazy(() => import('./Composer.tsx').then((module) => ({ default: module.Composer })))
const CampaignReport = lazy(() =>
  import('./report/CampaignReport.tsx').then((module) => ({ default: module.CampaignReport })),
)

const RunPage = lazy(() => import('./RunPage.tsx').then((module) => ({ default: module.RunPage })))

const DeskPanel = lazy(() => import('./control/Desk.tsx').then((module) => ({ default: module.DeskPanel })))

const PostLinks = lazy(() =>
  import('./links/PostLinks.tsx').then((module) => ({ default: module.PostLinks })),
)

const TriggerPanel = lazy(() =>
  import('./trigger/TriggerPanel.tsx').then((module) => ({ default: module.TriggerPanel })),
)

const TestResults = lazy(() =>
  import('./test/TestResults.tsx').then((module) => ({ default: module.TestResults })),
)

const route = getRouteApi('/shell/campaigns/$id')

/** One campaign: the composer while it is written, the report once it has left; or one run of it. */
export function CampaignPage() {
  const { id } = route.useParams()
  const { run } = route.useSearch()
  return run === undefined ? (
    <WholeCampaign id={id} />
  ) : (
    <Suspense fallback={<SectionSkeleton />}>
      <RunPage id={id} runId={run} />
    </Suspense>
  )
}

function WholeCampaign({ id }: { id: string }) {
  const t = useTranslations('campaigns')
  const query = useCampaign(id)
  const [writers] = useState(() => new Set<SaveNow>())
  useLive(`campaign:${id}`, null, ['campaigns', id])
  const crumbs = [{ label: t('title'), href: '/campaigns' }]
  if (query.isError)
    return (
      <Page title={t('title')} crumbs={crumbs}>
        <ErrorState error={query.error} onRetry={query.refetch} />
      </Page>
    )
  if (!query.data)
    return (
      <Page title={t('title')} crumbs={crumbs}>
        <SectionSkeleton />
      </Page>
    )
  return (
    <UnsavedWork value={writers}>
      <Loaded key={id} campaign={query.data} />
    </UnsavedWork>
  )
}

function Loaded({ campaign }: { campaign: Campaign }) {
  const t = useTranslations('campaigns')
  const hasLeft = campaign.launchedAt !== null
  const { view } = route.useSearch()
  const navigate = useNavigate()
  const { data: test } = useTest(campaign.id)
  const hasTest = test !== null && test !== undefined && test.status !== 'draft'
  const isWritten = campaign.allowed.includes('edit')
  const plan = isWritten ? <Composer campaign={campaign} /> : <PlanSummary campaign={campaign} />
  return (
    <Page
      title={campaign.name}
      heading={
        <span className="inline-flex flex-wrap items-center gap-2.5">
          {campaign.name}
          <StatusBadge status={campaign.deletedAt === null ? campaign.status : 'deleted'} />
        </span>
      }
      subtitle={<StatusSentence campaign={campaign} />}
      crumbs={[{ label: t('title'), href: '/campaigns' }]}
      actions={<CampaignActions campaign={campaign} />}
    >
      {campaign.trouble !== null && (
        <Banner tone="warning" title={t('trouble')}>
          {campaign.trouble}
        </Banner>
      )}
      <BudgetNotice campaign={campaign} />
      <Suspense fallback={<SectionSkeleton />}>
        {hasLeft && campaign.delivery === 'triggered' && <TriggerPanel campaignId={campaign.id} />}
        {hasLeft ? (
          <Tabs
            label={t('views.label')}
            // Until one chooses: a launch leads to its report.
            selected={view === 'test' && !hasTest ? 'report' : (view ?? 'report')}
            onSelect={(next) =>
              void navigate({
                to: '/campaigns/$id',
                params: { id: campaign.id },
                search: next === 'report' ? {} : { view: next },
                replace: true,
              })
            }
            items={[
              {
                id: 'report' as const,
                label: t('views.report'),
                content: (
                  <div className="grid grid-cols-1 gap-5">
                    <CampaignReport campaignId={campaign.id} />
                    <PostLinks campaignId={campaign.id} />
                  </div>
                ),
              },
              {
                id: 'desk' as const,
                label: t('views.desk'),
                content: <DeskPanel campaignId={campaign.id} />,
              },
              ...(hasTest
                ? [
                    {
                      id: 'test' as const,
                      label: t('views.test'),
                      content: <TestResults testId={test.testId} />,
                    },
                  ]
                : []),
              { id: 'plan' as const, label: t('views.plan'), content: plan },
            ]}
          />
        ) : (
          <div className="grid grid-cols-1 gap-5">
            {plan}
            <PostLinks campaignId={campaign.id} />
          </div>
        )}
      </Suspense>
    </Page>
  )
}

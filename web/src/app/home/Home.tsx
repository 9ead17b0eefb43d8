import { Plus } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslations } from 'use-intl'
import { loadMessages } from '../../platform/i18n/store.ts'
import { useRefusal } from '../../platform/session.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { LinkButton } from '../../ui/Link.tsx'
import { Page } from '../../ui/Page.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { useDrafts, useEndedCampaigns, useHasContacts, useLiveCampaigns, usePlannedCampaigns } from './api.ts'
import { CampaignLines } from './CampaignLines.tsx'
import { NextSteps } from './NextSteps.tsx'
import { SampleOffer } from './SampleOffer.tsx'

// On its way while the figures are asked for; the rest of the page does not wait for the table.
const loadResults = import('./RecentResults.tsx')
const RecentResults = lazy(() => loadResults.then((module) => ({ default: module.RecentResults })))

// Its words are another room's.
const AnomalyPanel = lazy(() =>
  Promise.all([import('../../reports/anomalies/AnomalyPanel.tsx'), loadMessages('reports')]).then(
    ([module]) => ({ default: module.AnomalyPanel }),
  ),
)

/** What is on its way, what comes next, what the last ones brought; for a new organization, how to begin. */
export function Home() {
  const t = useTranslations('app.home')
  const live = useLiveCampaigns()
  const planned = usePlannedCampaigns()
  const drafts = useDrafts()
  const ended = useEndedCampaigns()
  const hasContacts = useHasContacts()
  const queries = [live, planned, drafts, ended, hasContacts]
  const failed = queries.find((query) => query.isError)
  const isLoading = queries.some((query) => query.isPending)
  const hasLaunched = [live, planned, ended].some((query) => (query.data?.items.length ?? 0) > 0)

  return (
    <Page title={t('title')} actions={<NewCampaign />}>
      {failed ? (
        <ErrorState
          error={failed.error}
          onRetry={() => Promise.all(queries.map((query) => query.refetch()))}
        />
      ) : isLoading ? (
        <SectionSkeleton lines={5} />
      ) : (
        <>
          {!hasLaunched && (
            <>
              <NextSteps
                hasContacts={hasContacts.data === true}
                hasDraft={(drafts.data?.items.length ?? 0) > 0}
              />
              <SampleOffer />
            </>
          )}
          {hasLaunched && (
            <Suspense fallback={null}>
              <AnomalyPanel />
            </Suspense>
          )}
          <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[repeat(auto-fit,minmax(400px,1fr))]">
            <CampaignLines kind="live" items={live.data?.items ?? []} />
            <CampaignLines kind="planned" items={planned.data?.items ?? []} />
            <CampaignLines kind="drafts" items={drafts.data?.items ?? []} />
          </div>
          <Suspense fallback={null}>
            <RecentResults items={ended.data?.items ?? []} />
          </Suspense>
        </>
      )}
    </Page>
  )
}

function NewCampaign() {
  const t = useTranslations('app.home')
  const refusal = useRefusal('campaigns.write')
  const icon = <Plus aria-hidden />
  if (refusal !== undefined) {
    return (
      <Button variant="primary" icon={icon} disabledReason={refusal}>
        {t('new')}
      </Button>
    )
  }
  return (
    <LinkButton to="/campaigns" search={{ new: true }} variant="primary" icon={icon}>
      {t('new')}
    </LinkButton>
  )
}

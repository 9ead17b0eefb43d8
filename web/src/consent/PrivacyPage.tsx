import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslations } from 'use-intl'
import { Page } from '../ui/Page.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Tabs } from '../ui/Tabs.tsx'
import type { PrivacySearch } from './routes.tsx'
import { SuppressionList } from './SuppressionList.tsx'

const route = getRouteApi('/shell/privacy')

// Opened rarely, and an editor among them.
const CenterEditor = lazy(() =>
  import('./CenterEditor.tsx').then((module) => ({ default: module.CenterEditor })),
)
const ComplianceLog = lazy(() =>
  import('./ComplianceLog.tsx').then((module) => ({ default: module.ComplianceLog })),
)
const ConsentLedger = lazy(() =>
  import('./ConsentLedger.tsx').then((module) => ({ default: module.ConsentLedger })),
)
const ImportListDialog = lazy(() =>
  import('./ImportListDialog.tsx').then((module) => ({ default: module.ImportListDialog })),
)
const RequestList = lazy(() =>
  import('./RequestList.tsx').then((module) => ({ default: module.RequestList })),
)
const RetentionRules = lazy(() =>
  import('./RetentionRules.tsx').then((module) => ({ default: module.RetentionRules })),
)

const SuppressDialog = lazy(() =>
  import('./SuppressDialog.tsx').then((module) => ({ default: module.SuppressDialog })),
)

/** A change of filters; `undefined` takes one out of the address. */
export type Refinement = { [Key in keyof PrivacySearch]?: PrivacySearch[Key] | undefined }

/** Whom one may write to, and on what proof: the suppression list and the ledger of consent. */
export function PrivacyPage() {
  const t = useTranslations('consent')
  const search = route.useSearch()
  const navigate = useNavigate()
  const refine = (change: Refinement) =>
    void navigate({ to: '/privacy', search: { ...search, ...change }, replace: true })
  return (
    <Page
      title={t('title')}
      subtitle={t('subtitle')}
      actions={
        search.view === undefined ? (
          <Suspense fallback={null}>
            <ImportListDialog />
            <SuppressDialog />
          </Suspense>
        ) : undefined
      }
    >
      <Tabs
        label={t('views')}
        selected={search.view ?? 'suppressions'}
        onSelect={(view) =>
          void navigate({ to: '/privacy', search: view === 'suppressions' ? {} : { view }, replace: true })
        }
        items={[
          {
            id: 'suppressions' as const,
            label: t('suppressions.title'),
            content: <SuppressionList search={search} onRefine={refine} />,
          },
          {
            id: 'ledger' as const,
            label: t('ledger.title'),
            content: (
              <Suspense fallback={<SectionSkeleton />}>
                <ConsentLedger search={search} onRefine={refine} />
              </Suspense>
            ),
          },
          {
            id: 'requests' as const,
            label: t('requests.title'),
            content: (
              <Suspense fallback={<SectionSkeleton />}>
                <RequestList />
              </Suspense>
            ),
          },
          {
            id: 'center' as const,
            label: t('center.title'),
            content: (
              <Suspense fallback={<SectionSkeleton />}>
                <CenterEditor />
              </Suspense>
            ),
          },
          {
            id: 'retention' as const,
            label: t('retentionTitle'),
            content: (
              <Suspense fallback={<SectionSkeleton />}>
                <RetentionRules />
              </Suspense>
            ),
          },
          {
            id: 'log' as const,
            label: t('log.title'),
            content: (
              <Suspense fallback={<SectionSkeleton />}>
                <ComplianceLog />
              </Suspense>
            ),
          },
        ]}
      />
    </Page>
  )
}

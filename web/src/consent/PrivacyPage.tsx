import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslations } from 'use-intl'
import { Page } from '../ui/Page.tsx'
import { Tabs } from '../ui/Tabs.tsx'
import { CenterEditor } from './CenterEditor.tsx'
import { ComplianceLog } from './ComplianceLog.tsx'
import { ConsentLedger } from './ConsentLedger.tsx'
import { RequestList } from './RequestList.tsx'
import { RetentionRules } from './RetentionRules.tsx'
import type { PrivacySearch } from './routes.tsx'
import { SuppressDialog } from './SuppressDialog.tsx'
import { SuppressionList } from './SuppressionList.tsx'

const route = getRouteApi('/shell/privacy')

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
      actions={search.view === undefined ? <SuppressDialog /> : undefined}
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
            content: <ConsentLedger search={search} onRefine={refine} />,
          },
          { id: 'requests' as const, label: t('requests.title'), content: <RequestList /> },
          { id: 'center' as const, label: t('center.title'), content: <CenterEditor /> },
          { id: 'retention' as const, label: t('retentionTitle'), content: <RetentionRules /> },
          { id: 'log' as const, label: t('log.title'), content: <ComplianceLog /> },
        ]}
      />
    </Page>
  )
}

import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { CampaignPicker } from '../segments/CampaignPicker.tsx'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Menu } from '../ui/Menu.tsx'
import { FilterBar, Page } from '../ui/Page.tsx'
import { Segmented } from '../ui/Segmented.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { useComparison } from './api.ts'
import type { ComparedBy } from './api.ts'
import { ComparedDifferences, ComparedFigures, ComparedRates } from './Compared.tsx'

// Asked for, once there is something to keep.
const SavedDialog = lazy(() =>
  import('./saved/SavedDialog.tsx').then((module) => ({ default: module.SavedDialog })),
)

const route = getRouteApi('/shell/reports/compare')
/** More do not stand beside each other. */
const COMPARED_MAX = 5
const BY = ['campaign', 'channel'] as const
const FORMATS = ['pdf', 'csv', 'json'] as const

/** Campaigns beside each other, or the channels they went over; the choice stands in the address. Source: CB-8.3, MA-7.3 */
export function ComparePage() {
  const t = useTranslations('reports')
  const { ids = [], by = 'campaign' } = route.useSearch()
  const navigate = useNavigate()
  const [isSaving, setSaving] = useState(false)
  const show = (chosen: readonly string[], shownBy: ComparedBy) =>
    void navigate({
      to: '/reports/compare',
      search: { ids: chosen.slice(0, COMPARED_MAX), ...(shownBy === 'channel' ? { by: shownBy } : {}) },
      replace: true,
    })
  const isEnough = ids.length >= (by === 'channel' ? 1 : 2)
  return (
    <Page
      title={t('compare.title')}
      crumbs={[{ label: t('title'), href: '/reports' }]}
      actions={
        isEnough && (
          <>
            {by === 'campaign' && <Button onPress={() => setSaving(true)}>{t('saved.new')}</Button>}
            <Menu
              label={t('compare.download')}
              trigger={<Button icon={<Download aria-hidden />}>{t('compare.download')}</Button>}
              entries={FORMATS.map((format) => ({
                id: format,
                label: t(`compare.formats.${format}`),
                onAction: () =>
                  location.assign(`/api/campaigns/compare?ids=${ids.join(',')}&by=${by}&format=${format}`),
              }))}
            />
          </>
        )
      }
    >
      <FilterBar>
        <CampaignPicker label={t('compare.choose')} value={ids} onChange={(chosen) => show(chosen, by)} />
        <Segmented
          label={t('compare.by')}
          options={BY.map((value) => ({ value, label: t(`compare.parts.${value}`) }))}
          value={by}
          onChange={(next) => show(ids, next)}
        />
      </FilterBar>
      {isEnough ? (
        <Compared ids={ids} by={by} />
      ) : (
        <EmptyState title={t('compare.none')}>
          {t(by === 'channel' ? 'compare.noneChannels' : 'compare.noneText')}
        </EmptyState>
      )}
      {isSaving && (
        <Suspense fallback={null}>
          <SavedDialog
            saved={null}
            other={{ kind: 'comparison', campaignIds: [...ids] }}
            onClose={() => setSaving(false)}
          />
        </Suspense>
      )}
    </Page>
  )
}

function Compared({ ids, by }: { ids: readonly string[]; by: ComparedBy }) {
  const t = useTranslations('reports.compare')
  const query = useComparison(ids, by)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  const { data } = query
  if (data.items.length === 0) return <EmptyState title={t('unsent')}>{t('unsentText')}</EmptyState>
  return (
    <>
      <ComparedRates comparison={data} by={by} />
      <ComparedFigures comparison={data} by={by} />
      <ComparedDifferences comparison={data} by={by} />
    </>
  )
}

import { getRouteApi } from '@tanstack/react-router'
import { SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Page } from '../ui/Page.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Stats } from '../ui/Stat.tsx'
import { type RfmGrid, useRfmGrid } from './api.ts'
import { BuyerTable } from './BuyerTable.tsx'
import { Definitions } from './Definitions.tsx'
import { RfmMap } from './RfmMap.tsx'
import { useTileMoney } from './tile-money.ts'
import { SpendingDialog } from './SpendingDialog.tsx'

const route = getRouteApi('/shell/audience/buyers')

/** Who buys, who begins to, who is slipping away: all buyers by recency, frequency and money. */
export function BuyersPage() {
  const t = useTranslations('analytics.buyers')
  const query = useRfmGrid()
  const [isSetting, setSetting] = useState(false)
  return (
    <Page
      title={t('title')}
      subtitle={t('subtitle')}
      actions={
        <Button icon={<SlidersHorizontal aria-hidden />} onPress={() => setSetting(true)}>
          {t('spending')}
        </Button>
      }
    >
      {isSetting && <SpendingDialog onClose={() => setSetting(false)} />}
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : query.data === undefined ? (
        <SectionSkeleton />
      ) : query.data.buyers === 0 ? (
        query.data.isBeingDrawn ? (
          <EmptyState title={t('drawing')}>{t('drawingText')}</EmptyState>
        ) : (
          <EmptyState title={t('empty')}>{t('emptyText')}</EmptyState>
        )
      ) : (
        <Content grid={query.data} />
      )}
    </Page>
  )
}

function Content({ grid }: { grid: RfmGrid }) {
  const t = useTranslations('analytics.buyers')
  const format = useFormat()
  const money = useTileMoney()
  const search = route.useSearch()
  return (
    <div className="grid grid-cols-1 gap-5">
      <Stats
        label={t('figures')}
        items={[
          { label: t('people'), value: format.number(grid.buyers) },
          { label: t('orders'), value: format.number(grid.orders) },
          {
            label: t('revenue'),
            value: money({ amountMinor: grid.revenueMinor, currency: grid.currency }),
          },
          {
            label: t('perPerson'),
            value: money({
              amountMinor: Math.round(grid.revenueMinor / grid.buyers),
              currency: grid.currency,
            }),
          },
        ]}
      />
      <div className="grid grid-cols-1 items-start gap-5 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <Section title={t('map')} note={t('drawn', { when: format.relative(grid.drawnAt) })}>
          <div className="grid grid-cols-1 gap-4">
            <RfmMap grid={grid} selected={search} />
            <Definitions />
          </div>
        </Section>
        <BuyerTable key={JSON.stringify(search)} of={search} currency={grid.currency} />
      </div>
    </div>
  )
}

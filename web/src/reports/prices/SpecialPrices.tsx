import { Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useNames } from '../../contacts/person.ts'
import { useProviders } from '../../delivery/api.ts'
import { useFormat } from '../../platform/format.ts'
import { useRefusal } from '../../platform/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { Pagination } from '../../ui/Pagination.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { useRemoveSpecialPrice, useSetSpecialPrice, useSpecialPrices } from './api.ts'
import type { SpecialPrice } from './api.ts'
import { PriceTable } from './PriceTable.tsx'

const SpecialPriceDialog = lazy(() =>
  import('./SpecialPriceDialog.tsx').then((module) => ({ default: module.SpecialPriceDialog })),
)

/** Prices of messages by country and provider, with all that held before. Source: CB-9.2, MA-7.2 */
export function SpecialPrices() {
  const t = useTranslations('reports.prices')
  const query = useSpecialPrices()
  const format = useFormat()
  const refusal = useRefusal('budgets.write')
  const [isAdding, setAdding] = useState(false)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  const rows = query.data.pages.flatMap(({ items }) => items)
  const currency = query.data.pages[0]?.currency ?? ''
  return (
    <Section
      title={t('special.title')}
      note={t('special.note')}
      isFlush
      actions={
        <Button
          size="sm"
          icon={<Plus aria-hidden />}
          disabledReason={refusal}
          onPress={() => setAdding(true)}
        >
          {t('special.add')}
        </Button>
      }
    >
      <Prices items={rows} currency={currency} />
      {query.hasNextPage && (
        <div className="px-5 py-3">
          <Pagination shown={rows.length} pages={query} number={format.number} />
        </div>
      )}
      {isAdding && (
        <Suspense fallback={null}>
          <SpecialPriceDialog currency={currency} onClose={() => setAdding(false)} />
        </Suspense>
      )}
    </Section>
  )
}

function Prices({ items, currency }: { items: readonly SpecialPrice[]; currency: string }) {
  const t = useTranslations('reports.prices')
  const channels = useTranslations('analytics.channels')
  const format = useFormat()
  const names = useNames()
  const providers = new Map(useProviders().data?.map(({ id, name }) => [id, name]))
  const remove = useRemoveSpecialPrice()
  const set = useSetSpecialPrice()
  return (
    <PriceTable
      label={t('special.title')}
      prices={items}
      priceKey={({ channel, providerId, country, validFrom }) =>
        [channel, providerId, country, validFrom].join(' ')
      }
      empty={<EmptyState title={t('special.none')}>{t('special.noneText')}</EmptyState>}
      columns={[
        {
          id: 'of',
          title: t('special.of'),
          isRowHeader: true,
          cell: ({ channel, providerId, country }) =>
            [
              channels(channel),
              country === null ? t('special.anyCountry') : names.country(country),
              ...(providerId === null ? [] : [providers.get(providerId) ?? t('special.gone')]),
            ].join(' · '),
        },
        { id: 'from', title: t('from'), cell: ({ validFrom }) => format.dateTime(validFrom) },
      ]}
      priceTitle={t('price')}
      currency={currency}
      onRemove={remove.mutate}
      onUndo={(price) => set.mutateAsync(price)}
    />
  )
}

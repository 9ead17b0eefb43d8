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
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { Table } from '../../ui/Table.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useRemoveSpecialPrice, useSetSpecialPrice, useSpecialPrices } from './api.ts'
import type { SpecialPrice } from './api.ts'
import { useUnitMoney } from './unit-money.ts'

const SpecialPriceDialog = lazy(() =>
  import('./SpecialPriceDialog.tsx').then((module) => ({ default: module.SpecialPriceDialog })),
)

/** Prices of messages by country and provider, with all that held before. Source: CB-9.2, MA-7.2 */
export function SpecialPrices() {
  const t = useTranslations('reports.prices')
  const query = useSpecialPrices()
  const refusal = useRefusal('budgets.write')
  const [isAdding, setAdding] = useState(false)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
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
      <Prices items={query.data.items} currency={query.data.currency} />
      {isAdding && (
        <Suspense fallback={null}>
          <SpecialPriceDialog currency={query.data.currency} onClose={() => setAdding(false)} />
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
  const money = useUnitMoney(currency)
  const refusal = useRefusal('budgets.write')
  const providers = new Map(useProviders().data?.map(({ id, name }) => [id, name]))
  const remove = useRemoveSpecialPrice()
  const set = useSetSpecialPrice()
  const takeBack = (price: SpecialPrice): void =>
    remove.mutate(price, {
      onSuccess: () => toast({ text: t('removed'), onUndo: () => set.mutate(price) }),
    })
  return (
    <Table
      label={t('special.title')}
      className="rounded-t-none border-x-0 border-b-0"
      rows={items}
      rowKey={({ channel, providerId, country, validFrom }) =>
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
        {
          id: 'price',
          title: t('price'),
          align: 'end',
          cell: ({ price }) => (price === null ? t('special.ends') : money(price)),
        },
        {
          id: 'remove',
          title: '',
          align: 'end',
          cell: (price) => (
            <Button size="sm" variant="quiet" disabledReason={refusal} onPress={() => takeBack(price)}>
              {t('remove')}
            </Button>
          ),
        },
      ]}
    />
  )
}

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useRefusal } from '../../platform/session.ts'
import { SettingsFrame } from '../../team/settings/SettingsFrame.tsx'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { Table } from '../../ui/Table.tsx'
import { usePrices, useRemovePrice, useSetPrice } from './api.ts'
import type { Channel, PastPrice } from './api.ts'
import { BudgetSection } from './BudgetSection.tsx'
import { CreditSection } from './CreditSection.tsx'
import { PostPrices } from './PostPrices.tsx'
import { PriceDialog } from './PriceDialog.tsx'
import { PriceTable } from './PriceTable.tsx'
import { SpecialPrices } from './SpecialPrices.tsx'
import { useUnitMoney } from './unit-money.ts'

/** What one message costs on each channel, from when on: what every cost of messages is reckoned by. Source: CB-9.2, MA-7.2 */
export function PricesPage() {
  const t = useTranslations('reports.prices')
  const query = usePrices()
  const [edited, setEdited] = useState<Channel | null>(null)
  return (
    <SettingsFrame title={t('title')} subtitle={t('subtitle')}>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : query.data ? (
        <>
          <Present prices={query.data.prices} currency={query.data.currency} onEdit={setEdited} />
          <BudgetSection />
          <SpecialPrices />
          <PostPrices />
          <History history={query.data.history} currency={query.data.currency} />
          <CreditSection />
          {edited !== null && (
            <PriceDialog
              channel={edited}
              currency={query.data.currency}
              present={query.data.prices.find(({ channel }) => channel === edited)?.price ?? null}
              onClose={() => setEdited(null)}
            />
          )}
        </>
      ) : (
        <SectionSkeleton />
      )}
    </SettingsFrame>
  )
}

function Present({
  prices,
  currency,
  onEdit,
}: {
  prices: readonly { channel: Channel; price: number | null }[]
  currency: string
  onEdit: (channel: Channel) => void
}) {
  const t = useTranslations('reports.prices')
  const channels = useTranslations('analytics.channels')
  const money = useUnitMoney(currency)
  const refusal = useRefusal('budgets.write')
  return (
    <Section title={t('present')} note={t('presentNote')} isFlush>
      <Table
        label={t('present')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={prices}
        rowKey={({ channel }) => channel}
        columns={[
          {
            id: 'channel',
            title: t('channel'),
            isRowHeader: true,
            cell: ({ channel }) => channels(channel),
          },
          {
            id: 'price',
            title: t('price'),
            align: 'end',
            cell: ({ price }) => (price === null ? t('unset') : money(price)),
          },
          {
            id: 'set',
            title: '',
            align: 'end',
            cell: ({ channel }) => (
              <Button size="sm" disabledReason={refusal} onPress={() => onEdit(channel)}>
                {t('set')}
              </Button>
            ),
          },
        ]}
      />
    </Section>
  )
}

function History({ history, currency }: { history: readonly PastPrice[]; currency: string }) {
  const t = useTranslations('reports.prices')
  const channels = useTranslations('analytics.channels')
  const format = useFormat()
  const remove = useRemovePrice()
  const set = useSetPrice()
  return (
    <Section title={t('history')} isFlush>
      <PriceTable
        label={t('history')}
        prices={history}
        priceKey={({ channel, validFrom }) => `${channel}-${validFrom ?? ''}`}
        empty={<EmptyState title={t('none')}>{t('noneText')}</EmptyState>}
        columns={[
          {
            id: 'channel',
            title: t('channel'),
            isRowHeader: true,
            cell: ({ channel }) => channels(channel),
          },
          {
            id: 'from',
            title: t('from'),
            cell: ({ validFrom }) => (validFrom === null ? t('always') : format.dateTime(validFrom)),
          },
        ]}
        priceTitle={t('price')}
        currency={currency}
        onRemove={remove.mutate}
        onUndo={({ channel, price, validFrom }) => set.mutateAsync({ channel, price, validFrom })}
      />
    </Section>
  )
}

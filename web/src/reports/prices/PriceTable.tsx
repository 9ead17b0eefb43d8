import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { useRefusal } from '../../platform/session.ts'
import { Button } from '../../ui/Button.tsx'
import { Table } from '../../ui/Table.tsx'
import type { TableColumn } from '../../ui/Table.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useUnitMoney } from './unit-money.ts'

/** Prices that were set, each of which can be taken back. */
export function PriceTable<Price extends { price: number | null }>({
  label,
  prices,
  priceKey,
  empty,
  columns,
  priceTitle,
  currency,
  onRemove,
  onUndo,
}: {
  label: string
  prices: readonly Price[]
  priceKey: (price: Price) => string
  empty: ReactNode
  /** Of what a price is, and from when on. */
  columns: readonly TableColumn<Price>[]
  priceTitle: string
  currency: string
  /** Takes a price back; it may need less than a whole price, so what one is follows from the rows alone. */
  onRemove: (price: NoInfer<Price>, then: { onSuccess: () => void }) => void
  /** Sets a price again that was taken back. */
  onUndo: (price: Price) => Promise<unknown>
}) {
  const t = useTranslations('reports.prices')
  const money = useUnitMoney(currency)
  const refusal = useRefusal('budgets.write')
  const takeBack = (price: Price): void =>
    onRemove(price, { onSuccess: () => toast({ text: t('removed'), onUndo: () => onUndo(price) }) })
  return (
    <Table
      label={label}
      className="rounded-t-none border-x-0 border-b-0"
      rows={prices}
      rowKey={priceKey}
      empty={empty}
      columns={[
        ...columns,
        {
          id: 'price',
          title: priceTitle,
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

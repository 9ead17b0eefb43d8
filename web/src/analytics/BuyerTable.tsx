import { UsersRound } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { buttonStyle } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import { Badge } from '../ui/StatusBadge.tsx'
import { Table, type TableColumn } from '../ui/Table.tsx'
import { type Buyer, type BuyersOf, useBuyers } from './api.ts'
import { classTones } from './classes.ts'

/** The people of a class or field, by revenue; without a choice all buyers. */
export function BuyerTable({ of, currency }: { of: BuyersOf; currency: string }) {
  const t = useTranslations('analytics')
  const format = useFormat()
  const query = useBuyers(of)
  const rows = query.data?.pages.flatMap((page) => page.items)
  const title =
    of.class === undefined
      ? of.recency === undefined || of.value === undefined
        ? t('buyers.all')
        : t('buyers.ofField', { recency: of.recency, value: of.value })
      : t(`classes.${of.class}`)
  const classColumn: TableColumn<Buyer> = {
    id: 'class',
    title: t('buyers.class'),
    cell: (row) => <Badge tone={classTones[row.class]}>{t(`classes.${row.class}`)}</Badge>,
  }
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  return (
    <Section
      title={title}
      note={of.class === undefined ? undefined : t(`advice.${of.class}`)}
      isFlush
      actions={
        of.class !== undefined && (
          <a href={`/audience/segments/new?start=rfm.${of.class}`} className={buttonStyle('secondary', 'sm')}>
            <UsersRound aria-hidden className="size-4" />
            {t('buyers.makeSegment')}
          </a>
        )
      }
    >
      <Table
        label={title}
        rows={rows}
        rowKey={(row) => row.contactId}
        rowHref={(row) => `/audience/contacts/${row.contactId}`}
        empty={<EmptyState title={t('buyers.nobody')} />}
        columns={[
          {
            id: 'name',
            title: t('buyers.name'),
            isRowHeader: true,
            cell: (row) =>
              [row.firstName, row.lastName].filter((part) => part !== null).join(' ') ||
              row.email ||
              row.contactId,
          },
          ...(of.class === undefined ? [classColumn] : []),
          { id: 'orders', title: t('buyers.orders'), align: 'end', cell: (row) => format.number(row.orders) },
          {
            id: 'revenue',
            title: t('buyers.revenue'),
            align: 'end',
            cell: (row) => format.money({ amountMinor: row.revenueMinor, currency }),
          },
        ]}
      />
      {query.hasNextPage && (
        <div className="px-5 py-3">
          <Pagination shown={rows?.length ?? 0} pages={query} number={format.number} />
        </div>
      )}
    </Section>
  )
}

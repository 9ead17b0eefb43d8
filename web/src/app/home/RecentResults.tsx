import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Link } from '../../ui/Link.tsx'
import { StatusBadge } from '../../ui/StatusBadge.tsx'
import { Table } from '../../ui/Table.tsx'
import type { Campaign } from './api.ts'

/** What the last campaigns brought; nothing before the first has ended. */
export function RecentResults({ items }: { items: readonly Campaign[] }) {
  const t = useTranslations('app.home')
  const format = useFormat()
  if (items.length === 0) return null
  return (
    <section aria-labelledby="recent-results" className="grid grid-cols-1 gap-2">
      <div className="flex items-baseline justify-between gap-4">
        <h2 id="recent-results" className="font-semibold">
          {t('results')}
        </h2>
        <Link to="/campaigns">{t('all')}</Link>
      </div>
      <Table
        label={t('results')}
        rows={items}
        rowKey={({ id }) => id}
        rowHref={({ id }) => `/campaigns/${id}`}
        columns={[
          { id: 'name', title: t('name'), isRowHeader: true, cell: ({ name }) => name },
          { id: 'status', title: t('status'), cell: ({ status }) => <StatusBadge status={status} /> },
          { id: 'sent', title: t('sent'), align: 'end', cell: ({ figures }) => format.number(figures.sent) },
          {
            id: 'click',
            title: t('clicked'),
            align: 'end',
            cell: ({ figures }) => format.percent(figures.clickRate),
          },
          {
            id: 'open',
            title: t('opened'),
            align: 'end',
            cell: ({ figures }) => format.percent(figures.openRate),
          },
          {
            id: 'ended',
            title: t('ended'),
            align: 'end',
            cell: ({ completedAt, updatedAt }) => (
              <span className="text-muted">{format.date(completedAt ?? updatedAt)}</span>
            ),
          },
        ]}
      />
    </section>
  )
}

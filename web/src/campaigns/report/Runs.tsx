import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Section } from '../../ui/Card.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { Table } from '../../ui/Table.tsx'
import { useRuns } from './api.ts'

/** Each run of a campaign that repeats by itself, the latest first; nothing where there is one. Source: FR-006.1, CS-012.1 */
export function Runs({ campaignId }: { campaignId: string }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const query = useRuns(campaignId)
  const hasReplies = query.data?.items.some(({ figures }) => figures.replied.people > 0) === true
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data || query.data.items.length < 2) return null
  return (
    <Section title={t('report.runs.title')} note={t('report.runs.note')} isFlush>
      <Table
        label={t('report.runs.title')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={query.data.items}
        rowKey={({ runId }) => runId}
        columns={[
          {
            id: 'started',
            title: t('report.runs.started'),
            isRowHeader: true,
            cell: ({ startedAt }) => format.dateTime(startedAt),
          },
          {
            id: 'sent',
            title: t('report.sent'),
            align: 'end',
            cell: ({ figures }) => format.number(figures.handedOver),
          },
          ...RATES.filter((rate) => rate !== 'reply' || hasReplies).map((rate) => ({
            id: rate,
            title: t(`report.${TITLES[rate]}`),
            align: 'end' as const,
            isWideOnly: rate === 'unsubscribe' || rate === 'reply',
            cell: ({ figures }: Run) => format.percent(figures.rates[rate].ratio),
          })),
        ]}
      />
    </Section>
  )
}

type Run = NonNullable<ReturnType<typeof useRuns>['data']>['items'][number]
const RATES = ['delivery', 'open', 'click', 'reply', 'conversion', 'unsubscribe'] as const
/** As the tiles above call them. */
const TITLES = {
  delivery: 'delivered',
  open: 'opened',
  click: 'clicked',
  reply: 'replied',
  conversion: 'converted',
  unsubscribe: 'unsubscribed',
} as const

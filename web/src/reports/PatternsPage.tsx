import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Section } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Page } from '../ui/Page.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Table } from '../ui/Table.tsx'
import { Advice } from './Advice.tsx'
import type { Insights } from './api.ts'
import { useInsights } from './api.ts'

type Pattern = Insights['patterns'][number]

/** What campaigns that go well have in common, with the counts behind it and the rules that it is told by. Source: CB-8.4, MA-7.3, statistics §13 */
export function PatternsPage() {
  const t = useTranslations('reports')
  const query = useInsights()
  return (
    <Page
      title={t('patterns.title')}
      subtitle={t('patterns.subtitle')}
      crumbs={[{ label: t('title'), href: '/reports' }]}
    >
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : query.data ? (
        <Learnt insights={query.data} />
      ) : (
        <SectionSkeleton />
      )}
    </Page>
  )
}

function Learnt({ insights }: { insights: Insights }) {
  const t = useTranslations('reports')
  const { recommendations, notice, rules } = insights
  return (
    <>
      <Section title={t('insights.title')}>
        {recommendations.length === 0 ? (
          <EmptyState title={t('insights.none')}>{notice ?? t('insights.noneText')}</EmptyState>
        ) : (
          <Advice recommendations={recommendations} />
        )}
      </Section>
      <Patterns insights={insights} />
      <Section title={t('patterns.rules')}>
        <dl className="grid gap-3">
          {rules.map(({ feature, label, text }) => (
            <div key={feature} className="grid gap-0.5">
              <dt className="font-medium">{label}</dt>
              <dd className="text-muted">{text}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </>
  )
}

function Patterns({ insights: { campaigns, looks, belowFloors, floors, patterns } }: { insights: Insights }) {
  const t = useTranslations('reports.patterns')
  const format = useFormat()
  const lift = (share: number): string =>
    format.number(share, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' })
  return (
    <Section
      title={t('table')}
      note={t('counted', {
        campaigns,
        looks,
        below: belowFloors,
        floorCampaigns: floors.campaigns,
        floorMessages: floors.messages,
        floorEvents: floors.events,
      })}
      isFlush
    >
      <Table
        label={t('table')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={patterns}
        rowKey={({ metric, feature, value }) => `${metric}-${feature}-${value}`}
        empty={<EmptyState title={t('none')}>{t('noneText')}</EmptyState>}
        columns={[
          {
            id: 'what',
            title: t('what'),
            isRowHeader: true,
            cell: ({ label, metric }) => (
              <span className="grid">
                <span>{label}</span>
                <span className="text-sm text-muted">{t(`metrics.${metric}`)}</span>
              </span>
            ),
          },
          {
            id: 'like',
            title: t('like'),
            align: 'end',
            isWideOnly: true,
            cell: (row) => (
              <Side rate={row.rate} campaigns={row.campaigns} events={row.events} messages={row.messages} />
            ),
          },
          {
            id: 'others',
            title: t('others'),
            align: 'end',
            isWideOnly: true,
            cell: (row) => (
              <Side
                rate={row.otherRate}
                campaigns={row.others}
                events={row.otherEvents}
                messages={row.otherMessages}
              />
            ),
          },
          {
            id: 'lift',
            title: t('lift'),
            align: 'end',
            cell: (row) => (
              <span className="inline-grid justify-items-end">
                <span>{lift(row.lift)}</span>
                <span className="text-sm text-muted">{`${lift(row.interval.low)} … ${lift(row.interval.high)}`}</span>
              </span>
            ),
          },
          {
            id: 'q',
            title: t('q'),
            align: 'end',
            isWideOnly: true,
            cell: ({ q }: Pattern) =>
              format.number(q, { minimumFractionDigits: 3, maximumFractionDigits: 3 }),
          },
          { id: 'verdict', title: t('verdict'), cell: ({ verdict }) => t(`verdicts.${verdict}`) },
        ]}
      />
      <p className="px-4 py-3 text-sm text-muted">{t('reading')}</p>
    </Section>
  )
}

/** A typical rate with what it was counted of. */
function Side({
  rate,
  campaigns,
  events,
  messages,
}: Pick<Pattern, 'rate' | 'campaigns' | 'events' | 'messages'>) {
  const t = useTranslations('reports.patterns')
  const format = useFormat()
  return (
    <span className="inline-grid justify-items-end">
      <span>{format.percent(rate)}</span>
      <span className="text-sm text-muted">
        {t('behind', { campaigns, events: format.number(events), messages: format.number(messages) })}
      </span>
    </span>
  )
}

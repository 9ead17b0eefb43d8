import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Section } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { HrefLink, Link } from '../ui/Link.tsx'
import { Table } from '../ui/Table.tsx'
import { Advice } from './Advice.tsx'
import type { Overview } from './api.ts'
import { RATES } from './parts.ts'
import { usePoints, useRange } from './rate-text.ts'

const FLUSH = 'rounded-t-none border-x-0 border-b-0'

/** Which rates moved, what was aimed at, the best and the weakest, and what to try next. */
export function OverviewTables({ overview }: { overview: Overview }) {
  const t = useTranslations('reports')
  return (
    <>
      <Moved overview={overview} />
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2">
        <Extremes title={t('overview.best')} items={overview.best} />
        <Extremes title={t('overview.worst')} items={overview.worst} />
      </div>
      <Goals goals={overview.goals} />
      <WhatNext overview={overview} />
    </>
  )
}

function Moved({ overview: { rates, usual } }: { overview: Overview }) {
  const t = useTranslations('reports')
  const format = useFormat()
  const points = usePoints()
  const range = useRange()
  return (
    <Section title={t('overview.ratesTitle')} isFlush>
      <Table
        label={t('overview.ratesTitle')}
        className={FLUSH}
        rows={RATES.map((name) => ({ name, ...rates[name] }))}
        rowKey={({ name }) => name}
        columns={[
          {
            id: 'rate',
            title: t('overview.rate'),
            isRowHeader: true,
            cell: ({ name }) => t(`overview.rates.${name}`),
          },
          {
            id: 'now',
            title: t('overview.value'),
            align: 'end',
            cell: ({ now }) => format.percent(now.ratio),
          },
          {
            id: 'before',
            title: t('overview.was'),
            align: 'end',
            isWideOnly: true,
            cell: ({ before }) => format.percent(before.ratio),
          },
          {
            id: 'usual',
            title: t('overview.usual'),
            align: 'end',
            isWideOnly: true,
            cell: ({ name }) => {
              const spread = usual[name]
              return spread === null ? '—' : range(spread.median, spread)
            },
          },
          {
            id: 'change',
            title: t('overview.change'),
            align: 'end',
            cell: ({ change }) => points(change.difference),
          },
          {
            id: 'verdict',
            title: t('overview.verdict'),
            isWideOnly: true,
            cell: ({ change }) =>
              change.difference === null ? null : t(change.isClear ? 'overview.clear' : 'overview.unclear'),
          },
        ]}
      />
    </Section>
  )
}

function Extremes({ title, items }: { title: string; items: Overview['best'] }) {
  const t = useTranslations('reports')
  const range = useRange()
  return (
    <Section title={title} isFlush>
      <Table
        label={title}
        className={FLUSH}
        rows={items}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t('overview.noCampaigns')} />}
        columns={[
          {
            id: 'name',
            title: t('top.name'),
            isRowHeader: true,
            // The report of a campaign shows the people behind each figure.
            cell: ({ id, name }) => (
              <Link to="/campaigns/$id" params={{ id }}>
                {name}
              </Link>
            ),
          },
          {
            id: 'click',
            title: t('top.clickRate'),
            align: 'end',
            cell: ({ rates: { click } }) => range(click.ratio, click.interval),
          },
        ]}
      />
    </Section>
  )
}

function Goals({ goals }: { goals: Overview['goals'] }) {
  const t = useTranslations('reports')
  const format = useFormat()
  if (goals.length === 0) return null
  return (
    <Section title={t('overview.goals')} isFlush>
      <Table
        label={t('overview.goals')}
        className={FLUSH}
        rows={goals}
        rowKey={({ campaignId, goal }) => `${campaignId}-${goal}`}
        columns={[
          { id: 'goal', title: t('overview.goal'), isRowHeader: true, cell: ({ goal }) => goal },
          {
            id: 'campaign',
            title: t('top.name'),
            isWideOnly: true,
            cell: ({ campaignId, campaign }) => (
              <Link to="/campaigns/$id" params={{ id: campaignId }}>
                {campaign}
              </Link>
            ),
          },
          {
            id: 'target',
            title: t('overview.target'),
            align: 'end',
            cell: ({ target }) => format.number(target),
          },
          {
            id: 'converted',
            title: t('overview.converted'),
            align: 'end',
            cell: ({ converted }) => format.number(converted),
          },
        ]}
      />
    </Section>
  )
}

function WhatNext({ overview: { recommendations, notice } }: { overview: Overview }) {
  const t = useTranslations('reports')
  return (
    <Section
      title={t('insights.title')}
      actions={<HrefLink href="/reports/patterns">{t('insights.all')}</HrefLink>}
    >
      {recommendations.length === 0 ? (
        <EmptyState title={t('insights.none')}>{notice ?? t('insights.noneText')}</EmptyState>
      ) : (
        <Advice recommendations={recommendations} />
      )}
    </Section>
  )
}

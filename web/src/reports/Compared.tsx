import { Trophy } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Section } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { IntervalBars } from '../ui/IntervalBars.tsx'
import { HrefLink } from '../ui/Link.tsx'
import { Select } from '../ui/Select.tsx'
import { Table } from '../ui/Table.tsx'
import type { ComparedBy, Comparison } from './api.ts'
import { CHANNELS, RATES } from './parts.ts'
import { usePoints, useRange } from './rate-text.ts'

type RateName = (typeof RATES)[number]
type Item = Comparison['items'][number]
const FLUSH = 'rounded-t-none border-x-0 border-b-0'

interface Shown {
  comparison: Comparison
  by: ComparedBy
}

/** One rate of all, with its intervals on one scale, and what is usual; the table below says the same in figures. */
export function ComparedRates({ comparison, by }: Shown) {
  const t = useTranslations('reports')
  const format = useFormat()
  const nameOf = useName(by)
  const range = useRange()
  const [rate, setRate] = useState<RateName>('click')
  const measured = comparison.items.flatMap((item) => {
    const { ratio, interval } = item.rates[rate]
    return ratio === null || interval === null ? [] : [{ item, ratio, interval }]
  })
  const spread = comparison.usual?.[rate]
  const leader = comparison.items.find(({ id }) => id === comparison.best[rate])
  return (
    <Section
      title={t('compare.rates')}
      note={t('compare.ratesNote')}
      actions={
        <Select
          label={t('compare.rate')}
          isLabelHidden
          isCompact
          options={RATES.map((value) => ({ value, label: t(`compare.names.${value}`) }))}
          value={rate}
          onChange={setRate}
        />
      }
    >
      {measured.length === 0 ? (
        <EmptyState title={t('compare.unmeasured')} />
      ) : (
        <div className="grid grid-cols-1 gap-4">
          <IntervalBars
            label={t(`overview.rates.${rate}`)}
            items={measured.map(({ item, ratio, interval }) => ({
              id: item.id,
              label: nameOf(item),
              value: ratio,
              lower: interval.low,
              upper: interval.high,
              text: range(ratio, interval),
              isMarked: item.id === leader?.id,
            }))}
          />
          <p className="text-muted">
            {t(`overview.rates.${rate}`)}.{' '}
            {leader &&
              t(rate === 'unsubscribe' ? 'compare.leadsLow' : 'compare.leads', { name: nameOf(leader) })}{' '}
            {spread &&
              t('compare.usual', {
                median: format.percent(spread.median),
                low: format.percent(spread.low),
                high: format.percent(spread.high),
                count: spread.campaigns,
              })}
          </p>
        </div>
      )}
    </Section>
  )
}

/** Every figure of all, one line a figure. */
export function ComparedFigures({ comparison, by }: Shown) {
  const t = useTranslations('reports')
  const format = useFormat()
  const nameOf = useName(by)
  const range = useRange()
  const { items, currency, best, usual } = comparison
  const money = (amount: number | null) => format.number(amount, { style: 'currency', currency })
  const lines: { id: string; title: string; cell: (item: Item) => string; rate?: RateName }[] = [
    { id: 'sent', title: t('top.sent'), cell: ({ sent }) => format.number(sent) },
    ...RATES.map((rate) => ({
      id: rate,
      title: t(`compare.names.${rate}`),
      cell: ({ rates }: Item) => range(rates[rate].ratio, rates[rate].interval),
      rate,
    })),
    {
      id: 'conversions',
      title: t('figures.conversions'),
      cell: ({ conversions }) => format.number(conversions, { maximumFractionDigits: 1 }),
    },
    { id: 'revenue', title: t('figures.revenue'), cell: ({ revenue }) => money(revenue) },
    { id: 'cost', title: t('figures.cost'), cell: ({ cost }) => money(cost) },
    { id: 'roi', title: t('figures.roi'), cell: ({ roi }) => format.percent(roi, 0) },
    {
      id: 'per',
      title: t('figures.perConversion'),
      cell: ({ costPerConversion }) => money(costPerConversion),
    },
    {
      id: 'perRecipient',
      title: t('compare.perRecipient'),
      cell: ({ revenuePerRecipient }) => money(revenuePerRecipient),
    },
  ]
  return (
    <Section title={t('compare.figures')} isFlush>
      <Table
        label={t('compare.figures')}
        className={FLUSH}
        rows={lines}
        rowKey={({ id }) => id}
        columns={[
          { id: 'figure', title: t('compare.figure'), isRowHeader: true, cell: ({ title }) => title },
          ...items.map((item) => ({
            id: item.id,
            title: nameOf(item),
            align: 'end' as const,
            cell: ({ cell, rate }: (typeof lines)[number]) => (
              <>
                {rate !== undefined && best[rate] === item.id && (
                  <Trophy aria-label={t('compare.best')} className="mr-1.5 inline size-4 text-accent" />
                )}
                {cell(item)}
                {rate !== undefined && item.usual?.[rate] && (
                  <span className="block text-sm text-muted">
                    {t('compare.usualOf', { median: format.percent(item.usual[rate].median) })}
                  </span>
                )}
              </>
            ),
          })),
          ...(usual
            ? [
                {
                  id: 'usual',
                  title: t('compare.usualTitle'),
                  align: 'end' as const,
                  isWideOnly: true,
                  cell: ({ rate }: (typeof lines)[number]) =>
                    rate === undefined ? '' : format.percent(usual[rate]?.median),
                },
              ]
            : []),
        ]}
      />
      {by === 'campaign' && (
        <p className="flex flex-wrap gap-x-4 gap-y-1 px-4 py-3 text-sm">
          {items.map((item) => (
            <HrefLink key={item.id} href={`/campaigns/${item.id}`}>
              {t('compare.reportOf', { name: item.name })}
            </HrefLink>
          ))}
        </p>
      )}
    </Section>
  )
}

/** How far the others lie from the first, and whether chance explains it. */
export function ComparedDifferences({ comparison: { items }, by }: Shown) {
  const t = useTranslations('reports')
  const nameOf = useName(by)
  const points = usePoints()
  const rows = items.flatMap((item) =>
    (['click', 'conversion'] as const).flatMap((rate) => {
      const found = item.against?.[rate]
      return found && found.difference !== null ? [{ item, rate, found }] : []
    }),
  )
  const first = items[0]
  if (rows.length === 0 || !first) return null
  const title = t('compare.differences', { name: nameOf(first) })
  return (
    <Section title={title} note={t('compare.differencesNote')} isFlush>
      <Table
        label={title}
        className={FLUSH}
        rows={rows}
        rowKey={({ item, rate }) => `${item.id}-${rate}`}
        columns={[
          {
            id: 'name',
            title: t(`compare.parts.${by}`),
            isRowHeader: true,
            cell: ({ item }) => nameOf(item),
          },
          { id: 'rate', title: t('overview.rate'), cell: ({ rate }) => t(`compare.names.${rate}`) },
          {
            id: 'difference',
            title: t('overview.change'),
            align: 'end',
            cell: ({ found }) =>
              found.interval === null
                ? points(found.difference)
                : t('overview.range', {
                    rate: points(found.difference),
                    low: points(found.interval.low),
                    high: points(found.interval.high),
                  }),
          },
          {
            id: 'verdict',
            title: t('overview.verdict'),
            cell: ({ found }) => t(found.isClear ? 'overview.clear' : 'overview.unclear'),
          },
        ]}
      />
    </Section>
  )
}

/** What a thing of the comparison is called: channels by the word of the reader. */
function useName(by: ComparedBy): (item: Item) => string {
  const t = useTranslations('analytics')
  return ({ id, name }) => {
    if (by === 'campaign') return name
    const channel = CHANNELS.find((known) => known === id)
    return channel === undefined ? name : t(`channels.${channel}`)
  }
}

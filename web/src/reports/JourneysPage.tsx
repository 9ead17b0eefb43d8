import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Banner } from '../ui/Banner.tsx'
import { Section } from '../ui/Card.tsx'
import { DateField } from '../ui/DateField.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Page } from '../ui/Page.tsx'
import { Segmented } from '../ui/Segmented.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Stats } from '../ui/Stat.tsx'
import { Table } from '../ui/Table.tsx'
import { useJourneys } from './api.ts'
import type { Journeys } from './api.ts'

const STOPS = ['channel', 'campaign'] as const
const MODELS = ['first', 'last', 'linear', 'shapley', 'markov'] as const

/** Journeys of a period, credited by five models beside each other. Source: CS-013.3, statistics §11 */
export function JourneysPage() {
  const t = useTranslations('reports')
  const [stop, setStop] = useState<(typeof STOPS)[number]>('channel')
  const [from, setFrom] = useState<string | null>(null)
  const [to, setTo] = useState<string | null>(null)
  const query = useJourneys({ by: stop, ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) })
  return (
    <Page
      title={t('journeys.title')}
      subtitle={t('journeys.subtitle')}
      crumbs={[{ label: t('title'), href: '/reports' }]}
      actions={
        <Segmented
          label={t('journeys.by')}
          options={STOPS.map((value) => ({ value, label: t(`journeys.stops.${value}`) }))}
          value={stop}
          onChange={setStop}
        />
      }
    >
      <div className="grid max-w-lg grid-cols-1 gap-4 sm:grid-cols-2">
        <DateField
          label={t('journeys.from')}
          value={from ?? query.data?.period.from ?? null}
          onChange={setFrom}
        />
        <DateField label={t('journeys.to')} value={to ?? query.data?.period.to ?? null} onChange={setTo} />
      </div>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : query.data ? (
        <Credits journeys={query.data} />
      ) : (
        <SectionSkeleton />
      )}
    </Page>
  )
}

function Credits({ journeys }: { journeys: Journeys }) {
  const t = useTranslations('reports')
  const format = useFormat()
  const count = (value: number): string => format.number(value, { maximumFractionDigits: 1 })
  const { currency } = journeys
  return (
    <>
      <Stats
        label={t('journeys.figures')}
        items={[
          { label: t('journeys.journeys'), value: format.number(journeys.journeys) },
          {
            label: t('journeys.conversions'),
            value: format.number(journeys.conversions),
            of: format.rate(journeys.conversions, journeys.journeys),
          },
          {
            label: t('journeys.value'),
            value: format.number(journeys.value, { style: 'currency', currency }),
          },
        ]}
      />
      {journeys.isThin && journeys.conversions > 0 && <Banner tone="info" title={t('journeys.thin')} />}
      <Section title={t('journeys.credits')} note={t('journeys.note')} isFlush>
        <Table
          label={t('journeys.credits')}
          className="rounded-t-none border-x-0 border-b-0"
          rows={journeys.items}
          rowKey={({ stop }) => stop}
          empty={<EmptyState title={t('journeys.none')}>{t('journeys.noneText')}</EmptyState>}
          columns={[
            { id: 'stop', title: t('journeys.stop'), isRowHeader: true, cell: ({ name }) => name },
            ...MODELS.map((model) => ({
              id: model,
              title: t(`journeys.models.${model}`),
              align: 'end' as const,
              cell: ({ conversions }: Journeys['items'][number]) => count(conversions[model]),
            })),
            {
              id: 'interval',
              title: t('journeys.interval'),
              align: 'end',
              isWideOnly: true,
              cell: ({ markovInterval }) =>
                markovInterval === null
                  ? '—'
                  : t('journeys.range', { low: count(markovInterval.low), high: count(markovInterval.high) }),
            },
            {
              id: 'value',
              title: t('journeys.markovValue'),
              align: 'end',
              isWideOnly: true,
              cell: ({ value }) => format.number(value.markov, { style: 'currency', currency }),
            },
          ]}
        />
      </Section>
    </>
  )
}

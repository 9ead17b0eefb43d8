import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useLive } from '../../platform/live.ts'
import { useRefusal } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { IntervalBars } from '../../ui/IntervalBars.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { Stats } from '../../ui/Stat.tsx'
import { Table } from '../../ui/Table.tsx'
import type { Results } from './api.ts'
import { useResults } from './api.ts'
import { ApplyDialog } from './ApplyDialog.tsx'
import { ComparisonTable } from './ComparisonTable.tsx'
import { Incremental } from './Incremental.tsx'
import { TestVerdict } from './TestVerdict.tsx'

/** How a test stands: whether anything is proven, by how much, for whom it matters. Source: CS-006 */
export function TestResults({ testId }: { testId: string }) {
  const t = useTranslations('campaigns.test')
  const query = useResults(testId)
  const [isChoosing, setChoosing] = useState(false)
  const refusal = useRefusal('campaigns.launch')
  useLive('experiment', null, ['ab-test', testId])
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  const results = query.data
  const isOpen = results.status !== 'cancelled' && results.status !== 'draft' && !results.decision?.appliedAt
  return (
    <div className="grid grid-cols-1 gap-5">
      <TestVerdict results={results} />
      <Section
        title={t('rates.title', { metric: t(`metrics.${results.settings.metric}`) })}
        note={t('rates.note', { confidence: results.settings.confidence })}
        actions={
          <>
            <Menu
              label={t('exportAs')}
              placement="bottom end"
              trigger={<Button icon={<Download aria-hidden />}>{t('exportAs')}</Button>}
              entries={(['pdf', 'csv'] as const).map((kind) => ({
                id: kind,
                label: t(kind),
                onAction: () => location.assign(`/api/campaigns/ab-test/${testId}/results.${kind}`),
              }))}
            />
            {isOpen && (
              <Button disabledReason={refusal} onPress={() => setChoosing(true)}>
                {t('apply.open')}
              </Button>
            )}
          </>
        }
      >
        <Rates results={results} />
      </Section>
      <Sample results={results} />
      <SharesNow results={results} />
      <Variants results={results} />
      <Incremental
        found={results.incremental}
        currency={results.currency}
        confidence={results.settings.confidence}
      />
      <ComparisonTable results={results} />
      {isChoosing && <ApplyDialog results={results} onClose={() => setChoosing(false)} />}
    </div>
  )
}

function Rates({ results }: { results: Results }) {
  const t = useTranslations('campaigns.test')
  const show = useMetricText(results)
  const known = results.variants.flatMap((variant) =>
    variant.value === null ? [] : [{ ...variant, value: variant.value }],
  )
  if (known.length === 0) return <p className="text-muted">{t('rates.none')}</p>
  return (
    <IntervalBars
      label={t('rates.title', { metric: t(`metrics.${results.settings.metric}`) })}
      items={known.map(({ id, name, value, interval }) => ({
        id,
        label: name === id ? id : `${id} · ${name}`,
        value,
        lower: interval?.lower ?? value,
        upper: interval?.upper ?? value,
        text: interval
          ? t('rates.value', { value: show(value), lower: show(interval.lower), upper: show(interval.upper) })
          : show(value),
        isMarked: id === (results.decision?.winnerId ?? results.verdict?.leaderId),
      }))}
    />
  )
}

/** A metric's value for people: a share, or money per recipient. */
function useMetricText({ settings, currency }: Results): (value: number) => string {
  const format = useFormat()
  return (value) =>
    settings.metric === 'revenue'
      ? format.number(value, { style: 'currency', currency, maximumFractionDigits: 2 })
      : format.percent(value, value < 0.01 ? 2 : 1)
}

function Sample({ results: { sample, stake, settings, currency, lookedAt, holdout } }: { results: Results }) {
  const t = useTranslations('campaigns.test')
  const format = useFormat()
  const loss =
    stake.expectedLoss === null
      ? null
      : settings.metric === 'revenue'
        ? format.number(stake.expectedLoss, { style: 'currency', currency, maximumFractionDigits: 0 })
        : t('stake.people', { count: stake.expectedLoss, shown: format.number(stake.expectedLoss) })
  return (
    <Stats
      label={t('sample.title')}
      items={[
        {
          label: t('sample.soFar'),
          value: format.number(sample.soFar),
          of: t('sample.minimum', { minimum: format.number(sample.minimum) }),
        },
        {
          label: t('sample.needed'),
          value: format.number(sample.needed),
          of: t('sample.neededNote'),
        },
        // Where people come one by one nobody waits for a winner.
        ...(settings.horizonMinutes === null
          ? []
          : [
              { label: t('stake.waiting'), value: format.number(stake.waiting), of: t('stake.waitingNote') },
              { label: t('stake.loss'), value: loss ?? '—', of: t('stake.lossNote') },
            ]),
        ...(holdout.people > 0
          ? [{ label: t('holdout'), value: format.number(holdout.people), of: t('holdoutNote') }]
          : []),
        {
          label: t('looked'),
          value: lookedAt === null ? '—' : format.time(lookedAt),
          of: t(settings.horizonMinutes === null ? 'lookedNoteContinuous' : 'lookedNote'),
        },
      ]}
    />
  )
}

/** Where shares follow the evidence: who would get what now, and the p that stays valid all the same. */
function SharesNow({ results: { adaptive, status, settings } }: { results: Results }) {
  const t = useTranslations('campaigns.test')
  const format = useFormat()
  if (adaptive === null || status !== 'running') return null
  return (
    <Section
      title={t('adaptive.title')}
      note={
        adaptive.since === null
          ? t('adaptive.begun')
          : t('adaptive.note', { when: format.dateTime(adaptive.since) })
      }
      isFlush
    >
      <Table
        label={t('adaptive.title')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={adaptive.shares}
        rowKey={({ variantId }) => variantId}
        columns={[
          { id: 'name', title: t('variants.name'), isRowHeader: true, cell: ({ variantId }) => variantId },
          {
            id: 'share',
            title: t('adaptive.share'),
            align: 'end',
            cell: ({ percent }) => format.percent(percent / 100, 0),
          },
          {
            id: 'p',
            title: t('comparison.anytime'),
            align: 'end',
            cell: ({ anytimeP }) =>
              anytimeP === null ? '—' : format.number(anytimeP, { maximumFractionDigits: 3 }),
          },
        ]}
      />
      <p className="px-5 py-3 text-muted">
        {t(settings.metric === 'revenue' ? 'adaptive.canMoney' : 'adaptive.canRates')}
      </p>
    </Section>
  )
}

function Variants({ results }: { results: Results }) {
  const t = useTranslations('campaigns.test')
  const format = useFormat()
  const count = (value: number, recipients: number) => (
    <span className="figures">
      {format.number(value)} <span className="text-muted">{format.rate(value, recipients)}</span>
    </span>
  )
  return (
    <Section title={t('variants.title')} isFlush>
      <Table
        label={t('variants.title')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={results.variants}
        rowKey={({ id }) => id}
        columns={[
          {
            id: 'name',
            title: t('variants.name'),
            isRowHeader: true,
            cell: ({ id, name, isControl }) =>
              `${name === id ? id : `${id} · ${name}`}${isControl ? ` (${t('variants.silent')})` : ''}`,
          },
          {
            id: 'recipients',
            title: t('variants.recipients'),
            align: 'end',
            cell: ({ recipients }) => format.number(recipients),
          },
          {
            id: 'opened',
            title: t('variants.opened'),
            align: 'end',
            isWideOnly: true,
            cell: ({ opened, recipients }) => count(opened, recipients),
          },
          {
            id: 'clicked',
            title: t('variants.clicked'),
            align: 'end',
            cell: ({ clicked, recipients }) => count(clicked, recipients),
          },
          {
            id: 'converted',
            title: t('variants.converted'),
            align: 'end',
            cell: ({ converted, recipients }) => count(converted, recipients),
          },
          {
            id: 'revenue',
            title: t('variants.revenue'),
            align: 'end',
            cell: ({ revenue }) => format.number(revenue, { style: 'currency', currency: results.currency }),
          },
          {
            id: 'unsubscribed',
            title: t('variants.unsubscribed'),
            align: 'end',
            isWideOnly: true,
            cell: ({ unsubscribed, recipients }) => count(unsubscribed, recipients),
          },
          {
            id: 'best',
            title: t('variants.best'),
            align: 'end',
            isWideOnly: true,
            cell: ({ probabilityBest }) => format.percent(probabilityBest, 0),
          },
        ]}
      />
      {results.variants.some(
        ({ reported }) => reported.impressions + reported.clicks + reported.conversions > 0,
      ) && (
        <div className="px-5 py-3">
          <Banner tone="info" title={t('reported.title')}>
            {results.variants
              .map(({ id, reported }) =>
                t('reported.line', {
                  id,
                  impressions: format.number(reported.impressions),
                  clicks: format.number(reported.clicks),
                  conversions: format.number(reported.conversions),
                }),
              )
              .join(' · ')}
          </Banner>
        </div>
      )}
    </Section>
  )
}

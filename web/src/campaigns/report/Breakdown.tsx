import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Section } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { Table } from '../../ui/Table.tsx'
import type { Funnel, Part } from './api.ts'
import { useBreakdown } from './api.ts'

const PARTS = ['channel', 'variant', 'country'] as const
const STEPS = ['sent', 'delivered', 'opened', 'clicked', 'converted'] as const

/** The same figures apart by channel, variant or country. Source: CS-012.3, CS-012.4 */
export function Breakdown({ campaignId }: { campaignId: string }) {
  const t = useTranslations('campaigns.report.breakdown')
  const format = useFormat()
  const [by, setBy] = useState<Part>('channel')
  const query = useBreakdown(campaignId, by)
  const countries = new Intl.DisplayNames(format.locale, { type: 'region' })
  const nameOf = ({ label }: Funnel['parts'][number]): string => {
    if (by === 'country') return label === '' ? t('nowhere') : (countries.of(label) ?? label)
    if (by === 'variant') return label === '0' ? t('onlyVariant') : t('variant', { n: label })
    return label
  }
  return (
    <Section
      title={t('title')}
      isFlush
      actions={
        <Segmented
          label={t('by')}
          options={PARTS.map((value) => ({ value, label: t(`parts.${value}`) }))}
          value={by}
          onChange={setBy}
        />
      }
    >
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : query.data ? (
        <Table
          label={t('title')}
          className="rounded-t-none border-x-0 border-b-0"
          rows={query.data.parts}
          rowKey={({ label }) => label}
          empty={<EmptyState title={t('none')} />}
          columns={[
            { id: 'part', title: t(`parts.${by}`), isRowHeader: true, cell: nameOf },
            ...STEPS.map((step) => ({
              id: step,
              title: t(`steps.${step}`),
              align: 'end' as const,
              isWideOnly: step !== 'sent' && step !== 'clicked',
              cell: (part: Funnel['parts'][number]) =>
                format.number(part.steps.find((one) => one.step === step)?.people),
            })),
          ]}
        />
      ) : (
        <SectionSkeleton />
      )}
    </Section>
  )
}

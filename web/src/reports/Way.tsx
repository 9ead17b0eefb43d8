import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { usePartName } from '../campaigns/report/part-name.ts'
import { useFormat } from '../platform/format.ts'
import { Section } from '../ui/Card.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Select } from '../ui/Select.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Table } from '../ui/Table.tsx'
import { FUNNEL_PARTS, useFunnel } from './api.ts'
import type { Steps } from './api.ts'

const ALL = 'all'
const CHOICES = [ALL, ...FUNNEL_PARTS] as const

/** From sent to converted with what is lost on the way, of the whole campaign or one channel, variant or segment. Source: CB-10.4 */
export function Way({ campaignId }: { campaignId: string }) {
  const t = useTranslations('reports.funnel')
  const [by, setBy] = useState<(typeof CHOICES)[number]>(ALL)
  const [asked, setAsked] = useState<string | null>(null)
  const query = useFunnel(campaignId, by === ALL ? null : by)
  const nameOf = usePartName(by === ALL ? 'segment' : by)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  // While another question is on its way the parts are still those of the last one.
  const parts = by === ALL || query.isPlaceholderData ? [] : query.data.parts
  const part = parts.find(({ label }) => label === asked) ?? parts[0]
  return (
    <Section
      title={t('title')}
      isFlush
      actions={
        <>
          <Select
            label={t('by')}
            isLabelHidden
            isCompact
            options={CHOICES.map((value) => ({ value, label: t(`bys.${value}`) }))}
            value={by}
            onChange={(value) => {
              setBy(value)
              setAsked(null)
            }}
          />
          {part && (
            <Select
              label={t('part')}
              isLabelHidden
              isCompact
              options={parts.map(({ label }) => ({ value: label, label: nameOf(label) }))}
              value={part.label}
              onChange={setAsked}
            />
          )}
        </>
      }
    >
      <Lost steps={part?.steps ?? query.data.steps} />
      <p className="px-4 py-3 text-sm text-muted">
        {by !== ALL && !part && !query.isPlaceholderData && `${t('noParts')} `}
        {t('note')}
      </p>
    </Section>
  )
}

function Lost({ steps }: { steps: Steps }) {
  const t = useTranslations('reports.funnel')
  const format = useFormat()
  return (
    <Table
      label={t('title')}
      className="rounded-t-none border-x-0 border-b-0"
      rows={steps}
      rowKey={({ step }) => step}
      columns={[
        { id: 'step', title: t('step'), isRowHeader: true, cell: ({ step }) => t(`steps.${step}`) },
        { id: 'people', title: t('people'), align: 'end', cell: ({ people }) => format.number(people) },
        {
          id: 'share',
          title: t('ofPrevious'),
          align: 'end',
          cell: ({ ofPrevious }) => format.percent(ofPrevious),
        },
        {
          id: 'lost',
          title: t('lost'),
          align: 'end',
          isWideOnly: true,
          cell: ({ lost }) => format.number(lost),
        },
      ]}
    />
  )
}

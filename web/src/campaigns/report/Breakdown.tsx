import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Section } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { Select } from '../../ui/Select.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { Table } from '../../ui/Table.tsx'
import type { Channel } from '../api.ts'
import type { Funnel, Part } from './api.ts'
import { useBreakdown } from './api.ts'
import { CHANNELS } from './channels.ts'
import { usePartName } from './part-name.ts'
import type { PeopleBehind } from './PeopleSheet.tsx'

const PARTS = ['channel', 'variant', 'segment', 'country', 'hour'] as const
const STEPS = ['sent', 'delivered', 'opened', 'clicked', 'converted'] as const

interface Row {
  id: string
  name: string
  steps: Funnel['steps']
  /** Null for all channels, undefined where people of a part cannot be listed. */
  channel: Channel | null | undefined
}

/**
 * The way from sent to converted, whole and apart by channel, variant, segment, country or hour, with the share of the
 * step before; figures of all and of a channel lead to their people. Source: CS-012.3, CS-012.4, CS-012.5, CB-10.4
 */
export function Breakdown({
  campaignId,
  onPeople,
}: {
  campaignId: string
  onPeople: (people: PeopleBehind) => void
}) {
  const t = useTranslations('campaigns.report.breakdown')
  const [by, setBy] = useState<Part>('channel')
  const query = useBreakdown(campaignId, by)
  return (
    <Section
      title={t('title')}
      note={t(by === 'hour' ? 'noteHour' : by === 'segment' ? 'noteSegment' : 'note')}
      isFlush
      actions={
        <Select
          label={t('by')}
          isLabelHidden
          isCompact
          options={PARTS.map((value) => ({ value, label: t(`parts.${value}`) }))}
          value={by}
          onChange={setBy}
        />
      }
    >
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : query.data ? (
        <Parts funnel={query.data} by={by} onPeople={onPeople} />
      ) : (
        <SectionSkeleton />
      )}
    </Section>
  )
}

function Parts({
  funnel,
  by,
  onPeople,
}: {
  funnel: Funnel
  by: Part
  onPeople: (people: PeopleBehind) => void
}) {
  const t = useTranslations('campaigns.report.breakdown')
  const nameOf = usePartName(by)
  const parts = funnel.parts.map((part): Row => ({
    id: part.label,
    name: nameOf(part.label),
    steps: part.steps,
    channel: by === 'channel' ? CHANNELS.find((channel) => channel === part.label) : undefined,
  }))
  // One part alone says what all of it says.
  const rows: Row[] =
    parts.length === 1 ? parts : [{ id: 'all', name: t('all'), steps: funnel.steps, channel: null }, ...parts]
  return (
    <Table
      label={t('title')}
      className="rounded-t-none border-x-0 border-b-0"
      rows={parts.length === 0 ? [] : rows}
      rowKey={({ id }) => id}
      empty={<EmptyState title={t(by === 'segment' ? 'noSegment' : 'none')} />}
      columns={[
        { id: 'part', title: t(`parts.${by}`), isRowHeader: true, cell: ({ name }) => name },
        ...STEPS.map((step) => ({
          id: step,
          title: t(`steps.${step}`),
          align: 'end' as const,
          isWideOnly: step !== 'sent' && step !== 'clicked',
          cell: (row: Row) => <Step row={row} step={step} withShare={by !== 'hour'} onPeople={onPeople} />,
        })),
      ]}
    />
  )
}

/** How many came so far, as a share of the step before; pressing it shows them where they can be listed. */
function Step({
  row,
  step,
  withShare,
  onPeople,
}: {
  row: Row
  step: (typeof STEPS)[number]
  withShare: boolean
  onPeople: (people: PeopleBehind) => void
}) {
  const t = useTranslations('campaigns.report.breakdown')
  const format = useFormat()
  const found = row.steps.find((one) => one.step === step)
  const number = format.number(found?.people)
  const share =
    withShare && found?.ofPrevious !== null && found !== undefined ? format.percent(found.ofPrevious) : null
  const { channel } = row
  return (
    <span className="inline-grid justify-items-end">
      {channel === undefined || !found || found.people === 0 || step === 'sent' ? (
        <span>{number}</span>
      ) : (
        <button
          type="button"
          className="min-h-6 rounded-sm underline underline-offset-2"
          onClick={() =>
            onPeople({
              of: step,
              title: `${t(`steps.${step}`)} · ${row.name}`,
              ...(channel === null ? {} : { channel }),
            })
          }
        >
          {number}
        </button>
      )}
      {share !== null && <span className="text-sm text-muted">{share}</span>}
    </span>
  )
}

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Section } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { Select } from '../../ui/Select.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import type { Funnel, Part, Usual } from './api.ts'
import { useBreakdown } from './api.ts'
import { CHANNELS } from './channels.ts'
import { usePartName } from './part-name.ts'
import type { PeopleBehind } from './PeopleSheet.tsx'
import { RateTable } from './RateTable.tsx'
import type { RateRow } from './RateTable.tsx'

const PARTS = ['channel', 'variant', 'segment', 'country', 'hour'] as const
const NOTES: Partial<Record<Part, 'noteHour' | 'noteSegment' | 'noteCountry'>> = {
  hour: 'noteHour',
  segment: 'noteSegment',
  country: 'noteCountry',
}

/**
 * The rates of a campaign, whole and apart by channel, variant, segment, country or hour, each with its interval and what
 * is usual; figures of all and of a channel lead to their people. Source: CS-012.3, CS-012.4, CS-012.5, CB-10.4
 */
export function Breakdown({
  campaignId,
  runId,
  usual,
  onPeople,
}: {
  campaignId: string
  /** One run; all of the campaign when absent. */
  runId?: string | undefined
  /** Of earlier campaigns or runs; absent until it is known. */
  usual: Usual | undefined
  onPeople: (people: PeopleBehind) => void
}) {
  const t = useTranslations('campaigns.report.breakdown')
  const [by, setBy] = useState<Part>('channel')
  const query = useBreakdown(campaignId, by, runId)
  return (
    <Section
      title={t('title')}
      note={t(NOTES[by] ?? 'note')}
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
        <Parts funnel={query.data} by={by} usual={usual} onPeople={onPeople} />
      ) : (
        <SectionSkeleton />
      )}
    </Section>
  )
}

function Parts({
  funnel,
  by,
  usual,
  onPeople,
}: {
  funnel: Funnel
  by: Part
  usual: Usual | undefined
  onPeople: (people: PeopleBehind) => void
}) {
  const t = useTranslations('campaigns.report.breakdown')
  const nameOf = usePartName(by)
  const parts = funnel.parts.map((part): RateRow => ({
    ...part,
    id: part.label,
    name: nameOf(part.label),
    channel: by === 'channel' ? CHANNELS.find((channel) => channel === part.label) : undefined,
  }))
  const all: RateRow = { ...funnel, id: 'all', name: t('all'), usual: usual ?? null, channel: null }
  // One part alone says what all of it says.
  const rows = parts.length < 2 ? parts : [all, ...parts]
  return (
    <RateTable
      label={t('title')}
      title={t(`parts.${by}`)}
      rows={rows}
      empty={<EmptyState title={t(by === 'segment' ? 'noSegment' : 'none')} />}
      onPeople={onPeople}
    />
  )
}

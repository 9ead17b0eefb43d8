import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Section } from '../../ui/Card.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { useBreakdown } from './api.ts'
import type { PeopleBehind } from './PeopleSheet.tsx'
import { RateTable } from './RateTable.tsx'

/** Each run of a campaign that repeats by itself, the latest first; nothing where there is one. Source: FR-006.1, CS-012.1 */
export function Runs({
  campaignId,
  onPeople,
}: {
  campaignId: string
  onPeople: (people: PeopleBehind) => void
}) {
  const t = useTranslations('campaigns.report.runs')
  const format = useFormat()
  const query = useBreakdown(campaignId, 'run')
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data || query.data.parts.length < 2) return null
  return (
    <Section title={t('title')} note={t('note')} isFlush>
      <RateTable
        label={t('title')}
        title={t('started')}
        rows={query.data.parts.map((part) => ({
          ...part,
          id: part.label,
          name: format.dateTime(part.at),
          channel: undefined,
        }))}
        onPeople={onPeople}
        rowHref={({ id }) => `/campaigns/${campaignId}?run=${id}`}
      />
    </Section>
  )
}

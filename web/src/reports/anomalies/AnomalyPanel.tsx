import { useTranslations } from 'use-intl'
import { useLive } from '../../platform/live.ts'
import { Section } from '../../ui/Card.tsx'
import { AnomalyList } from './AnomalyList.tsx'
import { useAnomalies } from './api.ts'

/** What is unusual and unseen, of all campaigns or one; nothing while nothing is. */
export function AnomalyPanel({ campaignId }: { campaignId?: string }) {
  const t = useTranslations('reports.anomalies')
  const query = useAnomalies(campaignId)
  useLive('anomalies', null, ['reports', 'anomalies'])
  const items = query.data?.items ?? []
  // Figures stand without it: where it cannot be asked, the page goes on.
  if (items.length === 0) return null
  return (
    <Section title={t('title')} isFlush>
      <AnomalyList items={items} namesCampaigns={campaignId === undefined} />
    </Section>
  )
}

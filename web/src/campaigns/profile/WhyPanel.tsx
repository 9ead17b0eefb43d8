import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSettled } from '../../platform/use-settled.ts'
import { Section } from '../../ui/Card.tsx'
import { ComboBox } from '../../ui/ComboBox.tsx'
import { findCampaigns } from '../api.ts'
import { WhyText } from '../control/WhyText.tsx'

const SEARCH_AFTER_MS = 150

/** “Why did I not get it?”, asked of any campaign, also of one that has not left. For a contact's profile. */
export function WhyPanel({ contactId }: { contactId: string }) {
  const t = useTranslations('campaigns.why')
  const [text, setText] = useState('')
  const [campaignId, setCampaignId] = useState<string | null>(null)
  const asked = useSettled(text, SEARCH_AFTER_MS)
  const found = useQuery({
    queryKey: ['campaigns', 'found', asked],
    queryFn: ({ signal }) => findCampaigns(asked, signal),
    placeholderData: keepPreviousData,
  })
  return (
    <Section title={t('title')}>
      <div className="grid grid-cols-1 gap-3">
        <ComboBox
          label={t('choose')}
          options={(found.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={campaignId}
          onSearch={setText}
          onChange={setCampaignId}
        />
        {campaignId !== null && <WhyText campaignId={campaignId} contactId={contactId} runId={null} />}
      </div>
    </Section>
  )
}

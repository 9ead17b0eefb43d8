import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Section } from '../../ui/Card.tsx'
import { Link } from '../../ui/Link.tsx'
import { StatusBadge } from '../../ui/StatusBadge.tsx'
import type { Campaign } from './api.ts'

/** A short list of campaigns of one kind; nothing when there are none. */
export function CampaignLines({
  kind,
  items,
}: {
  kind: 'live' | 'planned' | 'drafts'
  items: readonly Campaign[]
}) {
  const t = useTranslations('app.home')
  if (items.length === 0) return null
  return (
    <Section title={t(kind)} isFlush>
      <ul>
        {items.map((campaign) => (
          <li
            key={campaign.id}
            className="flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-t border-line px-5 py-2"
          >
            <Link to="/campaigns/$id" params={{ id: campaign.id }} tone="text" className="min-w-0 truncate">
              {campaign.name}
            </Link>
            <span className="figures flex items-center gap-3 text-muted">
              <Fact kind={kind} campaign={campaign} />
              {kind === 'live' && <StatusBadge status={campaign.status} />}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Fact({ kind, campaign }: { kind: 'live' | 'planned' | 'drafts'; campaign: Campaign }) {
  const t = useTranslations('app.home')
  const format = useFormat()
  switch (kind) {
    case 'live':
      return t('sentSoFar', { count: campaign.figures.sent })
    case 'planned':
      return format.dateTime(campaign.scheduledAt)
    case 'drafts':
      return t('edited', { when: format.relative(campaign.updatedAt) })
  }
}

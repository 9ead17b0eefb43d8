import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { HrefLink } from '../../ui/Link.tsx'
import { Pagination } from '../../ui/Pagination.tsx'
import { TableSkeleton } from '../../ui/Skeleton.tsx'
import { Badge } from '../../ui/StatusBadge.tsx'
import type { Tone } from '../../ui/StatusBadge.tsx'
import { useCampaign } from '../api.ts'
import type { Channel } from '../api.ts'
import { WhyText } from '../control/WhyText.tsx'
import { useReasonText } from '../reasons.ts'
import type { ContactMessage } from './api.ts'
import { useContactMessages } from './api.ts'

const tones: Record<ContactMessage['state'], Tone> = {
  sent: 'green',
  delivered: 'green',
  bounced: 'red',
  failed: 'red',
  skipped: 'grey',
  held_out: 'grey',
  unknown: 'amber',
}

/** What was sent to a person, or not, and why. For a contact's profile. */
export function MessagesPanel({ contactId }: { contactId: string }) {
  const t = useTranslations('campaigns.messages')
  const format = useFormat()
  const query = useContactMessages(contactId)
  const messages = query.data?.pages.flatMap((page) => page.items)
  return (
    <Section title={t('title')}>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : messages === undefined ? (
        <TableSkeleton columns={2} />
      ) : messages.length === 0 ? (
        <p className="text-muted">{t('none')}</p>
      ) : (
        <ol className="grid grid-cols-1 gap-3">
          {messages.map((message) => (
            <Message key={`${message.runId} ${message.channel}`} contactId={contactId} message={message} />
          ))}
        </ol>
      )}
      {query.hasNextPage && <Pagination shown={messages?.length ?? 0} pages={query} number={format.number} />}
    </Section>
  )
}

function Message({
  contactId,
  message: { campaignId, runId, channel, state, reason, handedOverAt, stateAt },
}: {
  contactId: string
  message: ContactMessage
}) {
  const t = useTranslations('campaigns.messages')
  const why = useTranslations('campaigns.why')
  const channels = useTranslations('campaigns.channels.names')
  const [isAsked, setAsked] = useState(false)
  const format = useFormat()
  const reasonText = useReasonText()
  const campaign = useCampaign(campaignId)
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-2 gap-y-1">
        <Badge tone={tones[state]}>{t(`states.${state}`)}</Badge>
        {campaign.isError ? (
          // Deleted for good: the message stays, its campaign has no name any more.
          <span className="text-muted">{t('gone')}</span>
        ) : (
          <HrefLink href={`/campaigns/${campaignId}`}>{campaign.data?.name ?? '…'}</HrefLink>
        )}
        <span className="text-sm text-muted">
          {channels.has(channel as Channel) ? channels(channel as Channel) : channel}
        </span>
        {reason !== null && <span className="text-sm text-muted">{reasonText(reason)}</span>}
        {!campaign.isError && state !== 'delivered' && (
          <Button variant="quiet" size="sm" aria-expanded={isAsked} onPress={() => setAsked(!isAsked)}>
            {why(isAsked ? 'hide' : 'ask')}
          </Button>
        )}
      </span>
      <time dateTime={handedOverAt ?? stateAt} className="figures text-sm text-muted">
        {format.dateTime(handedOverAt ?? stateAt)}
      </time>
      {isAsked && (
        <div className="w-full rounded-lg bg-soft p-3">
          <WhyText campaignId={campaignId} contactId={contactId} runId={runId} channel={channel} />
        </div>
      )}
    </li>
  )
}

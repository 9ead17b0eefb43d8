import { MessageSquareReply } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Section } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Badge, type Tone } from '../ui/StatusBadge.tsx'
import { Table } from '../ui/Table.tsx'
import type { InboundMessage } from './api.ts'
import { useInbound } from './api.ts'

const TONES: Readonly<Record<InboundMessage['intent'], Tone>> = {
  stop: 'red',
  unclear: 'amber',
  start: 'green',
  help: 'blue',
  none: 'grey',
}

/** What people answered by SMS and WhatsApp, and what it was read as. */
export function InboundSection() {
  const t = useTranslations('delivery.inbound')
  const format = useFormat()
  const inbound = useInbound()
  return (
    <Section title={t('title')} note={t('note')} isFlush>
      {inbound.isError ? (
        <ErrorState error={inbound.error} onRetry={inbound.refetch} />
      ) : (
        <Table
          label={t('title')}
          rows={inbound.data}
          rowKey={({ id }) => id}
          empty={
            <EmptyState icon={<MessageSquareReply />} title={t('emptyTitle')}>
              {t('empty')}
            </EmptyState>
          }
          columns={[
            {
              id: 'text',
              title: t('text'),
              isRowHeader: true,
              cell: ({ text }) => <span className="break-words whitespace-pre-wrap">{text}</span>,
            },
            { id: 'sender', title: t('sender'), cell: ({ sender }) => sender },
            {
              id: 'intent',
              title: t('intent'),
              cell: ({ intent }) => <Badge tone={TONES[intent]}>{t(`intents.${intent}`)}</Badge>,
            },
            {
              id: 'received',
              title: t('received'),
              align: 'end',
              cell: ({ receivedAt }) => format.relative(receivedAt),
            },
          ]}
        />
      )}
    </Section>
  )
}

import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Section } from '../ui/Card.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { HrefLink } from '../ui/Link.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import { TableSkeleton } from '../ui/Skeleton.tsx'
import { useTimeline } from './api.ts'
import type { Contact, TimelineEntry } from './api.ts'

/** What happened to a person, latest first. */
export function Timeline({ contact }: { contact: Contact }) {
  const t = useTranslations('contacts')
  const format = useFormat()
  const query = useTimeline(contact.id)
  const entries = query.data?.pages.flatMap((page) => page.items)
  return (
    <Section title={t('timeline.title')}>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : entries === undefined ? (
        <TableSkeleton columns={2} />
      ) : (
        <ol className="grid grid-cols-1">
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
          {/* People of a file share one event; their own beginning is told from their own row. */}
          {!query.hasNextPage && !entries.some(({ type }) => type === 'contacts.created') && (
            <Line at={contact.createdAt}>
              {contact.importId === null ? (
                t('timeline.created')
              ) : (
                <HrefLink href={`/audience/imports/${contact.importId}`}>{t('timeline.imported')}</HrefLink>
              )}
            </Line>
          )}
        </ol>
      )}
      {query.hasNextPage && (
        <Pagination
          shown={entries?.length ?? 0}
          hasMore
          isLoading={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
          number={format.number}
        />
      )}
    </Section>
  )
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const text = useEventText()(entry.type)
  return (
    <Line at={entry.at}>
      {entry.campaignId === null ? text : <HrefLink href={`/campaigns/${entry.campaignId}`}>{text}</HrefLink>}
    </Line>
  )
}

function Line({ at, children }: { at: string; children: ReactNode }) {
  const format = useFormat()
  return (
    <li className="flex items-baseline justify-between gap-4 border-l-2 border-line py-1.5 pl-3">
      <span className="min-w-0">{children}</span>
      <time dateTime={at} className="figures shrink-0 text-sm text-muted">
        {format.dateTime(at)}
      </time>
    </li>
  )
}

const known = [
  'contacts.created',
  'contacts.updated',
  'contacts.deleted',
  'contacts.restored',
  'contacts.merged',
  'consent.changed',
  'consent.address_suppressed',
  'consent.suppression_lifted',
  'message.opened',
  'message.clicked',
  'message.bounced',
  'message.complained',
  'message.unsubscribed',
] as const

/** What an event is called; one that we have no word for by its own name. */
function useEventText(): (type: string) => string {
  const t = useTranslations('contacts.timeline.events')
  return (type) => {
    const event = known.find((candidate) => candidate === type)
    return event === undefined ? type.replaceAll(/[._]/g, ' ') : t(event)
  }
}

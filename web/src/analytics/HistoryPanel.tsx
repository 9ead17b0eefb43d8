import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { useContact } from '../contacts/api.ts'
import { useFormat } from '../platform/format.ts'
import { Section } from '../ui/Card.tsx'
import { cx } from '../ui/cx.ts'
import { ErrorState } from '../ui/ErrorState.tsx'
import { HrefLink } from '../ui/Link.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import { Select } from '../ui/Select.tsx'
import { TableSkeleton } from '../ui/Skeleton.tsx'
import { Badge, type Tone } from '../ui/StatusBadge.tsx'
import { type HistoryEntry, type HistoryKind, useHistory } from './api.ts'
import { useEntryText } from './entry-text.ts'

const KINDS = ['orders', 'activity', 'messages', 'consent', 'data'] as const

/** Everything that happened to a person and was done to them, latest first. For a contact's profile. */
export function HistoryPanel({ contactId }: { contactId: string }) {
  const t = useTranslations('analytics.history')
  const format = useFormat()
  const [kind, setKind] = useState<HistoryKind | 'all'>('all')
  const query = useHistory(contactId, kind === 'all' ? undefined : kind)
  const entries = query.data?.pages.flatMap((page) => page.items)
  return (
    <Section
      title={t('title')}
      actions={
        <Select
          label={t('filter')}
          isLabelHidden
          value={kind}
          onChange={setKind}
          options={(['all', ...KINDS] as const).map((value) => ({ value, label: t(`kinds.${value}`) }))}
        />
      }
    >
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : entries === undefined ? (
        <TableSkeleton columns={2} />
      ) : (
        <ol className="grid grid-cols-1">
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
          {entries.length === 0 && kind !== 'all' && kind !== 'data' && (
            <li className="text-muted">{t('empty')}</li>
          )}
          {!query.hasNextPage && (kind === 'all' || kind === 'data') && (
            <Beginning
              contactId={contactId}
              isTold={entries.some(({ type }) => type === 'contacts.created')}
            />
          )}
        </ol>
      )}
      {query.hasNextPage && <Pagination shown={entries?.length ?? 0} pages={query} number={format.number} />}
    </Section>
  )
}

const stateTones: Readonly<Record<string, Tone>> = {
  delivered: 'green',
  sent: 'green',
  bounced: 'red',
  failed: 'red',
  unknown: 'amber',
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const t = useTranslations('analytics.history')
  const format = useFormat()
  const texts = useEntryText()
  const text = texts.title(entry)
  const said = texts.details(entry)
  return (
    <Line at={entry.at}>
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        {entry.campaignId === null ? (
          <span>{text}</span>
        ) : (
          <HrefLink href={`/campaigns/${entry.campaignId}`}>{text}</HrefLink>
        )}
        {entry.money !== null && <span className="figures font-medium">{format.money(entry.money)}</span>}
        {entry.state !== null && <Badge tone={stateTones[entry.state] ?? 'grey'}>{texts.state(entry)}</Badge>}
        {entry.isMachine && <Badge>{t('machine')}</Badge>}
      </span>
      {said.length > 0 && <Details said={said} />}
    </Line>
  )
}

/** Few words stand in the line; more unfold. */
const SHOWN_AT_ONCE = 3

function Details({ said }: { said: HistoryEntry['details'] }) {
  const t = useTranslations('analytics.history')
  const list = (
    <dl className={cx('text-sm text-muted', said.length <= SHOWN_AT_ONCE && 'flex flex-wrap gap-x-4')}>
      {said.map(({ name, value }) => (
        <div key={name} className="min-w-0 break-words">
          <dt className="inline">{name}: </dt>
          <dd className={cx('inline', value === null ? 'italic' : 'text-text')}>{value ?? t('hidden')}</dd>
        </div>
      ))}
    </dl>
  )
  if (said.length <= SHOWN_AT_ONCE) return list
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-muted">{t('properties', { count: said.length })}</summary>
      {list}
    </details>
  )
}

function Line({ at, children }: { at: string; children: ReactNode }) {
  const format = useFormat()
  return (
    <li
      className={cx(
        'flex flex-col gap-x-4 border-l-2 border-line py-1.5 pl-3',
        'sm:flex-row sm:items-baseline sm:justify-between',
      )}
    >
      <div className="min-w-0">{children}</div>
      <time dateTime={at} className="figures shrink-0 text-sm text-muted">
        {format.dateTime(at)}
      </time>
    </li>
  )
}

/** People of a file share one event; their own beginning is told from their own row. */
function Beginning({ contactId, isTold }: { contactId: string; isTold: boolean }) {
  const t = useTranslations('analytics.history')
  const { data: contact } = useContact(contactId)
  if (isTold || contact === undefined) return null
  return (
    <Line at={contact.createdAt}>
      {contact.importId === null ? (
        t('created')
      ) : (
        <HrefLink href={`/audience/imports/${contact.importId}`}>{t('imported')}</HrefLink>
      )}
    </Line>
  )
}

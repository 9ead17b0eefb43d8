import type { Explanation } from '@fanfare/server/segments/schema'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useSettled } from '../platform/use-settled.ts'
import { Section } from '../ui/Card.tsx'
import { ComboBox } from '../ui/ComboBox.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Link } from '../ui/Link.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { useSegmentSearch, useSegmentsOf, useWhy } from './api.ts'
import { ExplanationTree } from './ExplanationTree.tsx'

const SEARCH_AFTER_MS = 150

/** The segments that a person is in, each with its why, and the why-not of any other. For a contact's profile. */
export function PersonSegments({ contactId }: { contactId: string }) {
  const t = useTranslations('segments.ofPerson')
  const format = useFormat()
  const query = useSegmentsOf(contactId)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  const { segments } = query.data
  return (
    <Section title={t('title')}>
      <div className="grid gap-4">
        {segments.length === 0 && <p className="text-muted">{t('none')}</p>}
        {segments.length > 0 && (
          <ul className="grid gap-2.5">
            {segments.map(({ id, name, since }) => (
              <li key={id} className="grid gap-1">
                <span className="flex flex-wrap items-baseline justify-between gap-x-3">
                  <Link to="/audience/segments/$id" params={{ id }}>
                    {name}
                  </Link>
                  <span className="text-sm text-muted">{t('since', { date: format.date(since) })}</span>
                </span>
                <Why segmentId={id} name={name} contactId={contactId} />
              </li>
            ))}
          </ul>
        )}
        <Elsewhere contactId={contactId} inside={segments.map(({ id }) => id)} />
      </div>
    </Section>
  )
}

/** Asked only when somebody opens it. */
function Why({ segmentId, name, contactId }: { segmentId: string; name: string; contactId: string }) {
  const t = useTranslations('segments.ofPerson')
  const [isOpen, setOpen] = useState(false)
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="w-fit cursor-pointer text-sm text-muted" aria-label={t('why', { segment: name })}>
        {t('shortWhy')}
      </summary>
      {isOpen && <Answer segmentId={segmentId} contactId={contactId} />}
    </details>
  )
}

function Answer({ segmentId, contactId }: { segmentId: string; contactId: string }) {
  const why = useWhy(segmentId, contactId)
  if (why.isError) return <ErrorState error={why.error} onRetry={why.refetch} />
  if (!why.data) return <SectionSkeleton lines={2} />
  return (
    <div className="pt-2">
      {/* The client cannot infer a type that contains itself; the schema names it. */}
      <ExplanationTree part={why.data.explanation as Explanation} />
    </div>
  )
}

/** A segment that the person is not in, found by name, with what keeps them out. */
function Elsewhere({ contactId, inside }: { contactId: string; inside: readonly string[] }) {
  const t = useTranslations('segments.ofPerson')
  const picker = useTranslations('segments.picker')
  const [text, setText] = useState('')
  const [segmentId, setSegmentId] = useState<string | null>(null)
  const found = useSegmentSearch(useSettled(text, SEARCH_AFTER_MS))
  return (
    <div className="grid gap-2">
      <ComboBox
        label={t('other')}
        className="max-w-sm"
        placeholder={picker('placeholder')}
        options={(found.data?.items ?? [])
          .filter(({ id }) => !inside.includes(id))
          .map(({ id, name }) => ({ value: id, label: name }))}
        value={segmentId}
        onSearch={setText}
        onChange={setSegmentId}
      />
      {segmentId !== null && (
        <div role="status">
          <Answer segmentId={segmentId} contactId={contactId} />
        </div>
      )}
    </div>
  )
}

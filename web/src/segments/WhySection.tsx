import type { Explanation } from '@fanfare/server/segments/schema'
import { Check, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Section } from '../ui/Card.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { useWhy } from './api.ts'
import { PersonFinder } from './PersonFinder.tsx'

/** Why a person is in the segment or not, condition by condition. */
export function WhySection({ segmentId }: { segmentId: string }) {
  const t = useTranslations('segments.why')
  const [person, setPerson] = useState<{ id: string; name: string } | null>(null)
  const why = useWhy(segmentId, person?.id ?? null)
  return (
    <Section title={t('title')}>
      <div className="grid gap-3">
        <PersonFinder label={t('search')} placeholder={t('search')} onChoose={setPerson} />
        {why.isError && <ErrorState error={why.error} onRetry={why.refetch} />}
        {why.isLoading && <SectionSkeleton lines={2} />}
        {why.data && person !== null && (
          <div role="status" className="grid gap-2">
            <p className="font-medium">{t(why.data.isIn ? 'in' : 'out', { name: person.name })}</p>
            {/* The client cannot infer a type that contains itself; the schema names it. */}
            <Part part={why.data.explanation as Explanation} />
          </div>
        )}
      </div>
    </Section>
  )
}

function Part({ part }: { part: Explanation }) {
  const t = useTranslations('segments.why')
  return (
    <div className="grid gap-1.5">
      <div className="flex items-start gap-2">
        <Mark holds={part.holds} />
        {part.kind === 'condition' ? (
          <span className="min-w-0">
            {part.text}
            {part.found !== null && (
              <span className="block text-sm text-muted">{t('found', { found: part.found })}</span>
            )}
          </span>
        ) : (
          <span className="text-muted">{t(part.mode)}</span>
        )}
      </div>
      {part.kind === 'group' && (
        <ul className="grid gap-1.5 border-l-2 border-line pl-4">
          {part.parts.map((child, index) => (
            // The parts of a rule have no identity beyond their place.
            <li key={`${index}`}>
              <Part part={child} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Mark({ holds }: { holds: boolean }) {
  const t = useTranslations('segments.why')
  return (
    <span className="mt-0.5 flex shrink-0 items-center">
      {holds ? (
        <Check aria-hidden className="size-4 text-success" />
      ) : (
        <X aria-hidden className="size-4 text-danger" />
      )}
      <span className="sr-only">{t(holds ? 'holds' : 'fails')}</span>
    </span>
  )
}

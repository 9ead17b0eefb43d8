import type { Explanation } from '@fanfare/server/segments/schema'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Section } from '../ui/Card.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { useWhy } from './api.ts'
import { ExplanationTree } from './ExplanationTree.tsx'
import { PersonFinder } from './PersonFinder.tsx'

/** Why a person is in the segment or not, condition by condition. */
export function WhySection({ segmentId }: { segmentId: string }) {
  const t = useTranslations('segments.why')
  const [person, setPerson] = useState<{ id: string; name: string } | null>(null)
  const why = useWhy(segmentId, person?.id ?? null)
  return (
    <Section title={t('title')}>
      <div className="grid gap-3">
        <PersonFinder label={t('search')} isLabelHidden placeholder={t('search')} onChoose={setPerson} />
        {why.isError && <ErrorState error={why.error} onRetry={why.refetch} />}
        {why.isLoading && <SectionSkeleton lines={2} />}
        {why.data && person !== null && (
          <div role="status" className="grid gap-2">
            <p className="font-medium">{t(why.data.isIn ? 'in' : 'out', { name: person.name })}</p>
            {/* The client cannot infer a type that contains itself; the schema names it. */}
            <ExplanationTree part={why.data.explanation as Explanation} />
          </div>
        )}
      </div>
    </Section>
  )
}

import { ErrorState } from '../ui/ErrorState.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { useVocabulary } from './api.ts'
import { BuilderContext } from './builder-context.ts'
import { HappeningEditor } from './EventEditors.tsx'
import type { HappeningDraft } from './parts.ts'

/** Properties of the choice of an event. */
export interface HappeningPickerProps {
  label: string
  value: HappeningDraft | null
  /** Called with each change, whole or not: `isHappeningWhole` tells. */
  onChange: (happening: HappeningDraft) => void
  isReadOnly?: boolean
}

/** An event with conditions, outside of a rule: `<HappeningPicker label={t('event')} value={event} onChange={setEvent} />`. */
export function HappeningPicker({ label, value, onChange, isReadOnly = false }: HappeningPickerProps) {
  const vocabulary = useVocabulary()
  if (vocabulary.isError) return <ErrorState error={vocabulary.error} onRetry={vocabulary.refetch} />
  if (vocabulary.data === undefined) return <SectionSkeleton lines={2} />
  const { terms, filterOperators } = vocabulary.data
  const ignore = () => undefined
  return (
    <BuilderContext
      value={{
        terms,
        filterOperators,
        isReadOnly,
        excludedSegmentId: null,
        // There is no rule around it.
        changePart: ignore,
        addPart: ignore,
      }}
    >
      <HappeningEditor label={label} happening={value} onChange={onChange} />
    </BuilderContext>
  )
}

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { ErrorState } from '../ui/ErrorState.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import type { Rule, Vocabulary } from './api.ts'
import { useVocabulary } from './api.ts'
import { BuilderContext } from './builder-context.ts'
import { changePart, incompleteCount, isGroup, toDraft, toRule } from './draft.ts'
import type { DraftGroup } from './draft.ts'
import { GroupEditor } from './GroupEditor.tsx'

/** Properties of the builder. */
export interface RuleBuilderProps {
  /** The rule to begin with; give the builder another `key` to begin anew. */
  initial: Rule
  /** Called with each complete rule, and with null while something is missing. */
  onChange: (rule: Rule | null) => void
  isReadOnly?: boolean
  /** A segment that must not be chosen: the one being edited. */
  excludedSegmentId?: string
}

/** Conditions in nested groups of all, any and none: `<RuleBuilder initial={segment.rule} onChange={setRule} />`. */
export function RuleBuilder(props: RuleBuilderProps) {
  const vocabulary = useVocabulary()
  if (vocabulary.isError) return <ErrorState error={vocabulary.error} onRetry={vocabulary.refetch} />
  if (vocabulary.data === undefined) return <SectionSkeleton lines={3} />
  return <Builder {...props} vocabulary={vocabulary.data} />
}

function Builder({
  initial,
  onChange,
  isReadOnly = false,
  excludedSegmentId,
  vocabulary: { terms, filterOperators },
}: RuleBuilderProps & { vocabulary: Vocabulary }) {
  const t = useTranslations('segments')
  const [root, setRoot] = useState(() => toDraft(initial, terms))
  const change = (next: DraftGroup) => {
    setRoot(next)
    onChange(toRule(next, terms))
  }
  const missing = incompleteCount(root, terms)
  return (
    <BuilderContext
      value={{
        terms,
        filterOperators,
        isReadOnly,
        excludedSegmentId: excludedSegmentId ?? null,
        changePart: (key, update) => change(changePart(root, key, update)),
        addPart: (groupKey, part) =>
          change(
            changePart(root, groupKey, (group) =>
              isGroup(group) ? { ...group, parts: [...group.parts, part] } : group,
            ),
          ),
      }}
    >
      <GroupEditor group={root} depth={1} />
      <p role="status" className="mt-2 text-sm text-muted empty:hidden">
        {missing > 0 && !isReadOnly ? t('builder.incomplete', { count: missing }) : ''}
      </p>
    </BuilderContext>
  )
}

import { useOwnWords } from '../platform/i18n/I18n.tsx'
import { usePreferenceCenter } from './api-rights.ts'

/** A topic to choose. */
export interface TopicOption {
  /** Its key. */
  value: string
  label: string
  isArchived: boolean
}

/** Topics of the preference centre that are offered, and the one that is chosen even where it no longer is. */
export function useTopicOptions(chosen: string | null): TopicOption[] {
  const wordsOf = useOwnWords()
  const topics = usePreferenceCenter().data?.design.topics ?? []
  const options = topics
    .filter(({ key, isArchived }) => !isArchived || key === chosen)
    .map(({ key, name, isArchived }) => ({
      value: key,
      label: wordsOf(name) ?? key,
      isArchived,
    }))
  return chosen === null || options.some(({ value }) => value === chosen)
    ? options
    : [...options, { value: chosen, label: chosen, isArchived: false }]
}

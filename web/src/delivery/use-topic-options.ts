import { usePreferenceCenter } from '../consent/api-rights.ts'
import { useLanguage } from '../platform/i18n/I18n.tsx'

/** Topics of the preference centre that are offered, and the one that is chosen even where it no longer is. */
export function useTopicOptions(chosen: string | null): { value: string; label: string }[] {
  const language = useLanguage()
  const topics = usePreferenceCenter().data?.design.topics ?? []
  const options = topics
    .filter(({ key, isArchived }) => !isArchived || key === chosen)
    .map(({ key, name }) => ({ value: key, label: name[language] ?? name.en ?? name.fr ?? key }))
  return chosen === null || options.some(({ value }) => value === chosen)
    ? options
    : [...options, { value: chosen, label: chosen }]
}

import { useTranslations } from 'use-intl'
import { useOwnWords } from '../platform/i18n/I18n.tsx'
import type { ConsentEvent } from './api.ts'
import { usePreferenceCenter } from './api-rights.ts'

/** Says what a word is about: the purpose, and its topic by the name that people see. */
export function usePurposeText(): (word: Pick<ConsentEvent, 'purpose' | 'topic'>) => string {
  const t = useTranslations('consent')
  const wordsOf = useOwnWords()
  const topics = usePreferenceCenter().data?.design.topics ?? []
  return ({ purpose, topic }) => {
    const found = topics.find(({ key }) => key === topic)
    return topic === null
      ? t(`purposes.${purpose}`)
      : `${t(`purposes.${purpose}`)} · ${(found && wordsOf(found.name)) ?? topic}`
  }
}

import { useTranslations } from 'use-intl'
import { useLanguage } from '../platform/i18n/I18n.tsx'
import type { ConsentEvent } from './api.ts'
import { usePreferenceCenter } from './api-rights.ts'

/** Says what a word is about: the purpose, and its topic by the name that people see. */
export function usePurposeText(): (word: Pick<ConsentEvent, 'purpose' | 'topic'>) => string {
  const t = useTranslations('consent')
  const language = useLanguage()
  const topics = usePreferenceCenter().data?.design.topics ?? []
  return ({ purpose, topic }) => {
    const name = topics.find(({ key }) => key === topic)?.name
    return topic === null
      ? t(`purposes.${purpose}`)
      : `${t(`purposes.${purpose}`)} · ${name?.[language] ?? name?.en ?? name?.fr ?? topic}`
  }
}

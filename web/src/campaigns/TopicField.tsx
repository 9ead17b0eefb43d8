import { useTranslations } from 'use-intl'
import { usePreferenceCenter } from '../consent/api-rights.ts'
import { useLanguage } from '../platform/i18n/I18n.tsx'
import { Select } from '../ui/Select.tsx'
import type { Campaign, PlanEdit } from './api.ts'

/** What a campaign is about, as people choose it in the preference centre. Nothing to see until there are topics. */
export function TopicField({
  topic,
  change,
  isReadOnly,
}: {
  topic: Campaign['topic']
  change: (edit: PlanEdit) => void
  isReadOnly: boolean
}) {
  const t = useTranslations('campaigns')
  const language = useLanguage()
  const topics = usePreferenceCenter().data?.design.topics ?? []
  const offered = topics.filter(({ key, isArchived }) => !isArchived || key === topic)
  if (offered.length === 0 && topic === null) return null
  const options = offered.map(({ key, name, isArchived }) => {
    const words = name[language] ?? name.en ?? name.fr ?? key
    return { value: key, label: isArchived ? t('topic.archived', { topic: words }) : words }
  })
  const isKnown = topic === null || options.some(({ value }) => value === topic)
  return (
    <Select
      className="max-w-sm"
      label={t('topic.label')}
      hint={t('topic.hint')}
      options={[
        { value: '', label: t('topic.any') },
        ...options,
        ...(isKnown ? [] : [{ value: topic, label: topic }]),
      ]}
      value={topic ?? ''}
      onChange={(value) => change({ topic: value === '' ? null : value })}
      isDisabled={isReadOnly}
    />
  )
}

import { useTranslations } from 'use-intl'
import { useTopicOptions } from '../consent/use-topic-options.ts'
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
  const topics = useTopicOptions(topic)
  if (topics.length === 0) return null
  return (
    <Select
      className="max-w-sm"
      label={t('topic.label')}
      hint={t('topic.hint')}
      options={[
        { value: '', label: t('topic.any') },
        ...topics.map(({ value, label, isArchived }) => ({
          value,
          label: isArchived ? t('topic.archived', { topic: label }) : label,
        })),
      ]}
      value={topic ?? ''}
      onChange={(value) => change({ topic: value === '' ? null : value })}
      isDisabled={isReadOnly}
    />
  )
}

import { useTranslations } from 'use-intl'
import { Select } from '../../ui/Select.tsx'
import type { Question } from './api.ts'
import { OVERVIEW_DAYS } from './question.ts'
import type { Choice } from './question.ts'

/** What a report answers: the overview over some days, or what the reader came from. */
export function QuestionSelect({
  other,
  value,
  onChange,
}: {
  other: Question | null
  value: Choice
  onChange: (choice: Choice) => void
}) {
  const t = useTranslations('reports.saved')
  return (
    <Select
      label={t('answers')}
      options={[
        ...(other && other.kind !== 'overview'
          ? [{ value: 'other' as const, label: t(`kinds.${other.kind}`) }]
          : []),
        ...OVERVIEW_DAYS.map((days) => ({
          value: days,
          label: t('kinds.overview', { days: Number(days) }),
        })),
      ]}
      value={value}
      onChange={onChange}
    />
  )
}

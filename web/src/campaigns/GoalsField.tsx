import { Plus, X } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { useKitText } from '../ui/text.ts'
import { TextField } from '../ui/TextField.tsx'
import type { Campaign } from './api.ts'

type Goal = Campaign['goals'][number]
const GOALS_MAX = 10

/** What the campaign is to reach, in the author's words, each with a figure if there is one. */
export function GoalsField({
  value,
  onChange,
  isReadOnly,
}: {
  value: readonly Goal[]
  onChange: (goals: Goal[]) => void
  isReadOnly: boolean
}) {
  const t = useTranslations('campaigns')
  const common = useKitText()
  const replace = (index: number, goal: Goal) => onChange(value.map((old, at) => (at === index ? goal : old)))
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 font-medium">{t('goals.label')}</legend>
      {value.map((goal, index) => (
        <div key={index} className="flex items-end gap-2">
          <TextField
            label={t('goals.name')}
            className="flex-1"
            value={goal.name}
            onChange={(name) => replace(index, { ...goal, name })}
            isReadOnly={isReadOnly}
            maxLength={120}
          />
          <NumberField
            label={t('goals.target')}
            className="w-32"
            value={goal.target ?? Number.NaN}
            onChange={(target) => replace(index, { ...goal, target: Number.isNaN(target) ? null : target })}
            minValue={0}
            isDisabled={isReadOnly}
          />
          <IconButton
            label={common('actions.remove')}
            isDisabled={isReadOnly}
            onPress={() => onChange(value.filter((_, at) => at !== index))}
          >
            <X aria-hidden />
          </IconButton>
        </div>
      ))}
      {value.length < GOALS_MAX && !isReadOnly && (
        <div>
          <Button
            size="sm"
            variant="quiet"
            icon={<Plus aria-hidden />}
            onPress={() => onChange([...value, { name: t('goals.new'), target: null }])}
          >
            {t('goals.add')}
          </Button>
        </div>
      )}
    </fieldset>
  )
}

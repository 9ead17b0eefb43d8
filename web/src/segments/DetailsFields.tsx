import { useTranslations } from 'use-intl'
import { FieldStack } from '../ui/Field.tsx'
import { TextArea, TextField } from '../ui/TextField.tsx'

/** Name and description of a segment. */
export interface Details {
  name: string
  description: string
}

const NAME_LENGTH_MAX = 120

/** The fields of a saved segment that both kinds have. */
export function DetailsFields({
  value,
  onChange,
  errors,
  isReadOnly,
}: {
  value: Details
  onChange: (value: Details) => void
  errors: Readonly<Record<string, string>>
  isReadOnly: boolean
}) {
  const t = useTranslations('segments')
  return (
    <FieldStack>
      <TextField
        label={t('form.name')}
        value={value.name}
        onChange={(name) => onChange({ ...value, name })}
        error={errors['name']}
        isReadOnly={isReadOnly}
        maxLength={NAME_LENGTH_MAX}
      />
      <TextArea
        label={t('form.description')}
        isOptional
        value={value.description}
        onChange={(description) => onChange({ ...value, description })}
        error={errors['description']}
        isReadOnly={isReadOnly}
        rows={2}
      />
    </FieldStack>
  )
}

import { useTranslations } from 'use-intl'
import { FieldRow } from '../ui/Field.tsx'
import { TextField } from '../ui/TextField.tsx'

/** One text in both languages. */
export function Words({
  label,
  value,
  onChange,
  hint,
  error,
}: {
  label: string
  value: { en?: string | undefined; fr?: string | undefined }
  onChange: (value: { en?: string | undefined; fr?: string | undefined }) => void
  hint?: string
  error?: string | undefined
}) {
  const t = useTranslations('consent.center')
  return (
    <FieldRow>
      <TextField
        label={t('inEnglish', { label })}
        value={value.en ?? ''}
        onChange={(en) => onChange({ ...value, en })}
        hint={hint}
        error={error}
      />
      <TextField
        label={t('inFrench', { label })}
        value={value.fr ?? ''}
        onChange={(fr) => onChange({ ...value, fr })}
      />
    </FieldRow>
  )
}

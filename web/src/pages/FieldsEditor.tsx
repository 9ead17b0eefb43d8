import { Plus, Trash2 } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useFields } from '../contacts/api.ts'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { Checkbox } from '../ui/Checkbox.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { FormDraft } from './api.ts'

const STANDARD = ['email', 'phone', 'firstName', 'lastName', 'country', 'city', 'birthday'] as const
type Field = FormDraft['fields'][number]

/** The questions of a form. The e-mail address is always one of them. */
export function FieldsEditor({
  fields,
  issues,
  onChange,
}: {
  fields: Field[]
  issues: Record<string, string>
  onChange: (fields: Field[]) => void
}) {
  const t = useTranslations('pages.editor')
  const custom = useFields()
  const options = [
    ...STANDARD.map((value) => ({ value: value as string, label: t(`fieldNames.${value}`) })),
    ...(custom.data ?? []).map(({ key, name }) => ({ value: `custom:${key}`, label: name })),
  ]
  const free = options.find(({ value }) => !fields.some(({ field }) => field === value))
  const change = (position: number, part: Partial<Field>) =>
    onChange(fields.map((field, at) => (at === position ? { ...field, ...part } : field)))
  return (
    <Section
      title={t('fields')}
      note={t('fieldsNote')}
      actions={
        free && (
          <Button
            size="sm"
            icon={<Plus aria-hidden />}
            onPress={() => onChange([...fields, { field: free.value }])}
          >
            {t('addField')}
          </Button>
        )
      }
    >
      <ul className="grid gap-4">
        {fields.map((field, position) => (
          <li key={field.field} className="grid gap-2 border-l-2 border-line pl-4">
            <div className="flex flex-wrap items-end gap-3">
              <Select
                className="min-w-40 flex-1"
                label={t('field')}
                options={options}
                value={field.field}
                isDisabled={field.field === 'email'}
                onChange={(chosen) => change(position, { field: chosen })}
                error={issues[`definition.fields.${position}.field`]}
              />
              <Checkbox
                isSelected={field.isRequired ?? false}
                isDisabled={field.field === 'email'}
                onChange={(isRequired) => change(position, { isRequired })}
              >
                {t('isRequired')}
              </Checkbox>
              {field.field !== 'email' && (
                <IconButton
                  label={t('removeField')}
                  onPress={() => onChange(fields.filter((_, at) => at !== position))}
                >
                  <Trash2 aria-hidden />
                </IconButton>
              )}
            </div>
            {field.field.startsWith('custom:') && (
              <div className="flex flex-wrap gap-3">
                <TextField
                  className="min-w-40 flex-1"
                  label={t('labelEn')}
                  value={field.label?.en ?? ''}
                  onChange={(en) => change(position, { label: { ...field.label, en } })}
                  error={issues[`definition.fields.${position}.label`]}
                />
                <TextField
                  className="min-w-40 flex-1"
                  label={t('labelFr')}
                  value={field.label?.fr ?? ''}
                  onChange={(fr) => change(position, { label: { ...field.label, fr } })}
                />
              </div>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

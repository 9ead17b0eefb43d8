import { useTranslations } from 'use-intl'
import { ComboBox } from '../ui/ComboBox.tsx'
import { DateField } from '../ui/DateField.tsx'
import type { FieldProps } from '../ui/Field.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { Select } from '../ui/Select.tsx'
import { TagInput } from '../ui/TagInput.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { AttributeValue, CustomField } from './api.ts'
import { useChoices } from './person.ts'

interface ValueInputProps extends FieldProps {
  /** A standard field, or `custom:` and a key. */
  field: string
  /** The custom field, when it is one. */
  custom?: CustomField | undefined
  value: AttributeValue | null
  /** null empties the field. */
  onChange: (value: AttributeValue | null) => void
  autoFocus?: boolean
}

/** The right input for a field: a date for dates, names for countries, choices for choices. */
export function ValueInput({ field, custom, value, onChange, autoFocus, ...shared }: ValueInputProps) {
  const { countries, languages } = useChoices()
  const text = typeof value === 'string' ? value : ''
  if (custom)
    return (
      <CustomInput
        {...shared}
        custom={custom}
        value={value}
        onChange={onChange}
        autoFocus={autoFocus ?? false}
      />
    )
  switch (field) {
    case 'country':
      return (
        <ComboBox
          {...shared}
          autoFocus={autoFocus ?? false}
          options={countries}
          value={text === '' ? null : text}
          onChange={onChange}
        />
      )
    case 'language':
      return (
        <ComboBox
          {...shared}
          autoFocus={autoFocus ?? false}
          options={languages}
          value={text === '' ? null : text}
          onChange={onChange}
        />
      )
    case 'timeZone':
      return (
        <ComboBox
          {...shared}
          autoFocus={autoFocus ?? false}
          options={Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone, label: zone }))}
          value={text === '' ? null : text}
          onChange={onChange}
        />
      )
    case 'birthday':
      return (
        <DateField
          {...shared}
          autoFocus={autoFocus ?? false}
          value={text === '' ? null : text}
          onChange={onChange}
        />
      )
    default:
      return (
        <TextField
          {...shared}
          value={text}
          onChange={(next) => onChange(next === '' ? null : next)}
          {...(field === 'email' ? { type: 'email' as const } : {})}
          {...(field === 'phone' ? { type: 'tel' as const } : {})}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the field was opened to be written in
          autoFocus={autoFocus ?? false}
        />
      )
  }
}

function CustomInput({
  custom,
  value,
  onChange,
  autoFocus,
  ...shared
}: Omit<ValueInputProps, 'field' | 'custom'> & { custom: CustomField }) {
  const t = useTranslations('contacts')
  const text = typeof value === 'string' ? value : ''
  switch (custom.type) {
    case 'text':
      return (
        <TextField
          {...shared}
          autoFocus={autoFocus ?? false}
          value={text}
          onChange={(next) => onChange(next === '' ? null : next)}
        />
      )
    case 'number':
      return (
        <NumberField
          {...shared}
          autoFocus={autoFocus ?? false}
          value={typeof value === 'number' ? value : Number.NaN}
          formatOptions={{ maximumFractionDigits: 10 }}
          onChange={(next) => onChange(Number.isNaN(next) ? null : next)}
        />
      )
    case 'date':
      return (
        <DateField
          {...shared}
          autoFocus={autoFocus ?? false}
          value={text === '' ? null : text}
          onChange={onChange}
        />
      )
    case 'boolean':
      return (
        <Select
          {...shared}
          options={(['none', 'yes', 'no'] as const).map((word) => ({
            value: word,
            label: word === 'none' ? t('noValue') : t(word),
          }))}
          value={value === true ? 'yes' : value === false ? 'no' : 'none'}
          onChange={(word) => onChange(word === 'none' ? null : word === 'yes')}
        />
      )
    case 'choice':
      return (
        <Select
          {...shared}
          options={[
            { value: '', label: t('noValue') },
            ...custom.choices.map((choice) => ({ value: choice, label: choice })),
          ]}
          value={text}
          onChange={(choice) => onChange(choice === '' ? null : choice)}
        />
      )
    case 'list':
      return (
        <TagInput
          {...shared}
          autoFocus={autoFocus ?? false}
          value={Array.isArray(value) ? value : []}
          onChange={(list) => onChange(list.length === 0 ? null : list)}
        />
      )
  }
}

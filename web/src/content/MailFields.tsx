import { useRef } from 'react'
import { useTranslations } from 'use-intl'
import { FieldRow, FieldStack } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { MailCheck, MailDraft, MailField } from './api.ts'
import { fieldId } from './field-id.ts'
import { inserted } from './inserted.ts'
import { InsertVariable } from './InsertVariable.tsx'

/** What list views on a desk show. */
const SHOWN = { subject: 70, preheader: 110 }

interface FieldsProps {
  value: MailDraft
  onChange: (change: Partial<MailDraft>) => void
  /** Of the pre-flight: shown where it is wrong. */
  checks: readonly MailCheck[]
  isReadOnly: boolean
}

/** Everything about a mail but its body. */
export function MailFields({ value, onChange, checks, isReadOnly }: FieldsProps) {
  const t = useTranslations('content')
  const props = { value, onChange, checks, isReadOnly }
  return (
    <FieldStack>
      <Line {...props} field="subject" maxLength={250} counts={SHOWN.subject} />
      <Line {...props} field="preheader" maxLength={500} counts={SHOWN.preheader} />
      <FieldRow>
        <Line {...props} field="fromName" maxLength={120} />
        <Line {...props} field="fromEmail" maxLength={254} isAddress />
      </FieldRow>
      <FieldRow>
        <Line {...props} field="replyTo" maxLength={254} isAddress isOptional />
        <Select
          label={t('fields.language')}
          hint={t('fields.languageHint')}
          options={[
            { value: 'en', label: 'English' },
            { value: 'fr', label: 'Français' },
          ]}
          value={value.language}
          onChange={(language) => onChange({ language })}
          isDisabled={isReadOnly}
        />
      </FieldRow>
    </FieldStack>
  )
}

type LineField = Exclude<MailField, 'body' | 'text'>

function Line({
  field,
  value,
  onChange,
  checks,
  isReadOnly,
  maxLength,
  counts,
  isAddress,
  isOptional,
}: FieldsProps & {
  field: LineField
  maxLength: number
  counts?: number
  isAddress?: boolean
  isOptional?: boolean
}) {
  const t = useTranslations('content')
  const place = useRef<HTMLDivElement>(null)
  const text = value[field]
  const set = (next: string) => onChange({ [field]: next })
  // An empty field is told in the list; red from the first moment on would only scold.
  const error =
    text === ''
      ? undefined
      : checks.find((check) => check.field === field && check.level === 'block')?.message
  const hint =
    counts === undefined
      ? undefined
      : t(`fields.${field === 'subject' ? 'subject' : 'preheader'}Count`, {
          count: countCharacters(text),
          shown: counts,
        })
  return (
    <div ref={place} id={fieldId(field)} className="relative min-w-0">
      <TextField
        label={t(`fields.${field}`)}
        value={text}
        onChange={set}
        error={error}
        hint={hint}
        maxLength={maxLength}
        isReadOnly={isReadOnly}
        isOptional={isOptional ?? false}
        {...(isAddress
          ? {
              inputMode: 'email',
              autoComplete: 'off',
              placeholder: t(`fields.${field === 'replyTo' ? 'replyTo' : 'fromEmail'}Placeholder`),
            }
          : {})}
      />
      {!isAddress && !isReadOnly && (
        <div className="absolute -top-1 right-0">
          <InsertVariable
            isCompact
            onInsert={(liquid) => set(inserted(place.current?.querySelector('input') ?? null, text, liquid))}
          />
        </div>
      )}
    </div>
  )
}

const segmenter = new Intl.Segmenter()

/** As people count: an emoji is one, a fallen-out variable about eight. */
export function countCharacters(text: string): number {
  const shown = text.replaceAll(/\{%.*?%\}/g, '').replaceAll(/\{\{.*?\}\}/g, 'x'.repeat(8))
  let count = 0
  for (const _ of segmenter.segment(shown)) count++
  return count
}

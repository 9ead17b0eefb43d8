import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { DateField } from '../ui/DateField.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { TagInput } from '../ui/TagInput.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { SuggestionSource, Term, ValueInput } from './api.ts'
import { useSuggestions } from './api.ts'
import { useBuilder } from './builder-context.ts'
import { CampaignPicker } from './CampaignPicker.tsx'
import { rangeOf } from './draft.ts'
import { OptionsInput } from './OptionsInput.tsx'
import { SegmentPicker } from './SegmentPicker.tsx'

interface ValueEditorProps {
  /** What is asked about: a term, or a property of an event. */
  term: Pick<Term, 'label' | 'options' | 'suggestsFrom'>
  input: Exclude<ValueInput, 'none'>
  value: unknown
  onChange: (value: unknown) => void
}

const TEXT_LENGTH_MAX = 200

/** The value of a condition, by the kind of value that its operator takes. */
export function ValueEditor({ term, input, value, onChange }: ValueEditorProps) {
  const t = useTranslations('segments')
  const { isReadOnly, excludedSegmentId } = useBuilder()
  const label = t('builder.value', { field: term.label })
  const field = { label, isLabelHidden: true, isDisabled: isReadOnly }
  const number = typeof value === 'number' ? value : Number.NaN
  const range = rangeOf(value)
  switch (input) {
    case 'text':
      return (
        <TextField
          {...field}
          className="w-56 max-w-full"
          value={typeof value === 'string' ? value : ''}
          onChange={onChange}
          maxLength={TEXT_LENGTH_MAX}
        />
      )
    case 'number':
      return <NumberField {...field} className="w-40" value={number} onChange={onChange} />
    case 'days':
      return (
        <div className="flex items-center gap-2">
          <NumberField
            {...field}
            className="w-32"
            value={number}
            onChange={onChange}
            minValue={0}
            maxValue={36_500}
          />
          <span className="text-muted">{t('builder.days')}</span>
        </div>
      )
    case 'number_range':
      return (
        <Range to={t('builder.rangeAnd')}>
          <NumberField
            {...field}
            className="w-36"
            value={numberOr(range.from)}
            onChange={(from) => onChange({ ...range, from })}
          />
          <NumberField
            {...field}
            label={t('builder.valueTo', { field: term.label })}
            className="w-36"
            value={numberOr(range.to)}
            onChange={(to) => onChange({ ...range, to })}
          />
        </Range>
      )
    case 'day':
      return (
        <DateField
          {...field}
          className="w-44"
          value={typeof value === 'string' ? value : null}
          onChange={(day) => onChange(day ?? undefined)}
        />
      )
    case 'day_range':
      return (
        <Range to={t('builder.rangeAnd')}>
          <DateField
            {...field}
            className="w-44"
            value={dayOr(range.from)}
            onChange={(from) => onChange({ ...range, from })}
          />
          <DateField
            {...field}
            label={t('builder.valueTo', { field: term.label })}
            className="w-44"
            value={dayOr(range.to)}
            onChange={(to) => onChange({ ...range, to })}
          />
        </Range>
      )
    case 'segments':
      return (
        <SegmentPicker {...field} value={textsOf(value)} onChange={onChange} excludedId={excludedSegmentId} />
      )
    case 'campaigns':
      return <CampaignPicker {...field} value={textsOf(value)} onChange={onChange} />
    case 'texts':
    case 'options':
      return term.options === null ? (
        <FreeTexts term={term} label={label} value={textsOf(value)} onChange={onChange} />
      ) : (
        <OptionsInput {...field} options={term.options} value={textsOf(value)} onChange={onChange} />
      )
  }
}

function Range({ to, children }: { to: string; children: [ReactNode, ReactNode] }) {
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      {children[0]}
      <span className="text-muted">{to}</span>
      {children[1]}
    </div>
  )
}

/** Words of one's own; where contacts already have some, they are offered. */
function FreeTexts({
  term,
  label,
  value,
  onChange,
}: {
  term: ValueEditorProps['term']
  label: string
  value: string[]
  onChange: (value: string[]) => void
}) {
  const { isReadOnly } = useBuilder()
  const suggestions = useSuggestions(term.suggestsFrom as SuggestionSource | null) // the server names its own sources
  return (
    <div className="w-72 max-w-full">
      <TagInput
        label={label}
        isLabelHidden
        value={value}
        onChange={onChange}
        suggestions={suggestions.data ?? []}
        isDisabled={isReadOnly}
      />
    </div>
  )
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : []
const numberOr = (value: string | number | null): number => (typeof value === 'number' ? value : Number.NaN)
const dayOr = (value: string | number | null): string | null => (typeof value === 'string' ? value : null)

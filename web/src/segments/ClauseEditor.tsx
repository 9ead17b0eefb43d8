import { X } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { IconButton } from '../ui/IconButton.tsx'
import { Select } from '../ui/Select.tsx'
import { useBuilder } from './builder-context.ts'
import { inputOf, isGroup, operatorOf, termOf, withOperator, withTerm } from './draft.ts'
import type { DraftClause } from './draft.ts'
import { PartEditor } from './PartEditor.tsx'
import { ValueEditor } from './ValueEditor.tsx'

/** One condition: what it asks about, how, and with what value. */
export function ClauseEditor({ clause }: { clause: DraftClause }) {
  const t = useTranslations('segments')
  const { terms, isReadOnly, changePart } = useBuilder()
  const term = termOf(clause, terms)
  const change = (next: (clause: DraftClause) => DraftClause) =>
    changePart(clause.key, (part) => (isGroup(part) ? part : next(part)))
  const input = inputOf(clause, terms)
  const name = term?.label ?? clause.field ?? clause.kind
  return (
    <div role="group" aria-label={name} className="flex min-w-0 flex-wrap items-start gap-2">
      <Select
        label={t('builder.field')}
        isLabelHidden
        isCompact
        className="max-w-full"
        placeholder={t('builder.fieldGone', { field: name })}
        options={terms.map((option) => ({
          value: idOf(option),
          label: option.label,
          group: t(`groups.${option.group}`),
        }))}
        value={term === undefined ? null : idOf(term)}
        onChange={(id) => {
          const chosen = terms.find((option) => idOf(option) === id)
          if (chosen && chosen !== term) change((part) => withTerm(part, chosen))
        }}
        isDisabled={isReadOnly}
      />
      {term !== undefined && (
        <Select
          label={t('builder.operator', { field: term.label })}
          isLabelHidden
          isCompact
          className="max-w-full"
          options={term.operators.map((operator) => ({ value: operator.name, label: operator.label }))}
          value={clause.operator}
          onChange={(operator) => change((part) => withOperator(part, operator, terms))}
          isDisabled={isReadOnly}
        />
      )}
      {term !== undefined && input !== undefined && input !== 'none' && (
        <ValueEditor
          term={term}
          input={input}
          value={clause.value}
          onChange={(value) => change((part) => ({ ...part, value }))}
        />
      )}
      {operatorOf(clause, terms)?.parts.map((part) => (
        <PartEditor
          key={part}
          name={part}
          clause={clause}
          onChange={(next) => change((one) => ({ ...one, extras: { ...one.extras, [part]: next } }))}
        />
      ))}
      {!isReadOnly && (
        <IconButton
          label={t('builder.removeCondition', { field: name })}
          onPress={() => changePart(clause.key, () => null)}
        >
          <X aria-hidden />
        </IconButton>
      )}
    </div>
  )
}

const idOf = ({ kind, field }: { kind: string; field: string | null }): string => `${kind}:${field ?? ''}`

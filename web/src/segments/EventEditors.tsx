import { Plus, X } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Button } from '../ui/Button.tsx'
import { ComboBox } from '../ui/ComboBox.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Select } from '../ui/Select.tsx'
import type { PropertyType } from './api.ts'
import { useEventProperties } from './api.ts'
import { useBuilder } from './builder-context.ts'
import type { FilterDraft, HappeningDraft } from './parts.ts'
import { ValueEditor } from './ValueEditor.tsx'

const FILTERS_MAX = 10
const TYPES: readonly PropertyType[] = ['text', 'number', 'boolean', 'date', 'list']

/** Conditions on the properties of an event. */
export function FiltersEditor({
  event,
  filters,
  onChange,
}: {
  event: string | null
  filters: readonly FilterDraft[]
  onChange: (filters: FilterDraft[] | undefined) => void
}) {
  const t = useTranslations('segments.parts')
  const { isReadOnly, filterOperators } = useBuilder()
  const add = () =>
    onChange([
      ...filters,
      { property: '', type: 'text', operator: filterOperators.text[0]?.name ?? '', value: null },
    ])
  const replace = (at: number, next: FilterDraft | null) => {
    const left = filters.flatMap((filter, index) => (index !== at ? [filter] : next === null ? [] : [next]))
    onChange(left.length === 0 ? undefined : left)
  }
  return (
    <div className="grid min-w-0 basis-full gap-2">
      {filters.map((filter, index) => (
        // Filters have no identity beyond their place.
        <FilterEditor
          key={`${index}`}
          event={event}
          filter={filter}
          onChange={(next) => replace(index, next)}
        />
      ))}
      {!isReadOnly && filters.length < FILTERS_MAX && (
        <div>
          <Button variant="quiet" size="sm" icon={<Plus aria-hidden />} onPress={add}>
            {t('addFilter')}
          </Button>
        </div>
      )}
    </div>
  )
}

function FilterEditor({
  event,
  filter,
  onChange,
}: {
  event: string | null
  filter: FilterDraft
  onChange: (filter: FilterDraft | null) => void
}) {
  const t = useTranslations('segments.parts')
  const { isReadOnly, filterOperators } = useBuilder()
  const properties = useEventProperties(event).data ?? []
  const known = properties.map(({ name }) => ({ value: name, label: name }))
  const operators = filterOperators[filter.type]
  const input = operators.find(({ name }) => name === filter.operator)?.input
  const withType = (type: PropertyType, property: string): FilterDraft => {
    const first = filterOperators[type][0]
    return {
      property,
      type,
      operator: first?.name ?? '',
      ...(first?.input === 'none' ? {} : { value: null }),
    }
  }
  return (
    <div
      role="group"
      aria-label={t('filter', { property: filter.property })}
      className="flex min-w-0 flex-wrap items-start gap-2 border-l-2 border-line pl-3"
    >
      <ComboBox
        label={t('property')}
        isLabelHidden
        placeholder={t('property')}
        className="w-48 max-w-full"
        options={
          known.some(({ value }) => value === filter.property) || filter.property === ''
            ? known
            : [{ value: filter.property, label: filter.property }, ...known]
        }
        value={filter.property === '' ? null : filter.property}
        isDisabled={isReadOnly}
        onChange={(property) => {
          if (property === null) return
          const type = properties.find(({ name }) => name === property)?.type ?? filter.type
          onChange(type === filter.type ? { ...filter, property } : withType(type, property))
        }}
        onText={(property) => onChange({ ...filter, property })}
      />
      <Select
        label={t('type')}
        isLabelHidden
        isCompact
        options={TYPES.map((type) => ({ value: type, label: t(`types.${type}`) }))}
        value={filter.type}
        onChange={(type) => onChange(withType(type, filter.property))}
        isDisabled={isReadOnly}
      />
      <Select
        label={t('comparison')}
        isLabelHidden
        isCompact
        options={operators.map(({ name, label }) => ({ value: name, label }))}
        value={filter.operator}
        onChange={(operator) => {
          const next = operators.find(({ name }) => name === operator)?.input
          const { value, ...rest } = filter
          const kept = next === input ? value : null
          onChange({ ...rest, operator, ...(next === 'none' ? {} : { value: kept }) })
        }}
        isDisabled={isReadOnly}
      />
      {input !== undefined && input !== 'none' && (
        <ValueEditor
          term={{ label: filter.property, options: null, suggestsFrom: null }}
          input={input}
          value={filter.value}
          onChange={(value) => onChange({ ...filter, value: value ?? null })}
        />
      )}
      {!isReadOnly && (
        <IconButton label={t('removeFilter', { property: filter.property })} onPress={() => onChange(null)}>
          <X aria-hidden />
        </IconButton>
      )}
    </div>
  )
}

/** An event of the dictionary with conditions on its properties. */
export function HappeningEditor({
  label,
  happening,
  onChange,
}: {
  label: string
  happening: HappeningDraft | null
  onChange: (happening: HappeningDraft) => void
}) {
  const { terms, isReadOnly } = useBuilder()
  const events = terms.flatMap((term) =>
    term.kind === 'event' && term.field !== null ? [{ value: term.field, label: term.label }] : [],
  )
  return (
    <div className="grid min-w-0 basis-full gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-muted">{label}</span>
        <ComboBox
          label={label}
          isLabelHidden
          className="w-56 max-w-full"
          options={
            happening === null || events.some(({ value }) => value === happening.event)
              ? events
              : [{ value: happening.event, label: happening.event.replace(/^track:/, '') }, ...events]
          }
          value={happening?.event ?? null}
          isDisabled={isReadOnly}
          onChange={(event) => {
            if (event !== null) onChange({ event })
          }}
        />
      </div>
      {happening !== null && (
        <FiltersEditor
          event={happening.event}
          filters={happening.filters ?? []}
          onChange={(filters) =>
            onChange({ event: happening.event, ...(filters === undefined ? {} : { filters }) })
          }
        />
      )}
    </div>
  )
}

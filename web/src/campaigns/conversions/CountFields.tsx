import { Plus, X } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { Button } from '../../ui/Button.tsx'
import { FieldRow, FieldStack } from '../../ui/Field.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { NumberField } from '../../ui/NumberField.tsx'
import { Select } from '../../ui/Select.tsx'
import { TextField } from '../../ui/TextField.tsx'
import type { Count, Filter } from './api.ts'

const KINDS = ['purchase', 'subscription', 'event', 'click', 'engagement'] as const
/** Done with the message itself: nothing more is asked of them. */
const OF_MESSAGES: readonly Count['kind'][] = ['click', 'engagement']
const OPERATORS = ['equals', 'not_equals', 'contains', 'at_least', 'at_most', 'exists'] as const
const FILTERS_MAX = 10

/** One kind of event that counts: which, with which properties, for how much when it names no amount. */
export function CountFields({
  no,
  value,
  currency,
  onChange,
  onRemove,
  isReadOnly,
}: {
  no: number
  value: Count
  currency: string
  onChange: (count: Count) => void
  /** Null for the only one. */
  onRemove: (() => void) | null
  isReadOnly: boolean
}) {
  const t = useTranslations('campaigns.conversions')
  const set = (edit: Partial<Count>): void => onChange({ ...value, ...edit })
  const { filters } = value
  return (
    <FieldStack>
      <div className="flex items-start gap-2">
        <div className="min-w-0 grow">
          <FieldRow>
            <Select
              label={t('kind', { no })}
              options={KINDS.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
              value={value.kind}
              onChange={(kind) => set(OF_MESSAGES.includes(kind) ? { kind, filters: [] } : { kind })}
              {...(OF_MESSAGES.includes(value.kind) ? { hint: t('ofMessages') } : {})}
              isDisabled={isReadOnly}
            />
            {value.kind === 'event' ? (
              <TextField
                label={t('event')}
                placeholder="Signed Up"
                value={value.event}
                onChange={(event) => set({ event })}
                isReadOnly={isReadOnly}
                maxLength={200}
              />
            ) : (
              <Worth value={value} currency={currency} set={set} isReadOnly={isReadOnly} />
            )}
          </FieldRow>
        </div>
        {onRemove !== null && !isReadOnly && (
          <span className="pt-7">
            <IconButton label={t('remove', { no })} onPress={onRemove}>
              <X aria-hidden />
            </IconButton>
          </span>
        )}
      </div>
      {value.kind === 'event' && (
        <FieldRow>
          <Worth value={value} currency={currency} set={set} isReadOnly={isReadOnly} />
        </FieldRow>
      )}
      {filters.map((filter, index) => (
        <FilterFields
          key={index}
          value={filter}
          onChange={(next) => set({ filters: filters.map((old, at) => (at === index ? next : old)) })}
          onRemove={() => set({ filters: filters.filter((_old, at) => at !== index) })}
          isReadOnly={isReadOnly}
        />
      ))}
      {!isReadOnly && !OF_MESSAGES.includes(value.kind) && filters.length < FILTERS_MAX && (
        <div>
          <Button
            size="sm"
            variant="quiet"
            icon={<Plus aria-hidden />}
            onPress={() => set({ filters: [...filters, { property: '', operator: 'equals', value: '' }] })}
          >
            {t('addFilter')}
          </Button>
        </div>
      )}
    </FieldStack>
  )
}

function Worth({
  value,
  currency,
  set,
  isReadOnly,
}: {
  value: Count
  currency: string
  set: (edit: Partial<Count>) => void
  isReadOnly: boolean
}) {
  const t = useTranslations('campaigns.conversions')
  return (
    <NumberField
      label={t('worth')}
      hint={t('worthHint')}
      isOptional
      value={value.value ?? Number.NaN}
      minValue={0}
      formatOptions={{ style: 'currency', currency }}
      isDisabled={isReadOnly}
      onChange={(worth) => set({ value: Number.isNaN(worth) ? null : worth })}
    />
  )
}

function FilterFields({
  value,
  onChange,
  onRemove,
  isReadOnly,
}: {
  value: Filter
  onChange: (filter: Filter) => void
  onRemove: () => void
  isReadOnly: boolean
}) {
  const t = useTranslations('campaigns.conversions')
  return (
    <div className="grid grid-cols-[1fr_auto] items-start gap-2 sm:grid-cols-[1fr_1fr_1fr_auto]">
      <TextField
        label={t('property')}
        className="col-span-2 sm:col-span-1"
        value={value.property}
        onChange={(property) => onChange({ ...value, property })}
        isReadOnly={isReadOnly}
        maxLength={200}
      />
      <Select
        label={t('operator')}
        className="col-span-2 sm:col-span-1"
        options={OPERATORS.map((operator) => ({ value: operator, label: t(`operators.${operator}`) }))}
        value={value.operator}
        onChange={(operator) => onChange({ ...value, operator })}
        isDisabled={isReadOnly}
      />
      {value.operator === 'exists' ? (
        <span />
      ) : (
        <TextField
          label={t('value')}
          value={String(value.value)}
          onChange={(next) => onChange({ ...value, value: next })}
          isReadOnly={isReadOnly}
          maxLength={500}
        />
      )}
      {isReadOnly ? (
        <span />
      ) : (
        <span className="pt-7">
          <IconButton label={t('removeFilter')} onPress={onRemove}>
            <X aria-hidden />
          </IconButton>
        </span>
      )}
    </div>
  )
}

import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Section } from '../../ui/Card.tsx'
import type { Option } from '../../ui/Option.tsx'
import { Select } from '../../ui/Select.tsx'
import { Badge } from '../../ui/StatusBadge.tsx'
import { useFields } from '../api.ts'
import type { CustomField } from '../api.ts'
import { FieldDialog } from '../FieldDialog.tsx'
import { standardFields } from '../person.ts'
import type { ColumnMapping, ContactImport, FoundColumn, Target } from './api.ts'

const consentTargets = ['consent.email', 'consent.sms', 'consent.at', 'consent.source'] as const
const newField = 'new'

/** Each column of the file with a few of its values, and the field that it goes to. */
export function ColumnTable({
  found,
  columns,
  issues,
  onChange,
}: {
  found: ContactImport
  columns: readonly ColumnMapping[]
  issues: Readonly<Record<string, string>>
  onChange: (columns: ColumnMapping[]) => void
}) {
  const t = useTranslations('contacts.imports.columns')
  const fields = useFields().data ?? []
  const [making, setMaking] = useState<number | null>(null)
  const put = (index: number, change: Partial<ColumnMapping>) =>
    onChange(columns.map((column, at) => (at === index ? { ...column, ...change } : column)))
  const used = new Set(columns.map(({ target }) => target))
  const made = making === null ? undefined : found.columns[making]
  return (
    <Section
      title={t('title')}
      note={t('about', {
        count: columns.filter(({ target }) => target !== 'ignore').length,
        total: columns.length,
      })}
      isFlush
    >
      <ul>
        {found.columns.map((column, index) => {
          const mapping = columns[index]
          return (
            mapping && (
              <li
                key={`${index}:${column.name}`}
                className="grid grid-cols-1 gap-x-4 gap-y-2 border-t border-line px-5 py-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]"
              >
                <ColumnText column={column} />
                <ColumnChoice
                  column={column}
                  mapping={mapping}
                  fields={fields}
                  used={used}
                  error={issues[`columns.${index}.target`]}
                  onChange={(change) => put(index, change)}
                  onNewField={() => setMaking(index)}
                />
              </li>
            )
          )
        })}
      </ul>
      {made && making !== null && (
        <FieldDialog
          field={null}
          suggested={{ name: made.name, type: made.typeSuggested }}
          onClose={() => setMaking(null)}
          onAdded={({ key }) => put(making, { target: `custom:${key}` })}
        />
      )}
    </Section>
  )
}

function ColumnText({ column }: { column: FoundColumn }) {
  const t = useTranslations('contacts.imports.columns')
  return (
    <div className="min-w-0">
      <p className="flex flex-wrap items-center gap-2 font-medium break-words">
        {column.name}
        {column.because === 'values' && <Badge tone="blue">{t('byValues')}</Badge>}
      </p>
      <p className="line-clamp-2 text-sm break-words text-muted">
        {column.examples.length === 0 ? t('noValues') : column.examples.join(' · ')}
      </p>
    </div>
  )
}

function ColumnChoice({
  column,
  mapping,
  fields,
  used,
  error,
  onChange,
  onNewField,
}: {
  column: FoundColumn
  mapping: ColumnMapping
  fields: readonly CustomField[]
  used: ReadonlySet<Target>
  error: string | undefined
  onChange: (change: Partial<ColumnMapping>) => void
  onNewField: () => void
}) {
  const t = useTranslations('contacts.imports.columns')
  const options = useTargets(fields, used, mapping.target)
  const field = fields.find(({ key }) => mapping.target === `custom:${key}`)
  const isDate = mapping.target === 'birthday' || mapping.target === 'consent.at' || field?.type === 'date'
  const isNumber = field?.type === 'number'
  return (
    <div className="flex min-w-0 flex-wrap items-start gap-2">
      <Select
        label={t('target', { column: column.name })}
        isLabelHidden
        className="min-w-44 flex-1"
        options={options}
        value={mapping.target}
        error={error}
        onChange={(target) => (target === newField ? onNewField() : onChange({ target: target as Target }))} // the options are targets
      />
      {isDate && (
        <Select
          label={t('dateOrder')}
          isLabelHidden
          isCompact
          options={(['dmy', 'mdy'] as const).map((value) => ({ value, label: t(`dateOrders.${value}`) }))}
          value={mapping.dateOrder}
          {...(column.isDateOrderProven ? {} : { hint: t('lookAtDates') })}
          onChange={(dateOrder) => onChange({ dateOrder })}
        />
      )}
      {isNumber && (
        <Select
          label={t('decimalSign')}
          isLabelHidden
          isCompact
          options={(['comma', 'point'] as const).map((value) => ({
            value,
            label: t(`decimalSigns.${value}`),
          }))}
          value={mapping.decimalSign}
          onChange={(decimalSign) => onChange({ decimalSign })}
        />
      )}
    </div>
  )
}

/** Where a column may go; what another column has taken is left out. */
function useTargets(fields: readonly CustomField[], used: ReadonlySet<Target>, own: Target): Option[] {
  const t = useTranslations('contacts')
  const groups = {
    standard: t('details'),
    custom: t('fieldsPage.title'),
    consent: t('imports.columns.consent'),
  }
  const isFree = (target: Target) => target === own || !used.has(target)
  return [
    { value: 'ignore', label: t('imports.columns.ignore') },
    ...(['fullName', ...standardFields, 'tags'] as const).filter(isFree).map((value) => ({
      value,
      label: value === 'fullName' ? t('imports.columns.fullName') : t(`fields.${value}`),
      group: groups.standard,
    })),
    ...fields
      .filter(({ key }) => isFree(`custom:${key}`))
      .map(({ key, name }) => ({ value: `custom:${key}`, label: name, group: groups.custom })),
    {
      value: newField,
      label: t('imports.columns.newField'),
      icon: <Plus aria-hidden />,
      group: groups.custom,
    },
    ...consentTargets
      .filter(isFree)
      .map((value) => ({ value, label: t(`imports.columns.targets.${value}`), group: groups.consent })),
  ]
}

import { useTranslations } from 'use-intl'
import { NumberField } from '../ui/NumberField.tsx'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { ClausePart } from './api.ts'
import { useBuilder } from './builder-context.ts'
import type { DraftClause } from './draft.ts'
import { FiltersEditor, HappeningEditor } from './EventEditors.tsx'
import { countOf, filtersOf, happeningOf, spanOf } from './parts.ts'
import type { SpanDraft } from './parts.ts'
import { WindowEditor } from './WindowEditor.tsx'

const CHANNELS = ['email', 'sms', 'whatsapp', 'in_app'] as const
const PURPOSES = ['marketing', 'transactional', 'tracking_open', 'tracking_click'] as const
const COUNTS = ['at_least', 'at_most', 'exactly'] as const
const SEED_LENGTH_MAX = 60
const ANY = 'any'

interface PartEditorProps {
  name: ClausePart
  clause: DraftClause
  onChange: (part: unknown) => void
}

/** One further property of a condition. */
export function PartEditor({ name, clause, onChange }: PartEditorProps) {
  const t = useTranslations('segments.parts')
  const { isReadOnly } = useBuilder()
  const part = clause.extras[name]
  const plain = { isLabelHidden: true, isDisabled: isReadOnly, isCompact: true }
  switch (name) {
    case 'count':
      return <CountEditor part={part} onChange={onChange} />
    case 'window':
      return <WindowEditor window={part} onChange={onChange} />
    case 'filters':
      return <FiltersEditor event={clause.field} filters={filtersOf(part)} onChange={onChange} />
    case 'first':
    case 'next':
      return <HappeningEditor label={t(name)} happening={happeningOf(part)} onChange={onChange} />
    case 'within':
      return (
        <SpanEditor
          span={spanOf({ last: part }) ?? { count: Number.NaN, unit: 'hours' }}
          onChange={onChange}
        />
      )
    case 'channel':
      return (
        <Select
          {...plain}
          label={t('channel')}
          options={[
            { value: ANY, label: t('anyChannel') },
            ...CHANNELS.map((channel) => ({ value: channel, label: t(`channels.${channel}`) })),
          ]}
          value={typeof part === 'string' ? part : ANY}
          onChange={(channel) => onChange(channel === ANY ? undefined : channel)}
        />
      )
    case 'purpose':
      return (
        <Select
          {...plain}
          label={t('purpose')}
          options={PURPOSES.map((purpose) => ({ value: purpose, label: t(`purposes.${purpose}`) }))}
          value={typeof part === 'string' ? part : 'marketing'}
          onChange={(purpose) => onChange(purpose === 'marketing' ? undefined : purpose)}
        />
      )
    case 'seed':
      return (
        <TextField
          label={t('seed')}
          hint={t('seedHint')}
          className="w-56 max-w-full"
          value={typeof part === 'string' ? part : ''}
          onChange={(seed) => onChange(seed === '' ? undefined : seed)}
          maxLength={SEED_LENGTH_MAX}
          isDisabled={isReadOnly}
        />
      )
  }
}

function CountEditor({ part, onChange }: { part: unknown; onChange: (part: unknown) => void }) {
  const t = useTranslations('segments.parts')
  const { isReadOnly } = useBuilder()
  const count = countOf(part)
  return (
    <div className="flex items-center gap-2">
      <Select
        label={t('count')}
        isLabelHidden
        isCompact
        options={[
          { value: ANY, label: t('counts.once') },
          ...COUNTS.map((how) => ({ value: how, label: t(`counts.${how}`) })),
        ]}
        value={count?.how ?? ANY}
        onChange={(how) => onChange(how === ANY ? undefined : { [how]: count?.times ?? 2 })}
        isDisabled={isReadOnly}
      />
      {count !== null && (
        <>
          <NumberField
            label={t('times')}
            isLabelHidden
            className="w-24"
            minValue={0}
            value={count.times}
            onChange={(times) => onChange({ [count.how]: Number.isNaN(times) ? 0 : times })}
            isDisabled={isReadOnly}
          />
          <span className="text-muted">{t('times')}</span>
        </>
      )}
    </div>
  )
}

function SpanEditor({ span, onChange }: { span: SpanDraft; onChange: (span: SpanDraft) => void }) {
  const t = useTranslations('segments.parts')
  const { isReadOnly } = useBuilder()
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span className="text-muted">{t('within')}</span>
      <NumberField
        label={t('within')}
        isLabelHidden
        className="w-24"
        minValue={1}
        value={span.count}
        onChange={(count) => onChange({ ...span, count })}
        isDisabled={isReadOnly}
      />
      <Select
        label={t('unit')}
        isLabelHidden
        isCompact
        options={(['hours', 'days'] as const).map((unit) => ({ value: unit, label: t(`units.${unit}`) }))}
        value={span.unit}
        onChange={(unit) => onChange({ ...span, unit })}
        isDisabled={isReadOnly}
      />
    </div>
  )
}

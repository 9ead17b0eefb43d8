import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { HappeningPicker } from '../../segments/HappeningPicker.tsx'
import { isHappeningWhole } from '../../segments/parts.ts'
import type { HappeningDraft } from '../../segments/parts.ts'
import { SegmentPicker } from '../../segments/SegmentPicker.tsx'
import { Section } from '../../ui/Card.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { NumberField } from '../../ui/NumberField.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { Select } from '../../ui/Select.tsx'
import type { Campaign } from '../api.ts'
import type { Draft } from '../use-draft.ts'
import type { TriggerInput } from './api.ts'
import { TriggerTrial } from './TriggerTrial.tsx'

const UNITS = ['minutes', 'hours', 'days'] as const
const LIMITS = ['1h', '24h', '7d', '30d', 'ever'] as const
const DELAY_MAX = { minutes: 43_200, hours: 720, days: 30 } as const

/** A trigger as it is written: saved as soon as it is whole. */
interface Written {
  kind: 'event' | 'segment'
  happening: HappeningDraft | null
  segmentId: string | null
  count: number
  unit: (typeof UNITS)[number]
  limit: (typeof LIMITS)[number]
}

/** What sets the campaign off, how much later it leaves, how often one person may; and what that would have meant lately. */
export function TriggerSection({
  campaign,
  draft: { plan, change },
  errors,
  isReadOnly,
}: {
  campaign: Campaign
  draft: Pick<Draft, 'plan' | 'change'>
  errors: Readonly<Record<string, string>>
  isReadOnly: boolean
}) {
  const t = useTranslations('campaigns.trigger')
  const [written, setWritten] = useState(() => toWritten(campaign.trigger))
  const write = (edit: Partial<Written>) => {
    const next = { ...written, ...edit }
    setWritten(next)
    const trigger = toTrigger(next)
    if (trigger !== null) change({ trigger })
  }
  const trigger = toTrigger(written)
  return (
    <Section title={t('title')} note={t('note')}>
      <FieldStack>
        <Segmented
          label={t('source')}
          options={(['event', 'segment'] as const).map((kind) => ({
            value: kind,
            label: t(`sources.${kind}`),
          }))}
          value={written.kind}
          onChange={(kind) => write({ kind })}
          isDisabled={isReadOnly}
        />
        {written.kind === 'event' ? (
          <HappeningPicker
            label={t('event')}
            value={written.happening}
            onChange={(happening) => write({ happening })}
            isReadOnly={isReadOnly}
          />
        ) : (
          <SegmentPicker
            label={t('segment')}
            value={written.segmentId === null ? [] : [written.segmentId]}
            // One at a time: the last chosen takes the place of the one before.
            onChange={(ids) => write({ segmentId: ids.at(-1) ?? null })}
            isDisabled={isReadOnly}
          />
        )}
        <fieldset className="grid min-w-0 gap-1.5">
          <legend className="mb-1.5 font-medium">{t('delay')}</legend>
          <div className="flex flex-wrap items-start gap-2">
            <NumberField
              label={t('delayCount')}
              isLabelHidden
              className="w-28"
              value={written.count}
              onChange={(count) => write({ count: Number.isNaN(count) ? 0 : count })}
              minValue={0}
              maxValue={DELAY_MAX[written.unit]}
              isDisabled={isReadOnly}
            />
            <Select
              label={t('delayUnit')}
              isLabelHidden
              options={UNITS.map((unit) => ({ value: unit, label: t(`units.${unit}`) }))}
              value={written.unit}
              onChange={(unit) => write({ unit, count: Math.min(written.count, DELAY_MAX[unit]) })}
              isDisabled={isReadOnly}
            />
          </div>
          <p className="text-sm text-muted">{written.count === 0 ? t('atOnce') : t('delayHint')}</p>
        </fieldset>
        <Select
          label={t('limit')}
          hint={t('limitHint')}
          error={errors['trigger.limit']}
          options={LIMITS.map((limit) => ({ value: limit, label: t(`limits.${limit}`) }))}
          value={written.limit}
          onChange={(limit) => write({ limit })}
          isDisabled={isReadOnly}
        />
        <TriggerTrial trigger={trigger} audience={plan.audience} />
      </FieldStack>
    </Section>
  )
}

function toWritten(trigger: Campaign['trigger']): Written {
  const { source, delay, limit } = trigger ?? {}
  return {
    kind: source?.kind ?? 'event',
    happening:
      source?.kind === 'event'
        ? { event: source.event, ...(source.filters ? { filters: source.filters } : {}) }
        : null,
    segmentId: source?.kind === 'segment' ? source.segmentId : null,
    count: delay?.count ?? 0,
    unit: delay?.unit ?? 'minutes',
    limit: limit ?? '24h',
  }
}

/** Null while something is missing. */
function toTrigger({ kind, happening, segmentId, count, unit, limit }: Written): TriggerInput | null {
  const rest = { delay: { count, unit }, limit }
  if (kind === 'segment') return segmentId === null ? null : { source: { kind, segmentId }, ...rest }
  if (happening === null || !isHappeningWhole(happening)) return null
  // A filter that is whole has the value that its comparison wants.
  const source = { kind, ...happening } as Extract<TriggerInput['source'], { kind: 'event' }>
  return { source, ...rest }
}

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { PersonFinder } from '../segments/PersonFinder.tsx'
import { Section } from '../ui/Card.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { FieldRow, FieldStack } from '../ui/Field.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { Select } from '../ui/Select.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Switch } from '../ui/Switch.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { Campaign } from './api.ts'
import { useWhen } from './api.ts'
import type { Draft } from './use-draft.ts'

type Timing = Campaign['timing']
const USUAL_WINDOW = { from: '09:00', to: '20:00' }
const CONFLICTS = ['hold', 'earlier', 'drop'] as const
const PRIORITIES = ['high', 'normal', 'low'] as const
/** Where a campaign says nothing, the organization's word holds. */
const AS_OURS = 'ours'

const orNull = (n: number): number | null => (Number.isNaN(n) ? null : n)

/** The hours and the pace that a campaign keeps of its own, and when that would leave for somebody. Source: CS-010, FR-007 */
export function TimingSection({
  campaign,
  draft,
  errors,
  isReadOnly,
}: {
  campaign: Campaign
  draft: Draft
  errors: Readonly<Record<string, string>>
  isReadOnly: boolean
}) {
  const t = useTranslations('campaigns.timing')
  const { timing } = draft.plan
  const set = (part: Partial<Timing>) => draft.change({ timing: { ...timing, ...part } })
  return (
    <Section title={t('title')} note={t('note')}>
      <FieldStack>
        <WindowFields timing={timing} set={set} errors={errors} isReadOnly={isReadOnly} />
        <DaysFields timing={timing} set={set} isReadOnly={isReadOnly} />
        <FieldRow>
          <Select
            label={t('conflict')}
            hint={t('conflictHint')}
            options={([AS_OURS, ...CONFLICTS] as const).map((value) => ({
              value,
              label: t(`conflicts.${value}`),
            }))}
            value={timing.conflict ?? AS_OURS}
            onChange={(choice) => set({ conflict: choice === AS_OURS ? null : choice })}
            isDisabled={isReadOnly}
          />
          <NumberField
            label={t('useful')}
            isOptional
            hint={t('usefulHint')}
            value={timing.usefulHours ?? Number.NaN}
            onChange={(n) => set({ usefulHours: orNull(n) })}
            minValue={1}
            maxValue={24 * 60}
            formatOptions={{ style: 'unit', unit: 'hour', unitDisplay: 'long' }}
            error={errors['timing.usefulHours']}
            isDisabled={isReadOnly}
          />
        </FieldRow>
        <FieldRow>
          <Select
            label={t('priority')}
            hint={t('priorityHint')}
            options={PRIORITIES.map((value) => ({ value, label: t(`priorities.${value}`) }))}
            value={timing.priority}
            onChange={(priority) => set({ priority })}
            isDisabled={isReadOnly}
          />
        </FieldRow>
        <FieldRow>
          <NumberField
            label={t('perMinute')}
            isOptional
            placeholder={t('noLimit')}
            value={timing.perMinute ?? Number.NaN}
            onChange={(n) => set({ perMinute: orNull(n) })}
            minValue={1}
            error={errors['timing.perMinute']}
            isDisabled={isReadOnly}
          />
          <NumberField
            label={t('perHour')}
            isOptional
            placeholder={t('noLimit')}
            value={timing.perHour ?? Number.NaN}
            onChange={(n) => set({ perHour: orNull(n) })}
            minValue={1}
            error={errors['timing.perHour']}
            isDisabled={isReadOnly}
          />
        </FieldRow>
        <WhenPreview campaign={campaign} isSaved={draft.state === 'saved'} />
      </FieldStack>
    </Section>
  )
}

interface FieldsProps {
  timing: Timing
  set: (part: Partial<Timing>) => void
  errors: Readonly<Record<string, string>>
  isReadOnly: boolean
}

/** Days on which it does not leave. */
function DaysFields({ timing, set, isReadOnly }: Omit<FieldsProps, 'errors'>) {
  const t = useTranslations('campaigns.timing')
  return (
    <FieldRow>
      {(
        [
          ['weekends', 'weekendChoices', 'skipsWeekends'],
          ['holidays', 'holidayChoices', 'skipsHolidays'],
        ] as const
      ).map(([label, choices, field]) => (
        <Select
          key={field}
          label={t(label)}
          options={([AS_OURS, 'skips', 'leaves'] as const).map((value) => ({
            value,
            label: t(`${choices}.${value}`),
          }))}
          value={timing[field] === null ? AS_OURS : timing[field] ? 'skips' : 'leaves'}
          onChange={(choice) => set({ [field]: choice === AS_OURS ? null : choice === 'skips' })}
          isDisabled={isReadOnly}
        />
      ))}
    </FieldRow>
  )
}

function WindowFields({ timing: { window }, set, errors, isReadOnly }: FieldsProps) {
  const t = useTranslations('campaigns.timing')
  return (
    <>
      <Switch
        isSelected={window !== null}
        onChange={(isOn) => set({ window: isOn ? USUAL_WINDOW : null })}
        isDisabled={isReadOnly}
        note={t('windowNote')}
      >
        {t('window')}
      </Switch>
      {window !== null && (
        <FieldRow>
          <TextField
            label={t('from')}
            type="time"
            value={window.from}
            // While a time is being typed the field is empty for a moment: that is no wish.
            onChange={(from) => from !== '' && set({ window: { ...window, from } })}
            error={errors['timing.window.from'] ?? errors['timing.window']}
            isReadOnly={isReadOnly}
          />
          <TextField
            label={t('to')}
            type="time"
            value={window.to}
            onChange={(to) => to !== '' && set({ window: { ...window, to } })}
            error={errors['timing.window.to']}
            isReadOnly={isReadOnly}
          />
        </FieldRow>
      )}
    </>
  )
}

/** When the message would leave for somebody, channel by channel, in words; asked of what is saved. */
function WhenPreview({ campaign, isSaved }: { campaign: Campaign; isSaved: boolean }) {
  const t = useTranslations('campaigns')
  const [person, setPerson] = useState<{ id: string; name: string } | null>(null)
  return (
    <div className="grid gap-2 border-t border-line pt-4">
      <PersonFinder label={t('timing.when')} placeholder={t('timing.whenPerson')} onChoose={setPerson} />
      {person !== null && (
        <ul aria-live="polite" className="grid gap-1.5">
          {campaign.channels.map((channel) => (
            <li key={channel} className="grid">
              <span className="text-sm font-medium">
                {person.name} · {t(`channels.names.${channel}`)}
              </span>
              <WhenSentence campaign={campaign} channel={channel} contactId={person.id} isSaved={isSaved} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function WhenSentence({
  campaign,
  channel,
  contactId,
  isSaved,
}: {
  campaign: Campaign
  channel: Campaign['channels'][number]
  contactId: string
  isSaved: boolean
}) {
  const t = useTranslations('campaigns.timing')
  const query = useWhen(campaign, channel, contactId)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton lines={1} />
  return <span className="text-muted">{isSaved ? query.data.sentence : t('saving')}</span>
}

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Banner } from '../ui/Banner.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Segmented } from '../ui/Segmented.tsx'
import { Switch } from '../ui/Switch.tsx'
import type { Audience, Rule } from './api.ts'
import { usePreview } from './api.ts'
import { AudienceText } from './AudienceText.tsx'
import { PeopleLinks } from './PeopleLinks.tsx'
import { RuleBuilder } from './RuleBuilder.tsx'
import { SegmentPicker } from './SegmentPicker.tsx'
import { SizeText } from './SizeText.tsx'
import { useSettled } from '../platform/use-settled.ts'

/** Properties of the choice of an audience. */
export interface AudiencePickerProps {
  value: Audience
  /** Called with each complete audience; while a condition is being written the last complete one stands. */
  onChange: (audience: Audience) => void
  isReadOnly?: boolean
}

const EVERYONE: Rule = { all: [] }
const COUNT_AFTER_MS = 250

const isEveryone = (rule: Rule | null | undefined): boolean =>
  rule !== null && rule !== undefined && 'all' in rule && rule.all.length === 0

/** Whom a campaign is for: segments and conditions, included and left out, with the live number of people. */
export function AudiencePicker({ value, onChange, isReadOnly = false }: AudiencePickerProps) {
  if (isReadOnly) return <AudienceText audience={value} />
  return (
    <div className="grid grid-cols-1 gap-5">
      <Included value={value} onChange={onChange} />
      <Excluded value={value} onChange={onChange} />
      <AudienceSize audience={value} />
    </div>
  )
}

function Included({ value, onChange }: Pick<AudiencePickerProps, 'value' | 'onChange'>) {
  const t = useTranslations('segments')
  const include = value.include ?? {}
  const ids = include.segmentIds ?? []
  const everyone = ids.length === 0 && isEveryone(include.rule)
  const change = (part: Partial<typeof include>) => onChange({ ...value, include: { ...include, ...part } })
  return (
    <fieldset className="grid min-w-0 grid-cols-1 gap-3">
      <legend className="mb-2 font-semibold">{t('audience.include')}</legend>
      <Segmented
        label={t('audience.include')}
        options={[
          { value: 'chosen', label: t('audience.chosen') },
          { value: 'everyone', label: t('audience.everyone') },
        ]}
        value={everyone ? 'everyone' : 'chosen'}
        onChange={(who) => change(who === 'everyone' ? { segmentIds: [], rule: EVERYONE } : { rule: null })}
      />
      {!everyone && (
        <>
          <SegmentPicker
            label={t('audience.segments')}
            value={ids}
            onChange={(segmentIds) => change({ segmentIds })}
          />
          {ids.length > 1 && (
            <Segmented
              label={t('audience.match')}
              options={(['any', 'all'] as const).map((match) => ({
                value: match,
                label: t(`audience.matches.${match}`),
              }))}
              value={include.match ?? 'any'}
              onChange={(match) => change({ match })}
            />
          )}
          <Conditions
            label={t('audience.conditions')}
            rule={include.rule ?? null}
            onChange={(rule) => change({ rule })}
          />
        </>
      )}
    </fieldset>
  )
}

function Excluded({ value, onChange }: Pick<AudiencePickerProps, 'value' | 'onChange'>) {
  const t = useTranslations('segments')
  const exclude = value.exclude ?? {}
  const change = (part: Partial<typeof exclude>) => onChange({ ...value, exclude: { ...exclude, ...part } })
  return (
    <fieldset className="grid min-w-0 grid-cols-1 gap-3">
      <legend className="mb-2 font-semibold">{t('audience.exclude')}</legend>
      <SegmentPicker
        label={t('audience.excludeSegments')}
        value={exclude.segmentIds ?? []}
        onChange={(segmentIds) => change({ segmentIds })}
      />
      <Conditions
        label={t('audience.excludeConditions')}
        rule={exclude.rule ?? null}
        onChange={(rule) => change({ rule })}
      />
    </fieldset>
  )
}

/** Conditions that may be there or not; a builder without any conditions says nothing here. */
function Conditions({
  label,
  rule,
  onChange,
}: {
  label: string
  rule: Rule | null
  onChange: (rule: Rule | null) => void
}) {
  const [isOpen, setIsOpen] = useState(rule !== null)
  return (
    <div className="grid min-w-0 grid-cols-1 gap-2">
      <Switch
        isSelected={isOpen}
        onChange={(open) => {
          setIsOpen(open)
          if (!open) onChange(null)
        }}
      >
        {label}
      </Switch>
      {isOpen && (
        <RuleBuilder
          initial={rule ?? EVERYONE}
          onChange={(next) => {
            if (next !== null) onChange(isEveryone(next) ? null : next)
          }}
        />
      )}
    </div>
  )
}

function AudienceSize({ audience }: { audience: Audience }) {
  const t = useTranslations('segments')
  const preview = usePreview({ audience: useSettled(audience, COUNT_AFTER_MS) })
  const isChosen =
    (audience.include?.segmentIds ?? []).length > 0 || (audience.include?.rule ?? null) !== null
  if (!isChosen) return <Banner tone="info">{t('audience.none')}</Banner>
  if (preview.error !== null) return <ErrorState error={preview.error} />
  if (preview.data === undefined) return null
  return (
    <div className="grid grid-cols-1 gap-3 rounded-xl border border-line p-4 md:grid-cols-2">
      <div>
        <h3 className="text-muted">{t('audience.size')}</h3>
        <SizeText size={preview.data.size} isStale={preview.isStale} isCounting={preview.isCounting} />
        <p className="mt-2">{preview.data.sentence}</p>
      </div>
      <div className="min-w-0">
        <h3 className="mb-1 text-muted">{t('preview.people')}</h3>
        <PeopleLinks people={preview.data.people.slice(0, 5)} />
      </div>
    </div>
  )
}

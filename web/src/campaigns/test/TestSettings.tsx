import { useTranslations } from 'use-intl'
import { NumberField } from '../../ui/NumberField.tsx'
import { Select } from '../../ui/Select.tsx'
import { Switch } from '../../ui/Switch.tsx'
import type { Written } from './use-test-draft.ts'

const METRICS = ['click', 'open', 'conversion', 'revenue'] as const
const CONFIDENCES = ['90', '95', '99'] as const
const FALLBACKS = ['leader', 'control', 'none'] as const

/** The rule of a test. */
export function TestSettings({
  test: { settings },
  isContinuous,
  isReadOnly,
  onChange,
}: {
  test: Pick<Written, 'settings'>
  /** People come one by one: everybody takes part, and there is no planned end. */
  isContinuous: boolean
  isReadOnly: boolean
  onChange: (settings: Written['settings']) => void
}) {
  const t = useTranslations('campaigns.test')
  const set = (changes: Partial<Written['settings']>) =>
    onChange({
      ...settings,
      ...changes,
      // What was written for a planned campaign goes with the first change.
      ...(isContinuous ? { testPercent: 100, horizonMinutes: null } : {}),
    })
  return (
    <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
      <Select
        label={t('settings.metric')}
        hint={settings.metric === 'open' ? t('settings.openNote') : undefined}
        options={METRICS.map((value) => ({ value, label: t(`metrics.${value}`) }))}
        value={settings.metric}
        onChange={(metric) => set({ metric })}
        isDisabled={isReadOnly}
      />
      <Select
        label={t('settings.confidence')}
        options={CONFIDENCES.map((value) => ({ value, label: `${value} %` }))}
        value={CONFIDENCES.find((value) => Number(value) === settings.confidence) ?? '95'}
        onChange={(value) => set({ confidence: value === '90' ? 90 : value === '99' ? 99 : 95 })}
        isDisabled={isReadOnly}
      />
      {!isContinuous && (
        <NumberField
          label={t('settings.testPercent')}
          hint={t('settings.testNote')}
          value={settings.testPercent / 100}
          minValue={0.01}
          maxValue={1}
          formatOptions={{ style: 'percent' }}
          isDisabled={isReadOnly}
          onChange={(share) => set({ testPercent: Math.round(share * 100) })}
        />
      )}
      <NumberField
        label={t('settings.holdout')}
        hint={t('settings.holdoutNote')}
        value={settings.holdoutPercent / 100}
        minValue={0}
        maxValue={0.2}
        formatOptions={{ style: 'percent' }}
        isDisabled={isReadOnly}
        onChange={(share) => set({ holdoutPercent: Math.round(share * 100) })}
      />
      <NumberField
        label={t('settings.minSample')}
        value={settings.minSample}
        minValue={100}
        maxValue={1_000_000}
        isDisabled={isReadOnly}
        onChange={(minSample) => set({ minSample })}
      />
      <Hours
        label={t('settings.minRuntime')}
        hint={t('settings.usual')}
        minutes={settings.minRuntimeMinutes}
        isDisabled={isReadOnly}
        onChange={(minRuntimeMinutes) => set({ minRuntimeMinutes })}
      />
      {!isContinuous && (
        <>
          <Hours
            label={t('settings.horizon')}
            hint={t('settings.usual')}
            minutes={settings.horizonMinutes}
            isDisabled={isReadOnly}
            onChange={(horizonMinutes) => set({ horizonMinutes })}
          />
          <Select
            label={t('settings.fallback')}
            options={FALLBACKS.map((value) => ({ value, label: t(`settings.fallbacks.${value}`) }))}
            value={settings.fallback}
            onChange={(fallback) => set({ fallback })}
            isDisabled={isReadOnly}
          />
        </>
      )}
      {isContinuous && (
        <div className="sm:col-span-2">
          <Switch
            isSelected={settings.allocation === 'thompson'}
            isDisabled={isReadOnly}
            onChange={(isOn) => set({ allocation: isOn ? 'thompson' : 'even' })}
            note={t('settings.adaptiveNote')}
          >
            {t('settings.adaptive')}
          </Switch>
        </div>
      )}
      <div className="sm:col-span-2">
        <Switch
          isSelected={settings.autoApply}
          isDisabled={isReadOnly}
          onChange={(autoApply) => set({ autoApply })}
          note={t('settings.autoNote')}
        >
          {t('settings.auto')}
        </Switch>
      </div>
    </div>
  )
}

const MINUTES_AN_HOUR = 60
const HOURS_MAX = 720

/** A span of time in hours; empty leaves it to the metric. */
function Hours({
  label,
  hint,
  minutes,
  isDisabled,
  onChange,
}: {
  label: string
  hint: string
  minutes: number | null
  isDisabled: boolean
  onChange: (minutes: number | null) => void
}) {
  return (
    <NumberField
      label={label}
      hint={hint}
      isOptional
      value={minutes === null ? Number.NaN : minutes / MINUTES_AN_HOUR}
      minValue={1}
      maxValue={HOURS_MAX}
      formatOptions={{ style: 'unit', unit: 'hour', unitDisplay: 'short' }}
      isDisabled={isDisabled}
      onChange={(hours) => onChange(Number.isNaN(hours) ? null : Math.round(hours * MINUTES_AN_HOUR))}
    />
  )
}

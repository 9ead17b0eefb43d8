import { useMemo } from 'react'
import { useLocale } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import type { Language } from '../platform/i18n/store.ts'
import { languages } from '../platform/i18n/store.ts'
import { ownTimeZone } from '../platform/i18n/zone.ts'
import { ComboBox } from '../ui/ComboBox.tsx'
import { zoneOptions } from '../ui/DateTimeZoneField.tsx'
import { FieldRow } from '../ui/Field.tsx'
import { Select } from '../ui/Select.tsx'
import { TextArea, TextField } from '../ui/TextField.tsx'
import type { OrganizationSettings } from './api.ts'

/** Everything that an organization says of itself, as a form holds it. */
export type SettingsDraft = Required<OrganizationSettings>

/** What the browser already tells: its language, its zone, and the currency of its region. */
export function draftFromBrowser(language: Language): SettingsDraft {
  return {
    name: '',
    locale: language,
    timeZone: ownTimeZone(),
    currency: currencyOfBrowser(),
    postalAddress: '',
  }
}

/** The fields of an organization; the caller holds the draft. */
export function OrganizationFields({
  draft,
  onChange,
  issues,
  isReadOnly = false,
  autoFocus = false,
}: {
  draft: SettingsDraft
  onChange: (draft: SettingsDraft) => void
  issues: Readonly<Record<string, string>>
  isReadOnly?: boolean
  autoFocus?: boolean
}) {
  const t = useTranslations('team.organization')
  const words = useTranslations('app.language')
  const { locale } = useLocale()
  const zones = useMemo(() => zoneOptions(draft.timeZone), [draft.timeZone])
  const currencies = useMemo(() => currencyOptions(locale), [locale])
  const set = (part: Partial<SettingsDraft>) => onChange({ ...draft, ...part })
  return (
    <>
      <TextField
        label={t('name')}
        name="organization"
        autoComplete="organization"
        value={draft.name}
        onChange={(name) => set({ name })}
        error={issues['name']}
        isReadOnly={isReadOnly}
        maxLength={120}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the first thing that the set-up asks for
        autoFocus={autoFocus}
      />
      <FieldRow>
        <Select
          label={t('locale')}
          options={languages.map((value) => ({ value, label: words(value) }))}
          value={draft.locale}
          onChange={(value) => set({ locale: value })}
          isDisabled={isReadOnly}
        />
        <ComboBox
          label={t('currency')}
          options={currencies}
          value={draft.currency}
          onChange={(currency) => currency !== null && set({ currency })}
          error={issues['currency']}
          isDisabled={isReadOnly}
        />
      </FieldRow>
      <ComboBox
        label={t('timeZone')}
        hint={t('timeZoneHint')}
        options={zones}
        value={draft.timeZone}
        onChange={(timeZone) => timeZone !== null && set({ timeZone })}
        error={issues['timeZone']}
        isDisabled={isReadOnly}
      />
      <TextArea
        label={t('postalAddress')}
        hint={t('postalAddressHint')}
        isOptional
        name="postal-address"
        autoComplete="street-address"
        value={draft.postalAddress ?? ''}
        onChange={(postalAddress) => set({ postalAddress })}
        error={issues['postalAddress']}
        isReadOnly={isReadOnly}
        maxLength={500}
      />
    </>
  )
}

function currencyOptions(locale: string) {
  const names = new Intl.DisplayNames(locale, { type: 'currency' })
  return Intl.supportedValuesOf('currency').map((value) => ({
    value,
    label: `${value} · ${names.of(value)}`,
  }))
}

/** By the region of the browser's languages; the euro where it says nothing. */
function currencyOfBrowser(): string {
  const region = navigator.languages.map((tag) => new Intl.Locale(tag).region).find(Boolean)
  return CURRENCY_BY_REGION[region ?? ''] ?? 'EUR'
}

const CURRENCY_BY_REGION: Readonly<Record<string, string>> = {
  AU: 'AUD',
  BR: 'BRL',
  CA: 'CAD',
  CH: 'CHF',
  CN: 'CNY',
  CZ: 'CZK',
  DK: 'DKK',
  GB: 'GBP',
  HU: 'HUF',
  IN: 'INR',
  JP: 'JPY',
  KR: 'KRW',
  MA: 'MAD',
  MX: 'MXN',
  NO: 'NOK',
  NZ: 'NZD',
  PL: 'PLN',
  RO: 'RON',
  SE: 'SEK',
  TN: 'TND',
  TR: 'TRY',
  US: 'USD',
  ZA: 'ZAR',
}

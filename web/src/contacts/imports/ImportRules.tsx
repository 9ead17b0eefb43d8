import { useTranslations } from 'use-intl'
import { Section } from '../../ui/Card.tsx'
import { ComboBox } from '../../ui/ComboBox.tsx'
import { DateField } from '../../ui/DateField.tsx'
import { FieldRow, FieldStack } from '../../ui/Field.tsx'
import { RadioGroup } from '../../ui/RadioGroup.tsx'
import { TagInput } from '../../ui/TagInput.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { useTags } from '../api.ts'
import { useChoices } from '../person.ts'
import type { ImportOptions } from './api.ts'

/** What happens with people who are there already, which tags everybody gets, and what was agreed to. */
export function ImportRules({
  options,
  onChange,
}: {
  options: ImportOptions
  onChange: (change: Partial<ImportOptions>) => void
}) {
  const t = useTranslations('contacts.imports.rules')
  const known = useTags().data ?? []
  const { countries } = useChoices()
  const targets = options.columns.map(({ target }) => target)
  const hasConsent = targets.includes('consent.email') || targets.includes('consent.sms')
  return (
    <>
      <Section title={t('title')}>
        <FieldStack>
          <RadioGroup
            label={t('policy')}
            look="cards"
            options={(['update', 'fill', 'skip'] as const).map((value) => ({
              value,
              label: t(`policies.${value}`),
              note: t(`policyNotes.${value}`),
            }))}
            value={options.policy}
            onChange={(policy) => onChange({ policy })}
          />
          <TagInput
            label={t('tags')}
            isOptional
            hint={t('tagsHint')}
            value={options.tags ?? []}
            suggestions={known}
            onChange={(tags) => onChange({ tags })}
          />
          {targets.includes('phone') && (
            <ComboBox
              label={t('country')}
              hint={t('countryHint')}
              options={countries}
              value={options.defaultCountry ?? null}
              onChange={(defaultCountry) => onChange({ defaultCountry })}
            />
          )}
        </FieldStack>
      </Section>
      {hasConsent && (
        <Section title={t('consent')} note={t('consentAbout')}>
          <FieldRow>
            {!targets.includes('consent.at') && (
              <DateField
                label={t('consentDate')}
                isOptional
                value={options.consentDate ?? null}
                onChange={(consentDate) => onChange({ consentDate })}
              />
            )}
            {!targets.includes('consent.source') && (
              <TextField
                label={t('consentSource')}
                isOptional
                placeholder={t('consentSourceExample')}
                value={options.consentSource ?? ''}
                onChange={(source) => onChange({ consentSource: source.trim() === '' ? null : source })}
              />
            )}
          </FieldRow>
        </Section>
      )}
    </>
  )
}

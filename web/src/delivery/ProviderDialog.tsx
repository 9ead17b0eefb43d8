import { PROVIDER_KINDS, type ProviderField, type ProviderKind } from '@fanfare/server/delivery/schema'
import { useState } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { Banner } from '../ui/Banner.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { Select } from '../ui/Select.tsx'
import { useKitText } from '../ui/text.ts'
import { TextArea, TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import type { Provider } from './api.ts'
import { useAddProvider, useChangeProvider } from './api.ts'

const KINDS = Object.keys(PROVIDER_KINDS) as ProviderKind[] // the keys of a constant

/** Adds a provider or changes it: the fields are those that its kind asks for. */
export function ProviderDialog({ provider, onClose }: { provider: Provider | null; onClose: () => void }) {
  const t = useTranslations('delivery.providers')
  const common = useKitText()
  const [kind, setKind] = useState<ProviderKind>(provider?.kind ?? 'sendgrid')
  const [name, setName] = useState(provider?.name ?? '')
  const [values, setValues] = useState<Record<string, string>>({ ...provider?.settings })
  const add = useAddProvider()
  const change = useChangeProvider()
  const saving = provider ? change : add
  const issues = fieldErrors(saving.error)
  const message = useErrorText(saving.error)?.message
  const fields: readonly ProviderField[] = PROVIDER_KINDS[kind].fields
  const chosen = (isSecret: boolean): Record<string, string> =>
    Object.fromEntries(
      fields
        .filter((field) => field.isSecret === isSecret)
        // A secret that is left empty stays as it is.
        .flatMap(({ key }) => {
          const value = values[key] ?? ''
          return isSecret && value === '' ? [] : [[key, value]]
        }),
    )
  const submit = () => {
    const input = {
      name: name === '' ? PROVIDER_KINDS[kind].name : name,
      settings: chosen(false),
      secrets: chosen(true),
    }
    const done = {
      onSuccess: () => {
        toast({ text: t('saved') })
        onClose()
      },
    }
    if (provider) change.mutate({ id: provider.id, ...input }, done)
    else add.mutate({ kind, ...input }, done)
  }
  return (
    <FormDialog
      title={provider ? t('edit') : t('add')}
      isKeptOpen
      action={common('actions.save')}
      isPending={saving.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      {saving.isError && Object.keys(issues).length === 0 && <Banner tone="error">{message}</Banner>}
      {!provider && (
        <Select
          label={t('kind')}
          options={KINDS.map((value) => ({
            value,
            label: `${PROVIDER_KINDS[value].name} · ${t(`channels.${PROVIDER_KINDS[value].channel}`)}`,
          }))}
          value={kind}
          onChange={setKind}
        />
      )}
      <TextField
        label={t('name')}
        isOptional
        placeholder={PROVIDER_KINDS[kind].name}
        value={name}
        onChange={setName}
        error={issues['name']}
      />
      {fields.map((field) => (
        <Field
          key={field.key}
          field={field}
          isKept={provider?.secretsKept.includes(field.key) ?? false}
          value={values[field.key] ?? ''}
          onChange={(value) => setValues((before) => ({ ...before, [field.key]: value }))}
          error={issues[`${field.isSecret ? 'secrets' : 'settings'}.${field.key}`]}
        />
      ))}
    </FormDialog>
  )
}

interface FieldProps {
  field: ProviderField
  isKept: boolean
  value: string
  onChange: (value: string) => void
  error: string | undefined
}

function Field({ field, isKept, value, onChange, error }: FieldProps) {
  const t = useTranslations('delivery.providers')
  const locale = useLocale()
  const label = locale.startsWith('fr') ? field.label.fr : field.label.en
  const common = { label, value, onChange, error, isOptional: !field.isRequired }
  if (field.options)
    return (
      <Select
        label={label}
        isOptional={!field.isRequired}
        options={field.options.map((option) => ({ value: option, label: option }))}
        value={value === '' ? field.fallback : value}
        onChange={onChange}
        error={error}
      />
    )
  if (field.isLong) return <TextArea {...common} isMonospaced placeholder={field.fallback || field.example} />
  return (
    <TextField
      {...common}
      type={field.isSecret ? 'password' : 'text'}
      autoComplete={field.isSecret ? 'new-password' : 'off'}
      placeholder={field.fallback || field.example}
      hint={isKept ? t('secretKept') : undefined}
    />
  )
}

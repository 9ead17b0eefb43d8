import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useSession } from '../../platform/session.ts'
import type { Permission } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { CheckboxGroup } from '../../ui/Checkbox.tsx'
import { CodeBlock } from '../../ui/CodeBlock.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { RadioGroup } from '../../ui/RadioGroup.tsx'
import { Select } from '../../ui/Select.tsx'
import { TextField } from '../../ui/TextField.tsx'
import { useCreateApiKey } from '../api.ts'
import { useIssues, useRefusalText } from '../refusals.ts'

type Access = 'all' | 'read' | 'chosen'

/** Lives that the dialog offers, in days; 0 is for ever. */
const LIVES = ['0', '30', '90', '365'] as const

/** Makes a key, and shows it this once. */
export function NewKeyDialog({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}) {
  const [key, setKey] = useState<string | null>(null)
  const close = (open: boolean) => {
    if (!open) setKey(null)
    onOpenChange(open)
  }
  if (!isOpen) return null
  return key === null ? (
    <KeyForm onOpenChange={close} onMade={setKey} />
  ) : (
    <MadeKey apiKey={key} onOpenChange={close} />
  )
}

function KeyForm({
  onOpenChange,
  onMade,
}: {
  onOpenChange: (isOpen: boolean) => void
  onMade: (key: string) => void
}) {
  const t = useTranslations('team.keys')
  const { role, permissions } = useSession()
  // The session lists permissions of this very table.
  const own = permissions as readonly Permission[]
  const create = useCreateApiKey()
  const [name, setName] = useState('')
  const [access, setAccess] = useState<Access>('read')
  const [chosen, setChosen] = useState<Permission[]>([])
  const [life, setLife] = useState<(typeof LIVES)[number]>('0')
  const issues = useIssues(create.error)
  const error = useRefusalText(create.error)
  const scopes = {
    all: role === 'owner' ? (['*'] as const) : own,
    read: own.filter((permission) => permission.endsWith('.read')),
    chosen,
  }[access]
  const submit = () =>
    create.mutate(
      { name, scopes: [...scopes], expiresInDays: life === '0' ? null : Number(life) },
      { onSuccess: (answer) => onMade(answer.key) },
    )
  return (
    <FormDialog
      title={t('new')}
      action={t('create')}
      isPending={create.isPending}
      onSubmit={submit}
      onClose={() => onOpenChange(false)}
    >
      {error !== undefined && <Banner tone="error">{error}</Banner>}
      <TextField
        label={t('name')}
        hint={t('nameHint')}
        value={name}
        onChange={setName}
        error={issues['name']}
        maxLength={120}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the first thing that this dialog asks for
        autoFocus
      />
      <RadioGroup
        label={t('access')}
        options={(['read', 'all', 'chosen'] as const).map((value) => ({ value, label: t(value) }))}
        value={access}
        onChange={setAccess}
      />
      {access === 'chosen' && (
        <CheckboxGroup
          label={t('scopes')}
          isLabelHidden
          options={own.map((value) => ({ value, label: value }))}
          value={chosen}
          onChange={setChosen}
          error={issues['scopes']}
        />
      )}
      <Select
        label={t('expires')}
        options={LIVES.map((value) => ({
          value,
          label: value === '0' ? t('noExpiry') : t('days', { count: Number(value) }),
        }))}
        value={life}
        onChange={setLife}
      />
    </FormDialog>
  )
}

function MadeKey({ apiKey, onOpenChange }: { apiKey: string; onOpenChange: (isOpen: boolean) => void }) {
  const t = useTranslations('team.keys')
  return (
    <Dialog
      title={t('madeTitle')}
      isOpen
      isKeptOpen
      onOpenChange={onOpenChange}
      footer={(close) => (
        <Button variant="primary" onPress={close}>
          {t('copied')}
        </Button>
      )}
    >
      <FieldStack>
        <p>{t('made')}</p>
        <CodeBlock label={t('key')} code={apiKey} isWrapped />
      </FieldStack>
    </Dialog>
  )
}

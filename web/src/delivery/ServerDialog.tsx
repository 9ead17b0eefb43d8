import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldRow } from '../ui/Field.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { Select } from '../ui/Select.tsx'
import { Switch } from '../ui/Switch.tsx'
import { useKitText } from '../ui/text.ts'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import type { SmtpAccount, SmtpAccountInput } from './api.ts'
import { useSaveSmtpAccount, useTestSmtpAccount } from './api.ts'

const SECURITIES = ['starttls', 'tls', 'opportunistic', 'none'] as const
type Security = (typeof SECURITIES)[number]

/** Ports that go with each way of securing, until somebody types another. */
const PORTS: Readonly<Record<Security, number>> = { starttls: 587, tls: 465, opportunistic: 587, none: 25 }

/** Sets the mail server; tests it without sending. */
export function ServerDialog({ account, onClose }: { account: SmtpAccount | null; onClose: () => void }) {
  const t = useTranslations('delivery.server')
  const common = useKitText()
  const { draft, change, changeSecurity } = useDraft(account)
  const save = useSaveSmtpAccount()
  const test = useTestSmtpAccount()
  const error = save.error ?? test.error
  const message = useErrorText(error)?.message
  const issues = fieldErrors(error)
  const submit = () =>
    save.mutate(draft, {
      onSuccess: () => {
        toast({ text: t('saved') })
        onClose()
      },
    })
  return (
    <FormDialog
      title={t('dialog')}
      isKeptOpen
      action={common('actions.save')}
      extra={
        <Button isPending={test.isPending} onPress={() => test.mutate(draft)}>
          {t('test')}
        </Button>
      }
      isPending={save.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      {error && Object.keys(issues).length === 0 && <Banner tone="error">{message}</Banner>}
      {test.isSuccess && <TestResult trouble={test.data} />}
      <FieldRow>
        <TextField
          label={t('host')}
          placeholder="smtp.example.com"
          value={draft.host}
          onChange={(host) => change({ host })}
          error={issues['host']}
          isRequired
          autoFocus
        />
        <NumberField
          label={t('port')}
          value={draft.port ?? PORTS.starttls}
          minValue={1}
          maxValue={65_535}
          formatOptions={{ useGrouping: false }}
          onChange={(port) => change({ port })}
          error={issues['port']}
        />
      </FieldRow>
      <Select
        label={t('security')}
        options={SECURITIES.map((value) => ({ value, label: t(`securities.${value}`) }))}
        value={draft.security ?? 'starttls'}
        onChange={changeSecurity}
      />
      <FieldRow>
        <TextField
          label={t('username')}
          isOptional
          autoComplete="off"
          value={draft.username ?? ''}
          onChange={(username) => change({ username: username === '' ? null : username })}
          error={issues['username']}
        />
        <TextField
          label={t('password')}
          type="password"
          isOptional
          autoComplete="new-password"
          hint={account?.hasPassword ? t('passwordKept') : undefined}
          value={draft.password ?? ''}
          onChange={(password) => change({ password })}
          error={issues['password']}
        />
      </FieldRow>
      <Switch
        isSelected={draft.acceptsAnyCertificate ?? false}
        onChange={(acceptsAnyCertificate) => change({ acceptsAnyCertificate })}
        note={t('anyCertificateNote')}
      >
        {t('anyCertificate')}
      </Switch>
    </FormDialog>
  )
}

function TestResult({ trouble }: { trouble: { kind: string; text: string } | null }) {
  const t = useTranslations('delivery.server')
  if (trouble === null) return <Banner tone="success">{t('testPassed')}</Banner>
  const title = (
    ['unreachable', 'tls', 'auth', 'rejected', 'sender_refused', 'settings', 'rate_limited'] as const
  ).find((kind) => kind === trouble.kind)
  return (
    <Banner tone="error" {...(title ? { title: t(`troubles.${title}`) } : {})}>
      {trouble.text}
    </Banner>
  )
}

function useDraft(account: SmtpAccount | null) {
  const [draft, setDraft] = useState<SmtpAccountInput>(
    account === null
      ? { host: '' }
      : {
          host: account.host,
          port: account.port,
          security: account.security,
          username: account.username,
          acceptsAnyCertificate: account.acceptsAnyCertificate,
          heloName: account.heloName,
          connectionsMax: account.connectionsMax,
          messagesPerConnectionMax: account.messagesPerConnectionMax,
        },
  )
  const change = (part: Partial<SmtpAccountInput>) => setDraft((before) => ({ ...before, ...part }))
  const changeSecurity = (security: Security) =>
    setDraft((before) => {
      const isUsual = before.port === undefined || before.port === PORTS[before.security ?? 'starttls']
      return { ...before, security, ...(isUsual ? { port: PORTS[security] } : {}) }
    })
  return { draft, change, changeSecurity }
}

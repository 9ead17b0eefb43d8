import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { KeyValue } from '../ui/KeyValue.tsx'
import { HrefLink } from '../ui/Link.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { useRemoveSmtpAccount, useSmtpAccount } from './api.ts'
import { useOutlet, type Outlet } from './api-outlet.ts'
import type { SmtpAccount } from './api.ts'
import { ServerDialog } from './ServerDialog.tsx'

/** The mail server: the organization's own, the installation's, or none yet. */
export function ServerSection() {
  const t = useTranslations('delivery.server')
  const account = useSmtpAccount()
  const outlet = useOutlet()
  const refusal = useRefusal('delivery.write')
  const [isEditing, setEditing] = useState(false)
  if (account.isError) return <ErrorState error={account.error} onRetry={account.refetch} />
  if (outlet.isError) return <ErrorState error={outlet.error} onRetry={outlet.refetch} />
  if (account.data === undefined || outlet.data === undefined) return <SectionSkeleton />
  return (
    <Section
      title={t('title')}
      actions={
        <>
          {account.data !== null && <RemoveServer />}
          <Button
            variant={account.data === null ? 'primary' : 'secondary'}
            disabledReason={refusal}
            onPress={() => setEditing(true)}
          >
            {t(account.data === null ? 'set' : 'change')}
          </Button>
        </>
      }
    >
      {account.data === null ? (
        <NoServer kind={outlet.data.kind} host={outlet.data.host} />
      ) : (
        <OwnServer
          account={account.data}
          provider={outlet.data.kind === 'provider' ? outlet.data.host : null}
        />
      )}
      {isEditing && <ServerDialog account={account.data} onClose={() => setEditing(false)} />}
    </Section>
  )
}

function NoServer({ kind, host }: { kind: Outlet['kind']; host: string | null }) {
  const t = useTranslations('delivery.server')
  if (kind === 'mailbox')
    return (
      <Banner tone="warning">
        {t.rich('mailbox', { link: (text) => <HrefLink href="/mailbox">{text}</HrefLink> })}
      </Banner>
    )
  return (
    <p className="text-muted">{t(kind === 'provider' ? 'provider' : 'installation', { host: host ?? '' })}</p>
  )
}

/** `provider`: who takes mail before it. */
function OwnServer({ account, provider }: { account: SmtpAccount; provider: string | null }) {
  const t = useTranslations('delivery.server')
  return (
    <div className="grid gap-3">
      {provider !== null && <Banner tone="warning">{t('unused', { host: provider })}</Banner>}
      <KeyValue
        items={[
          { label: t('host'), value: `${account.host}:${account.port}` },
          { label: t('security'), value: t(`securities.${account.security}`) },
          { label: t('username'), value: account.username ?? t('noSignIn') },
        ]}
      />
    </div>
  )
}

function RemoveServer() {
  const t = useTranslations('delivery.server')
  const refusal = useRefusal('delivery.write')
  const remove = useRemoveSmtpAccount()
  return (
    <ConfirmDialog
      title={t('removeTitle')}
      action={t('remove')}
      isDangerous
      isPending={remove.isPending}
      onConfirm={() => remove.mutateAsync()}
      trigger={<Button disabledReason={refusal}>{t('remove')}</Button>}
    >
      {t('removeNote')}
    </ConfirmDialog>
  )
}

import { KeyRound, Plus } from 'lucide-react'
import { lazy, Suspense, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useRefusal } from '../../platform/session.ts'
import { Button } from '../../ui/Button.tsx'
import { InlineCode } from '../../ui/CodeBlock.tsx'
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { RowMenu } from '../../ui/Menu.tsx'
import { Badge } from '../../ui/StatusBadge.tsx'
import { Table } from '../../ui/Table.tsx'
import { Tooltip } from '../../ui/Tooltip.tsx'
import { useApiKeys, useRevokeApiKey } from '../api.ts'
import type { ApiKey } from '../api.ts'
import { SettingsFrame } from './SettingsFrame.tsx'

const NewKeyDialog = lazy(() =>
  import('./NewKeyDialog.tsx').then((module) => ({ default: module.NewKeyDialog })),
)

/** Keys with which programs work here. */
export function ApiKeysPage() {
  const t = useTranslations('team.keys')
  const refusal = useRefusal('api_keys.write')
  const [isMaking, setMaking] = useState(false)
  const place = useRef<HTMLDivElement>(null)
  const make = (
    <div ref={place}>
      <Button
        variant="primary"
        icon={<Plus aria-hidden />}
        disabledReason={refusal}
        onPress={() => setMaking(true)}
      >
        {t('new')}
      </Button>
    </div>
  )
  const show = (isOpen: boolean) => {
    setMaking(isOpen)
    // The dialog with the key was opened from the one of its form, which is gone: nothing else leads back here.
    if (!isOpen) requestAnimationFrame(() => place.current?.querySelector('button')?.focus())
  }
  return (
    <SettingsFrame title={t('title')} subtitle={t('subtitle')} actions={make}>
      <KeyTable />
      <Suspense>{refusal === undefined && <NewKeyDialog isOpen={isMaking} onOpenChange={show} />}</Suspense>
    </SettingsFrame>
  )
}

function KeyTable() {
  const t = useTranslations('team.keys')
  const format = useFormat()
  const refusal = useRefusal('api_keys.write')
  const keys = useApiKeys()
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  if (keys.error) return <ErrorState error={keys.error} onRetry={keys.refetch} />
  return (
    <>
      <Table
        label={t('title')}
        rows={keys.data}
        rowKey={(key) => key.id}
        empty={
          <EmptyState icon={<KeyRound />} title={t('emptyTitle')}>
            {t('empty')}
          </EmptyState>
        }
        columns={[
          {
            id: 'name',
            title: t('name'),
            isRowHeader: true,
            cell: (key) => (
              <span className="flex flex-wrap items-center gap-2">
                <span className="font-medium">{key.name}</span>
                <KeyState apiKey={key} />
              </span>
            ),
          },
          {
            id: 'key',
            title: t('key'),
            cell: (key) => <InlineCode>{`fan_live_…${key.prefix}…`}</InlineCode>,
          },
          { id: 'scopes', title: t('scopes'), cell: (key) => <Scopes scopes={key.scopes} /> },
          {
            id: 'lastUsed',
            title: t('lastUsed'),
            cell: (key) => (key.lastUsedAt === null ? t('never') : format.relative(key.lastUsedAt)),
          },
          {
            id: 'expires',
            title: t('expires'),
            isWideOnly: true,
            cell: (key) => (key.expiresAt === null ? t('noExpiry') : format.date(key.expiresAt)),
          },
          { id: 'createdBy', title: t('createdBy'), isWideOnly: true, cell: (key) => key.createdBy ?? '—' },
        ]}
        rowActions={(key) =>
          key.revokedAt === null && (
            <RowMenu
              entries={[
                {
                  id: 'revoke',
                  label: t('revoke'),
                  isDangerous: true,
                  disabledReason: refusal,
                  onAction: () => setRevoking(key),
                },
              ]}
            />
          )
        }
      />
      {revoking && <RevokeKey apiKey={revoking} onClose={() => setRevoking(null)} />}
    </>
  )
}

function KeyState({ apiKey }: { apiKey: ApiKey }) {
  const t = useTranslations('team.keys')
  const [now] = useState(() => Date.now())
  if (apiKey.revokedAt !== null) return <Badge tone="grey">{t('revoked')}</Badge>
  if (apiKey.expiresAt !== null && Date.parse(apiKey.expiresAt) < now)
    return <Badge tone="grey">{t('expired')}</Badge>
  return null
}

function Scopes({ scopes }: { scopes: readonly string[] }) {
  const t = useTranslations('team.keys')
  if (scopes.includes('*')) return t('everything')
  return (
    <Tooltip text={scopes.join(', ')}>
      {/* Reachable by keyboard, so that the list can be read without a mouse. */}
      <button type="button" className="cursor-default underline decoration-dotted underline-offset-2">
        {t('count', { count: scopes.length })}
      </button>
    </Tooltip>
  )
}

function RevokeKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const t = useTranslations('team.keys')
  const revoke = useRevokeApiKey()
  return (
    <ConfirmDialog
      title={t('revokeTitle', { name: apiKey.name })}
      action={t('revoke')}
      isDangerous
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      isPending={revoke.isPending}
      onConfirm={() => revoke.mutateAsync(apiKey.id)}
    >
      {t('revokeText')}
    </ConfirmDialog>
  )
}

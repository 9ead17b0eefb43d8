import { Plus, RadioTower } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { SettingsFrame } from '../team/settings/SettingsFrame.tsx'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState, useErrorText } from '../ui/ErrorState.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { RowMenu } from '../ui/Menu.tsx'
import { RadioGroup } from '../ui/RadioGroup.tsx'
import { Badge } from '../ui/StatusBadge.tsx'
import { Table } from '../ui/Table.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { EventSource } from './api.ts'
import { useAddSource, useRevokeSource, useRotateKey, useSources } from './api.ts'

const InstallSheet = lazy(() =>
  import('./InstallSheet.tsx').then((module) => ({ default: module.InstallSheet })),
)

/** Where events come from: sites and servers, each with a write key. */
export function SourcesPage() {
  const t = useTranslations('tracking.sources')
  const refusal = useRefusal('tracking.write')
  const [isAdding, setAdding] = useState(false)
  const [shown, setShown] = useState<EventSource | null>(null)
  return (
    <SettingsFrame
      title={t('title')}
      subtitle={t('subtitle')}
      actions={
        <Button
          variant="primary"
          icon={<Plus aria-hidden />}
          disabledReason={refusal}
          onPress={() => setAdding(true)}
        >
          {t('add')}
        </Button>
      }
    >
      <SourceTable onShow={setShown} />
      {isAdding && (
        <AddSource
          onClose={() => setAdding(false)}
          onAdded={(source) => {
            setAdding(false)
            setShown(source)
          }}
        />
      )}
      {shown && (
        <Suspense>
          <InstallSheet source={shown} onClose={() => setShown(null)} />
        </Suspense>
      )}
    </SettingsFrame>
  )
}

function SourceTable({ onShow }: { onShow: (source: EventSource) => void }) {
  const t = useTranslations('tracking.sources')
  const format = useFormat()
  const refusal = useRefusal('tracking.write')
  const sources = useSources()
  const [asked, setAsked] = useState<{ source: EventSource; what: 'rotate' | 'revoke' } | null>(null)
  if (sources.isError) return <ErrorState error={sources.error} onRetry={sources.refetch} />
  return (
    <>
      <Table
        label={t('title')}
        rows={sources.data}
        rowKey={({ id }) => id}
        onRowAction={onShow}
        empty={
          <EmptyState icon={<RadioTower />} title={t('emptyTitle')}>
            {t('empty')}
          </EmptyState>
        }
        columns={[
          {
            id: 'name',
            title: t('name'),
            isRowHeader: true,
            cell: ({ name, revokedAt }) => (
              <span className="flex flex-wrap items-center gap-2">
                <span className="font-medium">{name}</span>
                {revokedAt !== null && <Badge tone="grey">{t('revoked')}</Badge>}
              </span>
            ),
          },
          { id: 'kind', title: t('kind'), cell: ({ kind }) => t(`kinds.${kind}`) },
          {
            id: 'last',
            title: t('lastEvent'),
            cell: ({ lastEventAt }) =>
              lastEventAt === null ? (
                <span className="text-muted">{t('never')}</span>
              ) : (
                format.relative(lastEventAt)
              ),
          },
          {
            id: 'created',
            title: t('created'),
            isWideOnly: true,
            cell: ({ createdAt }) => format.date(createdAt),
          },
        ]}
        rowActions={(source) => (
          <RowMenu
            entries={[
              { id: 'install', label: t('install'), onAction: () => onShow(source) },
              ...(source.revokedAt === null
                ? [
                    {
                      id: 'rotate',
                      label: t('rotate'),
                      disabledReason: refusal,
                      onAction: () => setAsked({ source, what: 'rotate' }),
                    },
                    {
                      id: 'revoke',
                      label: t('revoke'),
                      isDangerous: true,
                      disabledReason: refusal,
                      onAction: () => setAsked({ source, what: 'revoke' }),
                    },
                  ]
                : []),
            ]}
          />
        )}
      />
      {asked && <AskFirst {...asked} onClose={() => setAsked(null)} />}
    </>
  )
}

function AskFirst({
  source,
  what,
  onClose,
}: {
  source: EventSource
  what: 'rotate' | 'revoke'
  onClose: () => void
}) {
  const t = useTranslations('tracking.sources')
  const rotate = useRotateKey()
  const revoke = useRevokeSource()
  const action = what === 'rotate' ? rotate : revoke
  return (
    <ConfirmDialog
      title={t(`${what}Title`, { name: source.name })}
      action={t(what)}
      isDangerous
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      isPending={action.isPending}
      onConfirm={() => action.mutateAsync(source.id)}
    >
      {t(`${what}Text`)}
    </ConfirmDialog>
  )
}

function AddSource({ onClose, onAdded }: { onClose: () => void; onAdded: (source: EventSource) => void }) {
  const t = useTranslations('tracking.sources')
  const [name, setName] = useState('')
  const [kind, setKind] = useState<EventSource['kind']>('browser')
  const add = useAddSource()
  const issues = fieldErrors(add.error)
  const message = useErrorText(add.error)?.message
  return (
    <FormDialog
      title={t('add')}
      size="sm"
      action={t('add')}
      isPending={add.isPending}
      onSubmit={() => add.mutate({ name, kind }, { onSuccess: onAdded })}
      onClose={onClose}
    >
      {add.isError && Object.keys(issues).length === 0 && <Banner tone="error">{message}</Banner>}
      <TextField
        label={t('name')}
        hint={t('nameHint')}
        value={name}
        onChange={setName}
        error={issues['name']}
        isRequired
        autoFocus
      />
      <RadioGroup
        label={t('kind')}
        options={(['browser', 'server'] as const).map((value) => ({
          value,
          label: t(`kinds.${value}`),
          note: t(`kindNotes.${value}`),
        }))}
        value={kind}
        onChange={setKind}
      />
    </FormDialog>
  )
}

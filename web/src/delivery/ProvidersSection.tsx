import { Plus, Waypoints } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { RowMenu } from '../ui/Menu.tsx'
import { Badge, type Tone } from '../ui/StatusBadge.tsx'
import { Table } from '../ui/Table.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import type { Provider } from './api.ts'
import { useAlerts, useEndAlert, useProviders, useRankProvider, useRemoveProvider } from './api.ts'

const ProviderDialog = lazy(() =>
  import('./ProviderDialog.tsx').then((module) => ({ default: module.ProviderDialog })),
)
const ProviderSheet = lazy(() =>
  import('./ProviderSheet.tsx').then((module) => ({ default: module.ProviderSheet })),
)

const TONES: Readonly<Record<Provider['health'], Tone>> = {
  untried: 'grey',
  taking: 'green',
  troubled: 'red',
}

/** Who takes the messages of each channel: added, tried, ranked, watched. */
export function ProvidersSection() {
  const t = useTranslations('delivery.providers')
  const format = useFormat()
  const refusal = useRefusal('delivery.write')
  const providers = useProviders()
  const rank = useRankProvider()
  const sayWhy = useErrorToast()
  const [edited, setEdited] = useState<Provider | 'new' | null>(null)
  const [shownId, setShownId] = useState<string | null>(null)
  const [removing, setRemoving] = useState<Provider | null>(null)
  const shown = providers.data?.find(({ id }) => id === shownId)
  return (
    <Section
      title={t('title')}
      note={t('note')}
      isFlush
      actions={
        <Button icon={<Plus aria-hidden />} disabledReason={refusal} onPress={() => setEdited('new')}>
          {t('add')}
        </Button>
      }
    >
      <Alerts />
      {providers.isError ? (
        <ErrorState error={providers.error} onRetry={providers.refetch} />
      ) : (
        <Table
          label={t('title')}
          rows={providers.data}
          rowKey={({ id }) => id}
          onRowAction={({ id }) => setShownId(id)}
          empty={
            <EmptyState icon={<Waypoints />} title={t('emptyTitle')}>
              {t('empty')}
            </EmptyState>
          }
          columns={[
            {
              id: 'name',
              title: t('name'),
              isRowHeader: true,
              cell: ({ name }) => <span className="font-medium">{name}</span>,
            },
            { id: 'channel', title: t('channel'), cell: ({ channel }) => t(`channels.${channel}`) },
            {
              id: 'rank',
              title: t('rank'),
              cell: (provider) => t(`ranks.${rankName(provider.rank)}`),
            },
            {
              id: 'health',
              title: t('health'),
              cell: ({ health }) => <Badge tone={TONES[health]}>{t(`healths.${health}`)}</Badge>,
            },
            {
              id: 'taken',
              title: t('taken'),
              align: 'end',
              cell: ({ takenAt }) => (takenAt === null ? t('never') : format.relative(takenAt)),
            },
          ]}
          rowActions={(provider) => (
            <RowMenu
              entries={[
                { id: 'show', label: t('show'), onAction: () => setShownId(provider.id) },
                {
                  id: 'edit',
                  label: t('edit'),
                  disabledReason: refusal,
                  onAction: () => setEdited(provider),
                },
                ...([0, 1, null] as const)
                  .filter((to) => to !== provider.rank)
                  .map((to) => ({
                    id: `rank-${to ?? 'none'}`,
                    label: t(`makes.${rankName(to)}`),
                    disabledReason: refusal,
                    onAction: () => rank.mutate({ id: provider.id, rank: to }, { onError: sayWhy }),
                  })),
                {
                  id: 'remove',
                  label: t('remove'),
                  isDangerous: true,
                  disabledReason: refusal,
                  onAction: () => setRemoving(provider),
                },
              ]}
            />
          )}
        />
      )}
      <Suspense>
        {edited !== null && (
          <ProviderDialog provider={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />
        )}
        {shown && <ProviderSheet provider={shown} onClose={() => setShownId(null)} />}
      </Suspense>
      {removing && <RemoveProvider provider={removing} onClose={() => setRemoving(null)} />}
    </Section>
  )
}

const rankName = (rank: Provider['rank']): 'default' | 'fallback' | 'aside' =>
  rank === 0 ? 'default' : rank === 1 ? 'fallback' : 'aside'

function RemoveProvider({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const t = useTranslations('delivery.providers')
  const remove = useRemoveProvider()
  return (
    <ConfirmDialog
      title={t('removeTitle', { name: provider.name })}
      action={t('remove')}
      isDangerous
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      isPending={remove.isPending}
      onConfirm={() => remove.mutateAsync(provider.id)}
    >
      {t('removeNote')}
    </ConfirmDialog>
  )
}

/** Receivers that refuse a domain of ours, until somebody says that it is put right. */
function Alerts() {
  const t = useTranslations('delivery.providers')
  const refusal = useRefusal('delivery.write')
  const alerts = useAlerts()
  const end = useEndAlert()
  const sayWhy = useErrorToast()
  return alerts.data?.map(({ domain, receiver, text, times }) => (
    <div key={`${domain} ${receiver}`} className="p-3">
      <Banner
        tone="error"
        title={t('alert', { domain, receiver, count: times })}
        action={
          <Button
            size="sm"
            disabledReason={refusal}
            onPress={() => end.mutate({ domain, receiver }, { onError: sayWhy })}
          >
            {t('alertEnd')}
          </Button>
        }
      >
        {text}
      </Banner>
    </div>
  ))
}

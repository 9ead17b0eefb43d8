import { Globe, Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { ConfirmDialog } from '../ui/ConfirmDialog.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState, useErrorText } from '../ui/ErrorState.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { RowMenu } from '../ui/Menu.tsx'
import { Badge } from '../ui/StatusBadge.tsx'
import { Table } from '../ui/Table.tsx'
import { TextField } from '../ui/TextField.tsx'
import type { SendingDomain } from './api.ts'
import { useAddDomain, useDomains, useRemoveDomain, useWarmups } from './api.ts'

const WarmupDialog = lazy(() =>
  import('./WarmupDialog.tsx').then((module) => ({ default: module.WarmupDialog })),
)
const RecordsSheet = lazy(() =>
  import('./RecordsSheet.tsx').then((module) => ({ default: module.RecordsSheet })),
)

/** The domains that mails are signed for. */
export function DomainsSection() {
  const t = useTranslations('delivery.domains')
  const format = useFormat()
  const refusal = useRefusal('delivery.write')
  const domains = useDomains()
  const [shownId, setShownId] = useState<string | null>(null)
  const [removing, setRemoving] = useState<SendingDomain | null>(null)
  const [isAdding, setAdding] = useState(false)
  const [warming, setWarming] = useState<SendingDomain | null>(null)
  const warmups = useWarmups()
  const planOf = (domain: string) => warmups.data?.items.find((plan) => plan.domain === domain)
  const shown = domains.data?.find(({ id }) => id === shownId)
  return (
    <Section
      title={t('title')}
      note={t('note')}
      isFlush
      actions={
        <Button icon={<Plus aria-hidden />} disabledReason={refusal} onPress={() => setAdding(true)}>
          {t('add')}
        </Button>
      }
    >
      {domains.isError ? (
        <ErrorState error={domains.error} onRetry={domains.refetch} />
      ) : (
        <Table
          label={t('title')}
          rows={domains.data}
          rowKey={({ id }) => id}
          onRowAction={({ id }) => setShownId(id)}
          empty={
            <EmptyState icon={<Globe />} title={t('emptyTitle')}>
              {t('empty')}
            </EmptyState>
          }
          columns={[
            {
              id: 'domain',
              title: t('domain'),
              isRowHeader: true,
              cell: ({ domain }) => <span className="font-medium">{domain}</span>,
            },
            { id: 'state', title: t('state'), cell: (domain) => <DomainState domain={domain} /> },
            {
              id: 'warmup',
              title: t('warmup'),
              cell: ({ domain }) => {
                const today = planOf(domain)?.today
                return today ? t('warmupToday', today) : t('noWarmup')
              },
            },
            {
              id: 'checked',
              title: t('checked'),
              align: 'end',
              cell: ({ checkedAt }) => (checkedAt === null ? t('never') : format.relative(checkedAt)),
            },
          ]}
          rowActions={(domain) => (
            <RowMenu
              entries={[
                { id: 'records', label: t('records'), onAction: () => setShownId(domain.id) },
                {
                  id: 'warmup',
                  label: t('warmUp'),
                  disabledReason: refusal,
                  onAction: () => setWarming(domain),
                },
                {
                  id: 'remove',
                  label: t('remove'),
                  isDangerous: true,
                  disabledReason: refusal,
                  onAction: () => setRemoving(domain),
                },
              ]}
            />
          )}
        />
      )}
      <Suspense>{shown && <RecordsSheet domain={shown} onClose={() => setShownId(null)} />}</Suspense>
      {isAdding && <AddDomain onClose={() => setAdding(false)} onAdded={setShownId} />}
      {warming && warmups.data && (
        <Suspense>
          <WarmupDialog
            domain={warming}
            plan={planOf(warming.domain)}
            usualVolumes={warmups.data.usualVolumes}
            onClose={() => setWarming(null)}
          />
        </Suspense>
      )}
      {removing && <RemoveDomain domain={removing} onClose={() => setRemoving(null)} />}
    </Section>
  )
}

function DomainState({ domain }: { domain: SendingDomain }) {
  const t = useTranslations('delivery.domains')
  if (domain.checkedAt === null) return <Badge tone="grey">{t('unchecked')}</Badge>
  if (domain.areKeysDue) return <Badge tone="amber">{t('keysDue')}</Badge>
  const missing = domain.records.filter(({ isRight }) => !isRight).length
  return missing === 0 ? (
    <Badge tone="green">{t('complete')}</Badge>
  ) : (
    <Badge tone="amber">{t('missing', { count: missing })}</Badge>
  )
}

function AddDomain({ onClose, onAdded }: { onClose: () => void; onAdded: (id: string) => void }) {
  const t = useTranslations('delivery.domains')
  const [domain, setDomain] = useState('')
  const add = useAddDomain()
  const issue = fieldErrors(add.error)['domain']
  const message = useErrorText(add.error)?.message
  return (
    <FormDialog
      title={t('add')}
      size="sm"
      action={t('add')}
      isPending={add.isPending}
      onSubmit={() =>
        add.mutate(domain, {
          onSuccess: ({ id }) => {
            onClose()
            onAdded(id)
          },
        })
      }
      onClose={onClose}
    >
      {add.isError && issue === undefined && <Banner tone="error">{message}</Banner>}
      <TextField
        label={t('domain')}
        placeholder="example.com"
        hint={t('addHint')}
        value={domain}
        onChange={setDomain}
        error={issue}
        isRequired
        autoFocus
      />
    </FormDialog>
  )
}

function RemoveDomain({ domain, onClose }: { domain: SendingDomain; onClose: () => void }) {
  const t = useTranslations('delivery.domains')
  const remove = useRemoveDomain()
  return (
    <ConfirmDialog
      title={t('removeTitle', { domain: domain.domain })}
      action={t('remove')}
      isDangerous
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      isPending={remove.isPending}
      onConfirm={() => remove.mutateAsync(domain.id)}
    >
      {t('removeNote')}
    </ConfirmDialog>
  )
}

import { Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Table } from '../ui/Table.tsx'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import { useRemoveSpend, useSaveSpend, useSpends } from './api.ts'
import type { Spend } from './api.ts'

// Only when something is to be written down.
const SpendDialog = lazy(() =>
  import('./SpendDialog.tsx').then((module) => ({ default: module.SpendDialog })),
)

/** What was paid for a campaign besides its messages: written down here, by hand. Source: CB-9.2, MA-7.2 */
export function Spends({ campaignId, currency }: { campaignId: string; currency: string }) {
  const t = useTranslations('reports')
  const format = useFormat()
  const refusal = useRefusal('budgets.write')
  const query = useSpends(campaignId)
  const remove = useRemoveSpend(campaignId)
  const save = useSaveSpend(campaignId)
  const sayWhy = useErrorToast()
  const [edited, setEdited] = useState<Spend | 'new' | null>(null)
  const drop = (spend: Spend): void =>
    remove.mutate(spend.id, {
      onSuccess: () =>
        toast({
          text: t('spends.removed'),
          onUndo: () => save.mutateAsync({ spendId: null, body: bodyOf(spend) }),
        }),
      onError: sayWhy,
    })
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  return (
    <Section
      title={t('spends.title')}
      isFlush
      actions={
        <Button
          size="sm"
          icon={<Plus aria-hidden />}
          disabledReason={refusal}
          onPress={() => setEdited('new')}
        >
          {t('spends.add')}
        </Button>
      }
    >
      <Table
        label={t('spends.title')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={query.data.items}
        rowKey={({ id }) => id}
        empty={<EmptyState title={t('spends.none')}>{t('spends.noneText')}</EmptyState>}
        columns={[
          {
            id: 'on',
            title: t('spends.on'),
            isRowHeader: true,
            cell: ({ spentOn, spentUntil }) =>
              spentUntil === null
                ? format.day(spentOn)
                : t('spends.days', { from: format.day(spentOn), until: format.day(spentUntil) }),
          },
          {
            id: 'kind',
            title: t('spends.kind'),
            cell: ({ kind, note, posts }) =>
              [
                ...(note === '' && posts === null ? [t(`spends.kinds.${kind}`)] : []),
                ...(posts === null ? [] : [t('spends.ofPosts', { count: posts })]),
                ...(note === '' ? [] : [note]),
              ].join(' · '),
          },
          {
            id: 'platform',
            title: t('spends.platform'),
            isWideOnly: true,
            cell: ({ platform }) => (platform === null ? '' : t(`platforms.${platform}`)),
          },
          {
            id: 'amount',
            title: t('spends.amount'),
            align: 'end',
            cell: ({ amount }) => format.number(amount, { style: 'currency', currency }),
          },
          {
            id: 'remove',
            title: '',
            align: 'end',
            cell: (spend) => (
              <span className="inline-flex gap-1">
                <Button size="sm" variant="quiet" disabledReason={refusal} onPress={() => setEdited(spend)}>
                  {t('spends.change')}
                </Button>
                <Button size="sm" variant="quiet" disabledReason={refusal} onPress={() => drop(spend)}>
                  {t('spends.remove')}
                </Button>
              </span>
            ),
          },
        ]}
      />
      {edited !== null && (
        <Suspense fallback={null}>
          <SpendDialog
            campaignId={campaignId}
            currency={currency}
            spend={edited === 'new' ? null : edited}
            onClose={() => setEdited(null)}
          />
        </Suspense>
      )}
    </Section>
  )
}

/** A spend as it is written down again. */
const bodyOf = ({ kind, channel, platform, amount, posts, spentOn, spentUntil, note }: Spend) => ({
  kind,
  channel,
  platform,
  amount: posts === null ? amount : null,
  posts,
  spentOn,
  spentUntil,
  note,
})

import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { DateField } from '../ui/DateField.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { Select } from '../ui/Select.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Table } from '../ui/Table.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import { useAddSpend, useRemoveSpend, useSpends } from './api.ts'

const KINDS = ['media', 'post', 'manual'] as const

/** What was paid for a campaign besides its messages: written down here, by hand. Source: CB-9.2, MA-7.2 */
export function Spends({ campaignId, currency }: { campaignId: string; currency: string }) {
  const t = useTranslations('reports')
  const format = useFormat()
  const refusal = useRefusal('budgets.write')
  const query = useSpends(campaignId)
  const remove = useRemoveSpend(campaignId)
  const [isOpen, setOpen] = useState(false)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  return (
    <Section
      title={t('spends.title')}
      isFlush
      actions={
        <Button size="sm" icon={<Plus aria-hidden />} disabledReason={refusal} onPress={() => setOpen(true)}>
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
          { id: 'on', title: t('spends.on'), isRowHeader: true, cell: ({ spentOn }) => format.day(spentOn) },
          {
            id: 'kind',
            title: t('spends.kind'),
            cell: ({ kind, note }) => (note === '' ? t(`spends.kinds.${kind}`) : note),
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
            cell: ({ id }) => (
              <Button
                size="sm"
                variant="quiet"
                disabledReason={refusal}
                onPress={() => remove.mutate(id, { onSuccess: () => toast({ text: t('spends.removed') }) })}
              >
                {t('spends.remove')}
              </Button>
            ),
          },
        ]}
      />
      {isOpen && <AddSpend campaignId={campaignId} currency={currency} onClose={() => setOpen(false)} />}
    </Section>
  )
}

function AddSpend({
  campaignId,
  currency,
  onClose,
}: {
  campaignId: string
  currency: string
  onClose: () => void
}) {
  const t = useTranslations('reports')
  const add = useAddSpend(campaignId)
  const [kind, setKind] = useState<(typeof KINDS)[number]>('media')
  const [amount, setAmount] = useState<number>(NaN)
  const [spentOn, setSpentOn] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const isComplete = amount > 0 && spentOn !== null
  const save = (): void => {
    if (!isComplete) return
    add.mutate(
      { kind, amount, spentOn, note, channel: null },
      {
        onSuccess: () => {
          toast({ text: t('spends.added') })
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      title={t('spends.add')}
      isOpen
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      footer={
        <>
          <Button onPress={onClose}>{t('spends.cancel')}</Button>
          <Button variant="primary" isPending={add.isPending} isDisabled={!isComplete} onPress={save}>
            {t('spends.save')}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Select
          label={t('spends.kind')}
          options={KINDS.map((value) => ({ value, label: t(`spends.kinds.${value}`) }))}
          value={kind}
          onChange={setKind}
        />
        <NumberField
          label={t('spends.amount')}
          minValue={0}
          value={amount}
          onChange={setAmount}
          formatOptions={{ style: 'currency', currency }}
        />
        <DateField label={t('spends.on')} value={spentOn} onChange={setSpentOn} />
        <TextField label={t('spends.note')} value={note} onChange={setNote} isOptional maxLength={500} />
        {add.isError && <ErrorState error={add.error} />}
      </div>
    </Dialog>
  )
}

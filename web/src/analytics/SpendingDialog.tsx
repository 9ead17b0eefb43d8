import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorState, useErrorText } from '../ui/ErrorState.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { TableSkeleton } from '../ui/Skeleton.tsx'
import { toast } from '../ui/Toast.tsx'
import { useKitText } from '../ui/text.ts'
import { type SpendingLevels, useSetSpendingLevels, useSpendingLevels } from './api.ts'

/** What low, medium and high spending mean here. Source: CB-3.1 */
export function SpendingDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('analytics.spending')
  const query = useSpendingLevels()
  if (query.data) return <BoundsDialog levels={query.data} onClose={onClose} />
  return (
    <Dialog title={t('title')} isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={query.refetch} />
      ) : (
        <TableSkeleton columns={2} />
      )}
    </Dialog>
  )
}

function BoundsDialog({ levels, onClose }: { levels: SpendingLevels; onClose: () => void }) {
  const t = useTranslations('analytics')
  const common = useKitText()
  const format = useFormat()
  const refusal = useRefusal('segments.write')
  const change = useSetSpendingLevels()
  const { message } = useErrorText(change.error)
  const options = { style: 'currency', currency: levels.currency } as const
  const factor = 10 ** (new Intl.NumberFormat('en', options).resolvedOptions().maximumFractionDigits ?? 2)
  const [medium, setMedium] = useState(levels.mediumFromMinor / factor)
  const [high, setHigh] = useState(levels.highFromMinor / factor)
  const isInOrder = medium >= 0 && high > medium
  const save = () =>
    change.mutate(
      { mediumFromMinor: Math.round(medium * factor), highFromMinor: Math.round(high * factor) },
      {
        onSuccess: () => {
          toast({ text: t('spending.saved') })
          onClose()
        },
      },
    )
  return (
    <Dialog
      title={t('spending.title')}
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <>
          <Button onPress={onClose}>{common('actions.cancel')}</Button>
          <Button
            variant="primary"
            isPending={change.isPending}
            disabledReason={refusal ?? (isInOrder ? undefined : t('spending.outOfOrder'))}
            onPress={save}
          >
            {common('actions.save')}
          </Button>
        </>
      }
    >
      <FieldStack>
        {change.isError && <Banner tone="error" title={message} />}
        <p className="text-muted">{t('spending.text')}</p>
        <NumberField
          label={t('spending.medium')}
          minValue={0}
          formatOptions={options}
          value={medium}
          onChange={setMedium}
        />
        <NumberField
          label={t('spending.high')}
          minValue={0}
          formatOptions={options}
          value={high}
          onChange={setHigh}
        />
        <ul aria-label={t('spending.now')} className="grid gap-1 text-muted">
          {(['low', 'medium', 'high'] as const).map((level) => (
            <li key={level} className="flex justify-between gap-4">
              <span>{t(`levels.${level}`)}</span>
              <span className="figures">{format.number(levels.people[level])}</span>
            </li>
          ))}
        </ul>
        {levels.setAt === null && <p className="text-sm text-muted">{t('spending.usual')}</p>}
      </FieldStack>
    </Dialog>
  )
}

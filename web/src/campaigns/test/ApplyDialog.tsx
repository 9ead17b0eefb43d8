import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../../platform/api/problem.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { useErrorText } from '../../ui/ErrorState.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { Select } from '../../ui/Select.tsx'
import { useKitText } from '../../ui/text.ts'
import { TextArea } from '../../ui/TextField.tsx'
import { toast } from '../../ui/Toast.tsx'
import type { Results, VariantId } from './api.ts'
import { useApplyWinner } from './api.ts'

/** A person names the variant that everybody who is left gets; another than the winner needs a reason. */
export function ApplyDialog({ results, onClose }: { results: Results; onClose: () => void }) {
  const t = useTranslations('campaigns.test')
  const common = useKitText()
  const apply = useApplyWinner(results.testId, results.campaignId)
  const { message } = useErrorText(apply.error)
  const isContinuous = results.settings.horizonMinutes === null
  const winnerId = results.decision?.winnerId ?? null
  const choices = results.variants.filter(({ isControl }) => !isControl)
  const [variantId, setVariantId] = useState<VariantId | null>(winnerId ?? results.verdict?.leaderId ?? null)
  const [reason, setReason] = useState('')
  const chosen = variantId ?? choices[0]?.id ?? 'A'
  return (
    <Dialog
      title={t('apply.title')}
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      footer={
        <>
          <Button onPress={onClose}>{common('actions.cancel')}</Button>
          <Button
            variant="primary"
            isPending={apply.isPending}
            onPress={() =>
              // A promise, and no callback of the mutation: closed meanwhile, what was done is said all the same.
              void apply
                .mutateAsync({ variantId: chosen, reason: reason.trim() === '' ? null : reason.trim() })
                .then(
                  () => {
                    toast({ text: t(isContinuous ? 'apply.doneToAll' : 'apply.done', { id: chosen }) })
                    onClose()
                  },
                  () => undefined,
                )
            }
          >
            {t('apply.confirm', { id: chosen })}
          </Button>
        </>
      }
    >
      <FieldStack>
        {apply.isError && <Banner tone="error" title={message} />}
        <p>{t(isContinuous ? 'apply.textToAll' : 'apply.text')}</p>
        <Select
          label={t('apply.variant')}
          options={choices.map(({ id, name }) => ({
            value: id,
            label: name === id ? id : `${id} · ${name}`,
          }))}
          value={chosen}
          onChange={setVariantId}
        />
        <TextArea
          label={t('apply.reason')}
          hint={t('apply.reasonHint')}
          isOptional={chosen === winnerId}
          value={reason}
          onChange={setReason}
          error={fieldErrors(apply.error)['reason']}
          rows={2}
        />
      </FieldStack>
    </Dialog>
  )
}

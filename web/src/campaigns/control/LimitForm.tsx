import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../../platform/api/problem.ts'
import { useRefusal } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { useErrorText } from '../../ui/ErrorState.tsx'
import { FieldRow, FieldStack } from '../../ui/Field.tsx'
import { NumberField } from '../../ui/NumberField.tsx'
import { toast } from '../../ui/Toast.tsx'
import type { Desk } from './api.ts'
import { useLimitCampaign } from './api.ts'

const orNull = (n: number): number | null => (Number.isNaN(n) ? null : n)

/** The campaign's own limits, changed while it runs. Source: CS-010.1, CS-010.2 */
export function LimitForm({ campaignId, desk }: { campaignId: string; desk: Desk }) {
  const t = useTranslations('campaigns.desk')
  // Until one is typed in, a field shows what holds: another member may change it meanwhile.
  const [typed, setTyped] = useState<Partial<Desk['limits']>>({})
  const limits = { ...desk.limits, ...typed }
  const limit = useLimitCampaign(campaignId)
  const refusal = useRefusal('campaigns.launch')
  const { message } = useErrorText(limit.error)
  const errors = fieldErrors(limit.error)
  const reason = desk.canLimit ? refusal : t('limits.ended')
  const isReadOnly = reason !== undefined
  return (
    <Section
      title={t('limits.title')}
      note={t('limits.note')}
      actions={
        <Button
          disabledReason={reason}
          isPending={limit.isPending}
          onPress={() =>
            limit.mutate(limits, {
              onSuccess: () => {
                setTyped({})
                toast({ text: t('limits.done') })
              },
            })
          }
        >
          {t('limits.apply')}
        </Button>
      }
    >
      <FieldStack>
        {limit.isError && Object.keys(errors).length === 0 && <Banner tone="error" title={message} />}
        <FieldRow>
          <NumberField
            label={t('limits.perMinute')}
            placeholder={t('noLimit')}
            value={limits.perMinute ?? Number.NaN}
            onChange={(n) => setTyped({ ...typed, perMinute: orNull(n) })}
            minValue={1}
            error={errors['perMinute']}
            isDisabled={isReadOnly}
          />
          <NumberField
            label={t('limits.perHour')}
            placeholder={t('noLimit')}
            value={limits.perHour ?? Number.NaN}
            onChange={(n) => setTyped({ ...typed, perHour: orNull(n) })}
            minValue={1}
            error={errors['perHour']}
            isDisabled={isReadOnly}
          />
        </FieldRow>
      </FieldStack>
    </Section>
  )
}

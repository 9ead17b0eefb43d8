import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../../platform/api/problem.ts'
import { useRefusal } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Section } from '../../ui/Card.tsx'
import { useErrorText } from '../../ui/ErrorState.tsx'
import { FieldStack } from '../../ui/Field.tsx'
import { NumberField } from '../../ui/NumberField.tsx'
import { toast } from '../../ui/Toast.tsx'
import { useCampaign } from '../api.ts'
import { useSetBudget } from './api.ts'

/** What the campaign may cost in all, changed while it runs; raised, it goes on where its budget stopped it. Source: CB-9.1, CB-9.4 */
export function BudgetForm({ campaignId, hasEnded }: { campaignId: string; hasEnded: boolean }) {
  const t = useTranslations('campaigns.desk.budget')
  const { data: campaign } = useCampaign(campaignId)
  // Until something is typed in, the field shows what holds: another member may change it meanwhile.
  const [typed, setTyped] = useState<number | null>(null)
  const set = useSetBudget(campaignId)
  const refusal = useRefusal('campaigns.launch')
  const { message } = useErrorText(set.error)
  const issue = fieldErrors(set.error)['budget']
  if (!campaign) return null
  const isStopped = campaign.outOfBudgetOf === 'campaign'
  const reason = hasEnded ? t('ended') : refusal
  const shown = typed ?? campaign.budget ?? Number.NaN
  return (
    <Section
      title={t('title')}
      note={t(isStopped ? 'stopped' : 'note')}
      actions={
        <Button
          variant={isStopped ? 'primary' : 'secondary'}
          disabledReason={reason}
          isPending={set.isPending}
          onPress={() =>
            set.mutate(Number.isNaN(shown) ? null : shown, {
              onSuccess: ({ status }) => {
                setTyped(null)
                toast({ text: t(isStopped && status !== 'paused' ? 'goesOn' : 'done') })
              },
            })
          }
        >
          {t('apply')}
        </Button>
      }
    >
      <FieldStack>
        {set.isError && issue === undefined && <Banner tone="error" title={message} />}
        <NumberField
          label={t('amount')}
          placeholder={t('none')}
          value={shown}
          onChange={setTyped}
          minValue={0}
          formatOptions={{ style: 'currency', currency: campaign.currency }}
          error={issue}
          isDisabled={reason !== undefined}
        />
      </FieldStack>
    </Section>
  )
}

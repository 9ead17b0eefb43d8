import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Banner } from '../../ui/Banner.tsx'
import { useTestPlan } from './api.ts'

/** A rate that would have to double is no difference that one plans for. */
const LIFT_SHOWN_MAX = 1

/** Before the launch: what these people can show, and how many would be needed. */
export function PlanSentence({ campaignId }: { campaignId: string }) {
  const t = useTranslations('campaigns.test')
  const format = useFormat()
  const { data: plan } = useTestPlan(campaignId)
  if (!plan) return null
  const rate = format.percent(plan.baselineRate)
  const fifth = plan.needed.find(({ lift }) => lift === 0.2)
  const needed = fifth ? t('plan.needed', { people: format.number(fifth.perVariant) }) : ''
  if (plan.smallestLift === null || plan.smallestLift > LIFT_SHOWN_MAX)
    return (
      <Banner tone="warning" title={t('plan.nothing')}>
        {needed}
      </Banner>
    )
  const isWeak = plan.advice.length > 0
  return (
    <Banner
      tone={isWeak ? 'warning' : 'info'}
      title={t('plan.lift', {
        lift: format.percent(plan.smallestLift, 0),
        people: format.number(plan.recipientsPerVariant),
      })}
    >
      {t(plan.baselineIsOwn ? 'plan.own' : 'plan.usual', { rate })} {needed}{' '}
      {isWeak && format.list(plan.advice.map((advice) => t(`plan.advice.${advice}`)))}
    </Banner>
  )
}

import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Banner } from '../ui/Banner.tsx'
import { HrefLink } from '../ui/Link.tsx'
import type { Campaign } from './api.ts'
import { BUDGET_TOLD_FROM_PERCENT, useMonthBudgets } from './api.ts'

/** Says that a campaign's own budget is nearly used up; once it has stopped, the reason is said elsewhere. */
export function BudgetNotice({ campaign }: { campaign: Campaign }) {
  const t = useTranslations('campaigns.budgetNotice')
  const format = useFormat()
  const { budgetAlert, budget, currency, isOutOfBudget } = campaign
  if (budgetAlert === null || budget === null || isOutOfBudget) return null
  return (
    <Banner tone="warning" title={t('own', { percent: budgetAlert.percent })}>
      {t(budgetAlert.percent >= 100 ? 'spent' : 'text', {
        budget: format.number(budget, { style: 'currency', currency }),
      })}{' '}
      <HrefLink href={`/campaigns/${campaign.id}?view=desk`}>{t('raise')}</HrefLink>
    </Banner>
  )
}

/** Says which budgets of the month are nearly used up. */
export function MonthBudgetNotice() {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const { data } = useMonthBudgets()
  return data?.items
    .filter(({ percent }) => percent !== null && percent >= BUDGET_TOLD_FROM_PERCENT)
    .map(({ scope, percent, amount, used }) => (
      <Banner
        key={scope}
        tone="warning"
        title={t('budgetNotice.month', {
          name: scope === 'organization' ? t('budgetNotice.organization') : t(`channels.names.${scope}`),
          percent: percent ?? 0,
        })}
      >
        {t((percent ?? 0) >= 100 ? 'budgetNotice.monthSpent' : 'budgetNotice.monthText', {
          used: format.number(used, { style: 'currency', currency: data.currency }),
          budget: format.number(amount ?? 0, { style: 'currency', currency: data.currency }),
        })}{' '}
        <HrefLink href="/settings/prices">{t('budgetNotice.raise')}</HrefLink>
      </Banner>
    ))
}

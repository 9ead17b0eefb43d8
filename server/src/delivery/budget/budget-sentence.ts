/** Why a budget stopped a run, as a sentence for people. */
import type { BudgetOwner } from '../../budgets/index.ts'
import type { Locale } from '../../platform/context.ts'
import { MICROS } from '../../platform/money.ts'
import type { OutOfBudget } from './within-budget.ts'

/** The budget, what was used of it, what a message costs, and what to do. */
export function budgetSentence(
  locale: Locale,
  { scope, currency, limitMicros, usedMicros, priceMicros }: OutOfBudget,
): string {
  const money = (micros: number, digits = {}): string =>
    new Intl.NumberFormat(locale, { style: 'currency', currency, ...digits }).format(micros / MICROS)
  const [limit, used] = [money(limitMicros), money(usedMicros)]
  const price = money(priceMicros, { maximumFractionDigits: 6 })
  const budget = BUDGETS[locale][scope]
  const isOfMonth = scope !== 'campaign'
  return locale === 'fr'
    ? `${budget} de ${limit} est épuisé : ${used} sont dépensés, et un message coûte jusqu’à ${price}. L’envoi est arrêté. Relevez le budget, et il reprend où il s’est arrêté.${isOfMonth ? ' Le mois prochain, vous pourrez aussi le reprendre à la main.' : ''}`
    : `${budget} of ${limit} is used up: ${used} are spent, and a message costs up to ${price}. Sending has stopped. Raise the budget, and it goes on where it stopped.${isOfMonth ? ' Next month you can also resume it by hand.' : ''}`
}

/** Budgets as sentences begin with them. */
export const BUDGETS: Readonly<Record<Locale, Readonly<Record<BudgetOwner, string>>>> = {
  en: {
    campaign: 'The budget',
    organization: 'The organization’s budget for this month',
    email: 'This month’s budget for e-mail',
    sms: 'This month’s budget for SMS',
    whatsapp: 'This month’s budget for WhatsApp',
    in_app: 'This month’s budget for in-app messages',
    webhook: 'This month’s budget for webhooks',
  },
  fr: {
    campaign: 'Le budget',
    organization: 'Le budget de l’organisation pour ce mois',
    email: 'Le budget du mois pour l’e-mail',
    sms: 'Le budget du mois pour les SMS',
    whatsapp: 'Le budget du mois pour WhatsApp',
    in_app: 'Le budget du mois pour les messages dans l’application',
    webhook: 'Le budget du mois pour les webhooks',
  },
}

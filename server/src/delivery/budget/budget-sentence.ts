/** Why a budget stopped a run, as a sentence for people. */
import type { Locale } from '../../platform/context.ts'
import { MICROS } from '../../platform/money.ts'
import type { OutOfBudget } from './within-budget.ts'

/** The budget, what was used of it, what a message costs, and what to do. */
export function budgetSentence(
  locale: Locale,
  { currency, limitMicros, usedMicros, priceMicros }: OutOfBudget,
): string {
  const money = (micros: number, digits = {}): string =>
    new Intl.NumberFormat(locale, { style: 'currency', currency, ...digits }).format(micros / MICROS)
  const [limit, used] = [money(limitMicros), money(usedMicros)]
  const price = money(priceMicros, { maximumFractionDigits: 6 })
  return locale === 'fr'
    ? `Le budget de ${limit} est épuisé : ${used} sont dépensés, et un message coûte jusqu’à ${price}. L’envoi est arrêté. Relevez le budget, et il reprend où il s’est arrêté.`
    : `The budget of ${limit} is used up: ${used} are spent, and a message costs up to ${price}. Sending has stopped. Raise the budget, and it goes on where it stopped.`
}

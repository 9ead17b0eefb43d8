/** Why a breaker stopped a run, as a sentence for people. */
import type { Locale } from '../../platform/context.ts'
import type { Trip } from './breaker.ts'

/** What was counted, of how many, what the limit is, and what to do. */
export function tripSentence(locale: Locale, { kind, scope, domain, part, whole, limitBps }: Trip): string {
  const number = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const counted = `${number.format(part)} / ${number.format(whole)}, ${percent.format(part / whole)}`
  const limit = percent.format(limitBps / 10_000)
  const of = scope === 'domain' && domain !== null ? domain : null
  if (locale === 'fr') {
    const what =
      kind === 'bounces'
        ? `Trop d’adresses n’existent pas (${counted} ; limite ${limit})`
        : `Trop de personnes se plaignent (${counted} ; limite ${limit})`
    return `${what}${of === null ? '' : `, sur tout ce que ${of} a envoyé en un jour`}. L’envoi est arrêté pour protéger votre réputation. Vérifiez la liste, puis reprenez en disant pourquoi.`
  }
  const what =
    kind === 'bounces'
      ? `Too many addresses do not exist (${counted}; limit ${limit})`
      : `Too many people complain (${counted}; limit ${limit})`
  return `${what}${of === null ? '' : `, of everything that ${of} sent within a day`}. Sending has stopped to protect your reputation. Look at the list, then resume and say why.`
}

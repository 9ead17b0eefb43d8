/** Anomalies in sentences: what was counted, what is usual, what it likely comes from. */
import type { Locale } from '../../platform/context.ts'
import { toMajor } from '../../platform/money.ts'
import { dateInWords } from '../../platform/in-words.ts'
import type { AnomalyMetric } from '../schema.ts'
import type { Part } from './cause.ts'
import type { AnomalyRow } from './queries.ts'
import { isMean } from './rules.ts'

const NAMES: Record<Locale, Record<AnomalyMetric, string>> = {
  en: {
    failure: 'messages refused',
    bounce: 'bounces',
    complaint: 'complaints',
    unsubscribe: 'people who unsubscribed',
    open: 'opens',
    click: 'clicks',
    conversion: 'people who converted',
    volume: 'messages sent',
    order_value: 'revenue per buyer',
  },
  fr: {
    failure: 'messages refusés',
    bounce: 'retours en erreur',
    complaint: 'plaintes',
    unsubscribe: 'désinscriptions',
    open: 'ouvertures',
    click: 'clics',
    conversion: 'personnes converties',
    volume: 'messages envoyés',
    order_value: 'revenu par acheteur',
  },
}

type Known = Pick<
  AnomalyRow,
  | 'metric'
  | 'direction'
  | 'part'
  | 'whole'
  | 'usualMedian'
  | 'usualLow'
  | 'usualHigh'
  | 'peers'
  | 'p'
  | 'cause'
>
interface Reader {
  locale: Locale
  currency: string
  timeZone: string
}

/** What is unusual, in a few words. */
export function headlineOf({ locale }: Reader, { metric, direction }: Known): string {
  const name = NAMES[locale][metric]
  const what = locale === 'fr' ? `${HIGH_LOW.fr[direction]} de ` : `${HIGH_LOW.en[direction]} `
  if (metric !== 'order_value') return elided(capital(`${what}${name}`))
  return locale === 'fr'
    ? `Revenu par acheteur ${direction === 'high' ? 'plus élevé' : 'plus bas'} que d’habitude`
    : `${direction === 'high' ? 'Higher' : 'Lower'} revenue per buyer than usual`
}

const HIGH_LOW = {
  en: { high: 'Unusually many', low: 'Unusually few' },
  fr: { high: 'Anormalement beaucoup', low: 'Anormalement peu' },
} as const

/** The figures: observed, usual range, how many runs stand behind it, and how often chance does this. */
export function evidenceIn(reader: Reader, known: Known): string {
  const { locale } = reader
  const { metric, part, whole, usualMedian, usualLow, usualHigh, peers, p } = known
  const number = new Intl.NumberFormat(locale)
  const as = figureOf(reader, metric)
  const counted = isMean(metric)
    ? as(part / whole)
    : `${as(part / whole)} (${number.format(part)} / ${number.format(whole)})`
  const chance = new Intl.NumberFormat(locale, { maximumSignificantDigits: 1 }).format(Math.max(p, 1e-9))
  return locale === 'fr'
    ? `${counted}. D’habitude ${as(usualMedian)} : entre ${as(usualLow)} et ${as(usualHigh)}, d’après ${peers} envois comparables. Le hasard seul : p = ${chance}.`
    : `${counted}. Usually ${as(usualMedian)}: between ${as(usualLow)} and ${as(usualHigh)}, judging by ${peers} comparable sendings. By chance alone: p = ${chance}.`
}

/** Why events set nothing off. */
const PASSED_OVER: Record<Locale, Readonly<Record<string, string>>> = {
  en: {
    outside_audience: 'their people are not in the audience',
    limited: 'their people had got it too recently',
    too_late: 'they were told too late',
  },
  fr: {
    outside_audience: 'ces personnes ne sont pas dans l’audience',
    limited: 'ces personnes l’avaient reçu trop récemment',
    too_late: 'ils ont été annoncés trop tard',
  },
}

/** What it most likely comes from. */
export function causeIn(reader: Reader, { metric, cause, ...known }: Known): string {
  const { locale } = reader
  const number = new Intl.NumberFormat(locale)
  const of = `${number.format(cause.part)} / ${number.format(cause.whole)}`
  const rate = cause.whole === 0 ? '' : `${figureOf(reader, metric)(cause.part / cause.whole)}, `
  const label = labelOf(reader, cause)
  const low = known.direction === 'low'
  const words: Record<Locale, Record<Part['kind'], string>> = {
    en: {
      receiver: `It comes from the receiver ${label} (${rate}${of}); without it the rest is as usual.`,
      hour: `It comes from one hour, ${label} (${rate}${of}); the other hours are as usual.`,
      variant: `It comes from variant ${label} (${rate}${of}); the others are as usual.`,
      provider: `One answer stands behind most of it: ${label} (${of}).`,
      reason: `One reason stands behind most of it: ${label} (${of}).`,
      link: `Most people followed link ${label} (${of}).`,
      paused: 'The sending was paused on its way, which moves when people read it.',
      content: 'The content is new since the last run of this campaign.',
      no_events: 'No event that sets this campaign off arrived on that day: look at what sends the events.',
      passed_over: `Events arrived and set nothing off: ${number.format(cause.part)} of ${number.format(cause.whole)} because ${PASSED_OVER.en[cause.label] ?? label}.`,
      spread: low
        ? 'No part of it stands out: look at subject, content, audience and time.'
        : 'No part of it stands out: it is spread over receivers, hours and variants.',
    },
    fr: {
      receiver: `Cela vient du destinataire ${label} (${rate}${of}) ; sans lui, le reste est comme d’habitude.`,
      hour: `Cela vient d’une heure, ${label} (${rate}${of}) ; les autres sont comme d’habitude.`,
      variant: `Cela vient de la variante ${label} (${rate}${of}) ; les autres sont comme d’habitude.`,
      provider: `Une même réponse explique l’essentiel : ${label} (${of}).`,
      reason: `Une même raison explique l’essentiel : ${label} (${of}).`,
      link: `La plupart ont suivi le lien ${label} (${of}).`,
      paused: 'L’envoi a été mis en pause en chemin, ce qui déplace le moment de la lecture.',
      content: 'Le contenu est nouveau depuis le dernier envoi de cette campagne.',
      no_events:
        'Aucun événement qui déclenche cette campagne n’est arrivé ce jour-là : voyez ce qui les envoie.',
      passed_over: `Des événements sont arrivés sans rien déclencher : ${number.format(cause.part)} sur ${number.format(cause.whole)} parce que ${PASSED_OVER.fr[cause.label] ?? label}.`,
      spread: low
        ? 'Aucune partie ne se distingue : voyez l’objet, le contenu, l’audience et l’heure.'
        : 'Aucune partie ne se distingue : c’est réparti entre destinataires, heures et variantes.',
    },
  }
  return words[locale][cause.kind]
}

function labelOf({ locale, timeZone }: Reader, { kind, label }: Part): string {
  if (kind === 'hour')
    return dateInWords(locale, new Date(label), { dateStyle: 'medium', timeStyle: 'short', timeZone })
  return kind === 'reason' ? label.replaceAll('_', ' ') : label
}

function figureOf({ locale, currency }: Reader, metric: AnomalyMetric): (value: number) => string {
  if (metric === 'volume')
    return (value) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(value)
  if (metric === 'order_value')
    return (value) =>
      new Intl.NumberFormat(locale, { style: 'currency', currency }).format(toMajor(value, currency) ?? 0)
  return (value) =>
    new Intl.NumberFormat(locale, {
      style: 'percent',
      maximumFractionDigits: value < 0.01 ? 2 : 1,
    }).format(value)
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const elided = (text: string): string => text.replace(/ de (?=[aeiouyéè])/i, ' d’')

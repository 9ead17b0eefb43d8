/** Plans and their next runs in words, as people say them. Pure. */
import type { Locale } from '../../platform/context.ts'
import { dateInWords, zoneTime } from '../../platform/in-words.ts'
import { instantOf, startZone, type Occurrence, type Recurrence, type Repeat } from './recurrence.ts'

/** 2024-01-01 was a Monday: the first of a week of sample days for the names of weekdays. */
const MONDAY = Date.UTC(2024, 0, 1)
const DAY_MS = 86_400_000

const weekdayName = (locale: Locale, weekday: number): string =>
  new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(
    new Date(MONDAY + (weekday - 1) * DAY_MS),
  )

const listOf = (locale: Locale, items: readonly string[]): string =>
  new Intl.ListFormat(locale, { type: 'conjunction' }).format(items)

const ORDINALS: Readonly<Record<Locale, Readonly<Record<number, string>>>> = {
  en: { 1: 'first', 2: 'second', 3: 'third', 4: 'fourth', [-1]: 'last' },
  fr: { 1: 'premier', 2: 'deuxième', 3: 'troisième', 4: 'quatrième', [-1]: 'dernier' },
}

/** “Every Monday and Thursday at 09:00, Europe/Paris time, until 1 June 2027”. */
export function planInWords(plan: Recurrence, locale: Locale): string {
  const time = plan.at.slice(11, 16)
  const said = plan.repeat === null ? onceInWords(plan, locale) : repeatInWords(plan.repeat, time, locale)
  const clock =
    plan.clock === 'recipient'
      ? { en: 'in each recipient’s own time', fr: 'à l’heure de chaque destinataire' }[locale]
      : zoneTime(locale, plan.timeZone)
  const end =
    plan.endsOn === null || plan.repeat === null
      ? ''
      : { en: `, until ${dayOf(plan.endsOn, locale)}`, fr: `, jusqu’au ${dayOf(plan.endsOn, locale)}` }[
          locale
        ]
  return `${said}, ${clock}${end}`
}

function onceInWords({ at }: Recurrence, locale: Locale): string {
  const [day, time] = [dayOf(at.slice(0, 10), locale), at.slice(11, 16)]
  return { en: `Once, on ${day} at ${time}`, fr: `Une fois, le ${day} à ${time}` }[locale]
}

function repeatInWords(repeat: Repeat, time: string, locale: Locale): string {
  const isEn = locale === 'en'
  switch (repeat.kind) {
    case 'daily':
      if (isEn) return `${repeat.every === 1 ? 'Every day' : `Every ${repeat.every} days`} at ${time}`
      return `${repeat.every === 1 ? 'Tous les jours' : `Tous les ${repeat.every} jours`} à ${time}`
    case 'weekly': {
      const days = listOf(
        locale,
        repeat.weekdays.toSorted((a, b) => a - b).map((weekday) => weekdayName(locale, weekday)),
      )
      if (isEn) return `${repeat.every === 1 ? 'Every' : `Every ${repeat.every} weeks on`} ${days} at ${time}`
      return `${repeat.every === 1 ? 'Chaque' : `Toutes les ${repeat.every} semaines, le`} ${days} à ${time}`
    }
    case 'monthly': {
      const isLast = repeat.day === 31
      if (isEn)
        return `On ${isLast ? 'the last day' : `day ${repeat.day}`} of every ${repeat.every === 1 ? 'month' : `${repeat.every} months`} at ${time}`
      return `Le ${isLast ? 'dernier jour' : repeat.day} ${repeat.every === 1 ? 'de chaque mois' : `tous les ${repeat.every} mois`} à ${time}`
    }
    case 'monthly_weekday': {
      const nth = `${ORDINALS[locale][repeat.nth] ?? String(repeat.nth)} ${weekdayName(locale, repeat.weekday)}`
      if (isEn)
        return `On the ${nth} of every ${repeat.every === 1 ? 'month' : `${repeat.every} months`} at ${time}`
      return `Le ${nth} ${repeat.every === 1 ? 'de chaque mois' : `tous les ${repeat.every} mois`} à ${time}`
    }
    case 'cron':
      return isEn
        ? `By the cron expression ${repeat.expression}`
        : `Selon l’expression cron ${repeat.expression}`
  }
}

/**
 * One run in words: the day and time as the clock will show them, and what a clock change made of it. By the clock of
 * recipients, the time that is planned, and when it begins for those whose clock has passed it.
 */
export function occurrenceInWords(
  plan: Recurrence,
  { wall, at }: Occurrence,
  locale: Locale,
): { text: string; note: string | null } {
  const planned = wall.slice(11, 16)
  if (plan.clock === 'recipient')
    return {
      text: dayAndTime(wall, planned, locale),
      note: at > instantOf(wall, startZone(plan)) ? BEGUN[locale](at, plan.timeZone) : null,
    }
  const shown = clockAt(at, plan.timeZone)
  const text = dayAndTime(wall, shown, locale)
  if (shown !== planned)
    return {
      text,
      note: {
        en: `Clocks go forward that night: there is no ${planned}.`,
        fr: `On avance l’heure cette nuit-là : ${planned} n’existe pas.`,
      }[locale],
    }
  return { text, note: isRepeated(wall, plan.timeZone) ? REPEATED[locale](planned) : null }
}

const BEGUN: Readonly<Record<Locale, (at: Date, timeZone: string) => string>> = {
  en: (at, timeZone) =>
    `People whose clock shows it already get it from ${wallAt(at, timeZone, 'en')} on, ${zoneTime('en', timeZone)}.`,
  fr: (at, timeZone) =>
    `Les personnes dont l’horloge l’affiche déjà le reçoivent à partir du ${wallAt(at, timeZone, 'fr')}, ${zoneTime('fr', timeZone)}.`,
}

/** An instant as the clock of a zone shows it, with its day. */
function wallAt(at: Date, timeZone: string, locale: Locale): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone)
  return dayAndTime(zoned.toPlainDate().toString(), clockAt(at, timeZone), locale)
}

function dayAndTime(day: string, time: string, locale: Locale): string {
  const named = dateInWords(locale, new Date(`${day.slice(0, 10)}T00:00:00Z`), {
    dateStyle: 'full',
    timeZone: 'UTC',
  })
  return { en: `${named} at ${time}`, fr: `${named} à ${time}` }[locale]
}

const REPEATED: Readonly<Record<Locale, (planned: string) => string>> = {
  en: (planned) => `Clocks go back that night: of the two ${planned}, the first is meant.`,
  fr: (planned) => `On recule l’heure cette nuit-là : des deux ${planned}, c’est la première.`,
}

function isRepeated(wall: string, timeZone: string): boolean {
  const later = Temporal.PlainDateTime.from(wall).toZonedDateTime(timeZone, { disambiguation: 'later' })
  return later.epochMilliseconds !== instantOf(wall, timeZone).getTime()
}

const clockAt = (at: Date, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainTime()
    .toString({ smallestUnit: 'minute' })

const dayOf = (day: string, locale: Locale): string =>
  dateInWords(locale, new Date(`${day}T00:00:00Z`), { dateStyle: 'long', timeZone: 'UTC' })

/** The fields that every contact has. */
import { countriesOf, countryGroupOptions } from './country-groups.ts'
import { dayOf, startOfDay, addDays, ageOn } from './days.ts'
import { defineField, type Field, type FieldDefinition } from './field.ts'
import { anniversaryFlips, anniversaryFlipsAt, NEVER, realDay } from './flips.ts'
import { fold } from './fold.ts'
import { choiceOperators, type ChoiceActual, type ChoiceSql } from './operators/choice.ts'
import { birthdayOperators, dateOperators, type DaySql } from './operators/date.ts'
import { tagOperators } from './operators/list.ts'
import { numberOperators, wholeSql } from './operators/number.ts'
import { addressOperators, equalsAny, textOperators, type TextSql } from './operators/text.ts'
import type { Show } from './operator.ts'
import { countryOptions, languageOptions, optionLabel, timeZoneOptions } from './options.ts'
import type { Person } from './person.ts'
import type { SqlText } from './sql-text.ts'
import { numberText, quoted } from './words.ts'

const known = (text: string | null): string | null => (text === '' ? null : text)

/** Text columns that the room `contacts` stores in lower case already, so that their index serves. */
const storedFolded =
  (column: string) =>
  (q: SqlText): TextSql => ({ folded: q.column(column) })
const folded =
  (column: string) =>
  (q: SqlText): TextSql => ({ folded: `segment_fold(${q.column(column)})`, plain: q.column(column) })

const text = (
  definition: Pick<FieldDefinition<TextSql, string>, 'key' | 'group' | 'label' | 'subject' | 'suggestsFrom'>,
  read: (person: Person) => string | null,
): Field =>
  defineField({
    ...definition,
    operators: textOperators,
    show: quoted,
    sql: folded(definition.key),
    read: (person) => known(read(person)),
  })

/** Codes compare exactly: they are stored in one spelling. */
const codeSql =
  (column: string) =>
  (q: SqlText): ChoiceSql => ({
    isOneOf: (values) => `${q.column(column)} = any(${q.param(values, 'text[]')})`,
    known: () => `${q.column(column)} is not null`,
  })
const codeActual = (actual: string | null): ChoiceActual | null =>
  actual === null ? null : { text: actual, isOneOf: (values) => values.includes(actual) }

/** Free words out of a small set, such as tiers: letter case does not matter. */
const wordSql =
  (column: string) =>
  (q: SqlText): ChoiceSql => ({
    isOneOf: (values) => equalsAny(folded(column)(q), q, values),
    known: () => `${q.column(column)} <> ''`,
  })
const wordActual = (actual: string | null): ChoiceActual | null =>
  actual === null || actual === ''
    ? null
    : { text: actual, isOneOf: (values) => values.map(fold).includes(fold(actual)) }

/** A language without its region also finds people with one: `fr` finds `fr-CA`. */
const languageSql = (q: SqlText): ChoiceSql => ({
  isOneOf: (values) => {
    const param = q.param(values, 'text[]')
    return `(${q.column('language')} = any(${param}) or split_part(${q.column('language')}, '-', 1) = any(${param}))`
  },
  known: () => `${q.column('language')} is not null`,
})
const languageActual = (actual: string | null): ChoiceActual | null =>
  actual === null
    ? null
    : {
        text: actual,
        isOneOf: (values) => values.includes(actual) || values.includes(actual.split('-')[0] ?? ''),
      }

/** A calendar-day column. */
const dayColumn =
  (column: string) =>
  (q: SqlText): DaySql => ({
    from: (day) => `${q.column(column)} >= ${q.param(day, 'date')}`,
    to: (day) => `${q.column(column)} <= ${q.param(day, 'date')}`,
    onMonthDays: (monthDays) =>
      `to_char(${q.column(column)}, 'MM-DD') = any(${q.param(monthDays, 'text[]')})`,
    known: () => `${q.column(column)} is not null`,
    day: () => q.column(column),
  })

/** An instant column, read by the day it falls on: bounds become instants, so that an index over the column serves. */
const instantColumn =
  (column: string) =>
  (q: SqlText, { timeZone }: { timeZone: string }): DaySql => ({
    from: (day) => `${q.column(column)} >= ${q.param(startOfDay(day, timeZone), 'timestamptz')}`,
    to: (day) => `${q.column(column)} < ${q.param(startOfDay(addDays(day, 1), timeZone), 'timestamptz')}`,
    onMonthDays: (monthDays) =>
      `to_char(${q.column(column)} at time zone ${q.param(timeZone, 'text')}, 'MM-DD') = any(${q.param(monthDays, 'text[]')})`,
    known: () => `${q.column(column)} is not null`,
    day: () => `(${q.column(column)} at time zone ${q.param(timeZone, 'text')})::date`,
  })

const labelFrom =
  (options: () => readonly { value: string; label: { en: string; fr: string } }[]): Show =>
  (value, locale) =>
    optionLabel(options(), value)[locale]

/** The standard fields, in the order in which the editor lists them. */
export const CONTACT_FIELDS: readonly Field[] = [
  defineField({
    key: 'email',
    group: 'person',
    label: { en: 'E-mail address', fr: 'Adresse e-mail' },
    subject: { en: 'e-mail address', fr: 'l’adresse e-mail' },
    operators: addressOperators({
      given: { en: 'who have an e-mail address', fr: 'qui ont une adresse e-mail' },
      missing: { en: 'who have no e-mail address', fr: 'qui n’ont pas d’adresse e-mail' },
    }),
    show: quoted,
    sql: storedFolded('email'),
    read: (person) => known(person.email),
  }),
  defineField({
    key: 'email_domain',
    group: 'person',
    label: { en: 'E-mail domain', fr: 'Domaine de l’e-mail' },
    subject: { en: 'e-mail domain', fr: 'le domaine de l’e-mail' },
    operators: textOperators,
    show: quoted,
    sql: (q) => ({ folded: `split_part(${q.column('email')}, '@', 2)` }),
    read: (person) => known(person.email?.split('@')[1] ?? null),
  }),
  defineField({
    key: 'phone',
    group: 'person',
    label: { en: 'Phone', fr: 'Téléphone' },
    subject: { en: 'phone number', fr: 'le numéro de téléphone' },
    operators: addressOperators({
      given: { en: 'who have a phone number', fr: 'qui ont un numéro de téléphone' },
      missing: { en: 'who have no phone number', fr: 'qui n’ont pas de numéro de téléphone' },
    }),
    show: quoted,
    sql: storedFolded('phone'),
    read: (person) => known(person.phone),
  }),
  text(
    {
      key: 'first_name',
      group: 'person',
      label: { en: 'First name', fr: 'Prénom' },
      subject: { en: 'first name', fr: 'le prénom' },
    },
    (person) => person.firstName,
  ),
  text(
    {
      key: 'last_name',
      group: 'person',
      label: { en: 'Last name', fr: 'Nom' },
      subject: { en: 'last name', fr: 'le nom' },
    },
    (person) => person.lastName,
  ),
  defineField({
    key: 'birthday',
    group: 'person',
    label: { en: 'Birthday', fr: 'Anniversaire' },
    subject: { en: 'date of birth', fr: 'la date de naissance' },
    operators: birthdayOperators,
    show: quoted,
    sql: dayColumn('birthday'),
    read: (person) => person.birthday,
  }),
  defineField({
    key: 'age',
    group: 'person',
    label: { en: 'Age', fr: 'Âge' },
    subject: { en: 'age', fr: 'l’âge' },
    operators: numberOperators,
    show: (value, locale) => numberText(Number(value), locale),
    sql: (q, { today }) => {
      const [born, day] = [q.column('birthday'), q.param(today, 'date')]
      const years = `(${Number(today.slice(0, 4))} - extract(year from ${born})::int)`
      return wholeSql(
        q,
        `(${years} - case when (${born} + make_interval(years => ${years}))::date > ${day} then 1 else 0 end)`,
      )
    },
    read: (person, { today }) => (person.birthday === null ? null : ageOn(today, person.birthday)),
    flips: {
      sql: (q, scope) => anniversaryFlips(q, q.column('birthday'), 0, scope),
      at: ({ birthday }, scope) => {
        const day = birthday === null ? null : realDay(birthday)
        return day === null ? NEVER : anniversaryFlipsAt(day, 0, scope)
      },
    },
  }),
  defineField({
    key: 'language',
    group: 'person',
    label: { en: 'Language', fr: 'Langue' },
    subject: { en: 'language', fr: 'la langue' },
    operators: choiceOperators,
    show: labelFrom(languageOptions),
    options: languageOptions,
    sql: languageSql,
    read: (person) => languageActual(person.language),
  }),
  defineField({
    key: 'tags',
    group: 'person',
    label: { en: 'Tags', fr: 'Étiquettes' },
    subject: { en: 'tags', fr: 'les étiquettes' },
    operators: tagOperators,
    show: quoted,
    suggestsFrom: 'tags',
    sql: (q) => ({
      hasAny: (values) => `${q.column('tags')} && ${q.param(values, 'text[]')}`,
      hasAll: (values) => `${q.column('tags')} @> ${q.param(values, 'text[]')}`,
      hasSome: () => `${q.column('tags')} <> '{}'`,
    }),
    read: (person) => person.tags,
  }),
  defineField({
    key: 'country',
    group: 'place',
    label: { en: 'Country', fr: 'Pays' },
    subject: { en: 'country', fr: 'le pays' },
    operators: choiceOperators,
    show: labelFrom(countryOptions),
    options: countryOptions,
    sql: codeSql('country'),
    read: (person) => codeActual(person.country),
  }),
  defineField({
    key: 'country_group',
    group: 'place',
    label: { en: 'Region of the world', fr: 'Région du monde' },
    subject: { en: 'region of the world', fr: 'la région du monde' },
    operators: choiceOperators,
    show: labelFrom(countryGroupOptions),
    options: countryGroupOptions,
    sql: (q) => ({
      isOneOf: (values) => `${q.column('country')} = any(${q.param(countriesOf(values), 'text[]')})`,
      known: () => `${q.column('country')} is not null`,
    }),
    read: ({ country }) =>
      country === null ? null : { text: country, isOneOf: (values) => countriesOf(values).includes(country) },
  }),
  text(
    {
      key: 'city',
      group: 'place',
      label: { en: 'City', fr: 'Ville' },
      subject: { en: 'city', fr: 'la ville' },
      suggestsFrom: 'city',
    },
    (person) => person.city,
  ),
  defineField({
    key: 'time_zone',
    group: 'place',
    label: { en: 'Time zone', fr: 'Fuseau horaire' },
    subject: { en: 'time zone', fr: 'le fuseau horaire' },
    operators: choiceOperators,
    show: (value) => value.replaceAll('_', ' '),
    options: timeZoneOptions,
    sql: codeSql('time_zone'),
    read: (person) => codeActual(person.timeZone),
  }),
  defineField({
    key: 'subscription_tier',
    group: 'subscription',
    label: { en: 'Subscription tier', fr: 'Niveau d’abonnement' },
    subject: { en: 'subscription tier', fr: 'le niveau d’abonnement' },
    operators: choiceOperators,
    show: quoted,
    suggestsFrom: 'subscription_tier',
    sql: wordSql('subscription_tier'),
    read: (person) => wordActual(person.subscriptionTier),
  }),
  defineField({
    key: 'subscription_status',
    group: 'subscription',
    label: { en: 'Subscription status', fr: 'Statut de l’abonnement' },
    subject: { en: 'subscription status', fr: 'le statut de l’abonnement' },
    operators: choiceOperators,
    show: quoted,
    suggestsFrom: 'subscription_status',
    sql: wordSql('subscription_status'),
    read: (person) => wordActual(person.subscriptionStatus),
  }),
  defineField({
    key: 'created_at',
    group: 'record',
    label: { en: 'Added', fr: 'Ajout' },
    subject: { en: 'date added', fr: 'la date d’ajout' },
    operators: dateOperators,
    show: quoted,
    sql: instantColumn('created_at'),
    read: (person, { timeZone }) => dayOf(person.createdAt, timeZone),
  }),
  defineField({
    key: 'updated_at',
    group: 'record',
    label: { en: 'Last changed', fr: 'Dernière modification' },
    subject: { en: 'date of last change', fr: 'la date de dernière modification' },
    operators: dateOperators,
    show: quoted,
    sql: instantColumn('updated_at'),
    read: (person, { timeZone }) => dayOf(person.updatedAt, timeZone),
  }),
  text(
    {
      key: 'source',
      group: 'record',
      label: { en: 'Source', fr: 'Origine' },
      subject: { en: 'source', fr: 'l’origine' },
      suggestsFrom: 'source',
    },
    (person) => person.source,
  ),
]

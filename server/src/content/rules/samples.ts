/** People who are not there: what a mail must survive before it meets real ones. */
import type { Sample } from '../schema.ts'
import { NOBODY, type MailContact, type VariableDefinition } from './variables.ts'

/** What stands for a value that nobody has yet, by its type. */
export const EXAMPLES: Readonly<Record<VariableDefinition['type'], unknown>> = {
  text: 'Example',
  number: 42,
  date: '2026-11-27',
  boolean: true,
  list: ['Example'],
  url: '',
}

/**
 * A sample person with a value for each own field of the organization, or without any.
 * @param locale  of the names
 */
export function sampleContact(
  sample: Sample,
  locale: 'en' | 'fr',
  catalogue: readonly VariableDefinition[],
): MailContact {
  const typical = locale === 'fr' ? FRENCH : ENGLISH
  const own = catalogue.filter((variable) => variable.label !== null && variable.name.startsWith('contact.'))
  const attributes = Object.fromEntries(
    own.map((variable) => [variable.name.replace('contact.', ''), EXAMPLES[variable.type]]),
  )
  switch (sample) {
    case 'typical':
      return { ...typical, attributes }
    case 'no_name':
      return { ...NOBODY, email: typical.email }
    case 'long_name':
      return {
        ...typical,
        attributes,
        firstName: 'Maximilienne-Alexandrine-Théodora',
        lastName: 'von Hohenzollern-Sigmaringen-Featherstonehaugh',
        city: 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch',
      }
    case 'right_to_left':
      return {
        ...typical,
        attributes,
        firstName: 'ليلى',
        lastName: 'الحسيني',
        city: 'القاهرة',
        language: 'ar',
        country: 'EG',
      }
  }
}

const ENGLISH: MailContact = {
  ...NOBODY,
  email: 'alex.morgan@example.com',
  firstName: 'Alex',
  lastName: 'Morgan',
  language: 'en',
  timeZone: 'Europe/London',
  country: 'GB',
  city: 'Bristol',
  birthday: '1990-04-12',
  subscriptionTier: 'gold',
  subscriptionStatus: 'active',
  tags: ['newsletter'],
}

const FRENCH: MailContact = {
  ...ENGLISH,
  email: 'camille.martin@example.com',
  firstName: 'Camille',
  lastName: 'Martin',
  language: 'fr',
  timeZone: 'Europe/Paris',
  country: 'FR',
  city: 'Nantes',
}

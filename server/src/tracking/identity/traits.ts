/** What traits say about a person, as a contact holds it. Pure. */
import { type ContactInput, STANDARD_FIELDS, type StandardField } from '../../contacts/index.ts'
import type { Properties } from '../intake/message.ts'

/** Spellings of traits by the field they fill; the first that is there wins. Source: Segment's reserved traits */
const SPELLINGS: Record<StandardField, readonly string[]> = {
  email: ['email', 'emailAddress', 'email_address'],
  phone: ['phone', 'phoneNumber', 'phone_number', 'mobile'],
  firstName: ['firstName', 'first_name', 'firstname', 'givenName'],
  lastName: ['lastName', 'last_name', 'lastname', 'familyName'],
  language: ['language', 'locale', 'lang'],
  timeZone: ['timeZone', 'timezone', 'time_zone'],
  country: ['country', 'countryCode', 'country_code'],
  city: ['city', 'town'],
  birthday: ['birthday', 'birthDate', 'birth_date', 'dateOfBirth', 'date_of_birth'],
  subscriptionTier: ['subscriptionTier', 'subscription_tier'],
  subscriptionStatus: ['subscriptionStatus', 'subscription_status'],
}

/** Traits, told apart: what becomes part of the contact, and what stays with the event. */
export interface ReadTraits {
  input: ContactInput
  /** Fields that the traits fill: the event names them and does not repeat their values. */
  fields: string[]
  /** What the contact has no place for. */
  rest: Properties
}

/**
 * Reads traits.
 * @param customKeys  the organization's own fields; traits of other names stay with the event
 */
export function readTraits(traits: Properties, customKeys: ReadonlySet<string>): ReadTraits {
  const rest: Properties = { ...traits }
  const input: ContactInput = {}
  const fields: string[] = []
  const take = (field: StandardField, value: unknown): void => {
    if (value === null || value === '' || input[field] !== undefined) return
    if (typeof value !== 'string' && typeof value !== 'number') return
    input[field] = textOf(field, String(value))
    fields.push(field)
  }
  const address = isObject(traits['address']) ? traits['address'] : {}
  for (const field of STANDARD_FIELDS)
    for (const name of SPELLINGS[field]) {
      take(field, traits[name])
      if (traits[name] !== undefined) delete rest[name]
      if (field === 'country' || field === 'city') take(field, address[name])
    }
  delete rest['address']
  splitName(traits['name'], take)
  delete rest['name']
  const attributes: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(rest)) {
    const key = customKeys.has(name) ? name : snake(name)
    if (!customKeys.has(key) || value === null || isObject(value)) continue
    attributes[key] = value
    fields.push(`custom:${key}`)
    delete rest[name]
  }
  if (Object.keys(attributes).length > 0) input.attributes = attributes
  return { input, fields, rest }
}

/** A whole name, where it was not said in parts: the first word is the given one. */
function splitName(name: unknown, take: (field: StandardField, value: unknown) => void): void {
  if (typeof name !== 'string') return
  const [first = '', ...others] = name.trim().split(/\s+/)
  take('firstName', first)
  take('lastName', others.join(' '))
}

/** Clients write an instant where a day is meant, and a language with its country. */
function textOf(field: StandardField, value: string): string {
  if (field === 'birthday') return /^\d{4}-\d{2}-\d{2}T/.test(value) ? value.slice(0, 10) : value
  return value
}

const snake = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[\s.-]+/g, '_')
    .toLowerCase()

const isObject = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A contact's content, as it is stored and as callers and files bring it. */
import type { ContactId, Id } from '../../platform/ids.ts'
import type { AttributeValue } from '../values/attribute.ts'
import { STANDARD_FIELDS, type StandardField } from '../values/fields.ts'
import { fold } from '../values/text.ts'

/** Attributes by the key of their custom field. */
export type Attributes = Record<string, AttributeValue>

/**
 * What is to be stored about one person, every value already read into its stored form (lower-cased address, E.164,
 * `2026-11-27`, ISO codes). null means "says nothing", never "clear it".
 */
export type Draft = Record<StandardField, string | null> & { tags: readonly string[]; attributes: Attributes }

/** What is stored. */
export type ContactContent = Record<StandardField, string | null> & { tags: string[]; attributes: Attributes }

/** A contact. */
export interface Contact extends ContactContent {
  id: ContactId
  source: string
  importId: Id<'contact_import'> | null
  createdAt: Date
  updatedAt: Date
}

/** A draft that says nothing yet. */
export function emptyDraft(): Draft {
  return {
    email: null,
    phone: null,
    firstName: null,
    lastName: null,
    language: null,
    timeZone: null,
    country: null,
    city: null,
    birthday: null,
    subscriptionTier: null,
    subscriptionStatus: null,
    tags: [],
    attributes: {},
  }
}

/** The name in the two orders in which people search, without case and accents. */
export function nameKeys(content: Pick<ContactContent, 'firstName' | 'lastName'>): {
  nameKey: string
  givenKey: string
} {
  const first = content.firstName === null ? '' : fold(content.firstName)
  const last = content.lastName === null ? '' : fold(content.lastName)
  const both = first !== '' && last !== ''
  return { nameKey: both ? `${last} ${first}` : last || first, givenKey: both ? `${first} ${last}` : '' }
}

/** A copy of content that may be changed. */
export function copyContent(content: Readonly<ContactContent>): ContactContent {
  const copy = { tags: [...content.tags], attributes: { ...content.attributes } } as ContactContent
  for (const field of STANDARD_FIELDS) copy[field] = content[field]
  return copy
}

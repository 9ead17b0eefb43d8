/** A contact's content, as it is stored and as callers and files bring it. */
import type { ContactId, Id } from '../../platform/ids.ts'
import type { AttributeValue } from '../values/attribute.ts'
import { STANDARD_FIELDS, type StandardField } from '../values/fields.ts'
import { remembered } from '../values/remember.ts'
import { fold } from '../values/text.ts'

/** Attributes by the key of their custom field. */
export type Attributes = Record<string, AttributeValue>

/**
 * What is stored about one person, every value in its stored form (lower-cased address, E.164, `2026-11-27`, ISO
 * codes). Lists are never changed in place: drafts of one file share them.
 */
export type ContactContent = Record<StandardField, string | null> & { tags: string[]; attributes: Attributes }

/** Keyed hashes of a person's addresses, in hex: thousands of small buffers would burden the collector. */
export interface AddressHashes {
  emailHash: string | null
  phoneHash: string | null
}

/**
 * What is to be stored about one person. null means "says nothing", never "clear it". An import computes the hashes
 * ahead, while the database is busy; they hold for as long as the draft is stored as it is.
 */
export type Draft = ContactContent & { hashes?: AddressHashes }

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
  const first = content.firstName === null ? '' : foldName(content.firstName)
  const last = content.lastName === null ? '' : foldName(content.lastName)
  const both = first !== '' && last !== ''
  return { nameKey: both ? `${last} ${first}` : last || first, givenKey: both ? `${first} ${last}` : '' }
}

/** Names repeat: a list of a million people has some ten thousand of them. */
const foldName = remembered(fold)

/** A copy of content that may be changed. */
export function copyContent(content: Readonly<ContactContent>): ContactContent {
  const copy = { tags: content.tags, attributes: { ...content.attributes } } as ContactContent // the loop below sets the rest
  for (const field of STANDARD_FIELDS) copy[field] = content[field]
  return copy
}

/** The one documented set of variables that mails may use, and how a contact answers them. */

/**
 * What a mail may know of a contact, in the form rows come from the database. `attributes` holds the organization's
 * own fields by key. Days are `YYYY-MM-DD` texts.
 */
export interface MailContact {
  readonly email: string | null
  readonly phone: string | null
  readonly firstName: string | null
  readonly lastName: string | null
  readonly language: string | null
  readonly timeZone: string | null
  readonly country: string | null
  readonly city: string | null
  readonly birthday: string | null
  readonly subscriptionTier: string | null
  readonly subscriptionStatus: string | null
  readonly tags: readonly string[]
  readonly attributes: Readonly<Record<string, unknown>>
}

/** Somebody of whom nothing is known. */
export const NOBODY: MailContact = {
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

/** What a mail may know of its sender and its campaign: the same for every recipient of a run. */
export interface MailSetting {
  readonly organization: { readonly name: string; readonly postalAddress: string | null }
  readonly campaign: { readonly name: string }
}

/** The type of a variable's value, as the editor explains it. */
export type VariableType = 'text' | 'number' | 'date' | 'boolean' | 'list' | 'url'

/** One variable as offered to the author: its name in Liquid, its type and whether people may lack it. */
export interface VariableDefinition {
  readonly name: string
  readonly type: VariableType
  /** Some contacts have no value: a fallback is asked for. */
  readonly optional: boolean
  /** The label of an organization's own field; null for standard variables, which the screen names itself. */
  readonly label: string | null
}

/** Reads one standard field of a contact. The names are those written after `contact.` in Liquid. */
export const CONTACT_FIELDS: Readonly<Record<string, (contact: MailContact) => unknown>> = {
  email: (contact) => contact.email,
  phone: (contact) => contact.phone,
  first_name: (contact) => contact.firstName,
  last_name: (contact) => contact.lastName,
  language: (contact) => contact.language,
  time_zone: (contact) => contact.timeZone,
  country: (contact) => contact.country,
  city: (contact) => contact.city,
  birthday: (contact) => contact.birthday,
  subscription_tier: (contact) => contact.subscriptionTier,
  subscription_status: (contact) => contact.subscriptionStatus,
  tags: (contact) => contact.tags,
}

/** Variables that hold an address of ours: the only ones that may be a whole link. */
export const URL_VARIABLES = ['unsubscribe_url', 'preferences_url', 'view_in_browser_url'] as const
export type UrlVariable = (typeof URL_VARIABLES)[number]

const STANDARD: readonly VariableDefinition[] = [
  { name: 'contact.first_name', type: 'text', optional: true, label: null },
  { name: 'contact.last_name', type: 'text', optional: true, label: null },
  { name: 'contact.email', type: 'text', optional: false, label: null },
  { name: 'contact.phone', type: 'text', optional: true, label: null },
  { name: 'contact.city', type: 'text', optional: true, label: null },
  { name: 'contact.country', type: 'text', optional: true, label: null },
  { name: 'contact.language', type: 'text', optional: true, label: null },
  { name: 'contact.time_zone', type: 'text', optional: true, label: null },
  { name: 'contact.birthday', type: 'date', optional: true, label: null },
  { name: 'contact.subscription_tier', type: 'text', optional: true, label: null },
  { name: 'contact.subscription_status', type: 'text', optional: true, label: null },
  { name: 'contact.tags', type: 'list', optional: true, label: null },
  { name: 'organization.name', type: 'text', optional: false, label: null },
  { name: 'organization.postal_address', type: 'text', optional: false, label: null },
  { name: 'campaign.name', type: 'text', optional: false, label: null },
  { name: 'unsubscribe_url', type: 'url', optional: false, label: null },
  { name: 'preferences_url', type: 'url', optional: false, label: null },
  { name: 'view_in_browser_url', type: 'url', optional: false, label: null },
]

/** Stands in the catalogue where a message takes `data.…`, whatever its caller names so. */
export const CALLERS_DATA: VariableDefinition = { name: 'data', type: 'text', optional: false, label: null }

/** Stands in the catalogue where any property of an event may be named: for contents that were frozen before. */
export const ANY_EVENT: VariableDefinition = { name: 'event', type: 'text', optional: true, label: null }

/** A property of the event that sets a campaign off, as the dictionary knows it. */
export interface EventProperty {
  readonly name: string
  readonly type: VariableType
}

/** The properties of an event as variables. Any event may lack any of them, so a fallback is asked for. */
export const eventVariables = (properties: readonly EventProperty[]): VariableDefinition[] =>
  properties.map(({ name, type }) => ({ name: `event.${name}`, type, optional: true, label: name }))

/** An organization's own contact field, as the room contacts defines it. */
export interface OwnField {
  readonly key: string
  readonly name: string
  readonly type: 'text' | 'number' | 'date' | 'boolean' | 'choice' | 'list'
}

/**
 * Every variable a mail of this organization may use: the standard ones first, then its own contact fields.
 * Source: MA-1.2, CS-002.7
 */
export function variableCatalogue(ownFields: readonly OwnField[]): VariableDefinition[] {
  const own = ownFields.map((field) => ({
    name: `contact.${field.key}`,
    type: field.type === 'choice' ? ('text' as const) : field.type,
    optional: true,
    label: field.name,
  }))
  return [
    ...STANDARD,
    ...own.filter((variable) => !STANDARD.some((standard) => standard.name === variable.name)),
  ]
}

/**
 * The known variable that an unknown name most probably meant.
 * @returns null when nothing is near
 */
export function nearestVariable(name: string, catalogue: readonly VariableDefinition[]): string | null {
  const wanted = plain(name)
  let best: { name: string; distance: number } | null = null
  for (const candidate of catalogue) {
    const bare = candidate.name.replace(/^(?:contact|event)\./, '')
    const distance = Math.min(editDistance(wanted, plain(candidate.name)), editDistance(wanted, plain(bare)))
    if (best === null || distance < best.distance) best = { name: candidate.name, distance }
  }
  return best !== null && best.distance <= Math.max(2, Math.floor(wanted.length / 4)) ? best.name : null
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9.]/g, '')

/** Levenshtein's distance over two rows. Names are short, so the square is small. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const current = [i]
    for (let j = 1; j <= to.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[to.length] ?? 0
}

/** Which contacts a list, a change or an export is about. */
import { z } from 'zod'
import { instant } from '../../platform/wire.ts'
import { callingCodeOf } from '../values/phone.ts'
import { countryOfZone } from '../values/place.ts'
import { fold } from '../values/text.ts'

/** Longest search text. */
const SEARCH_CHARS_MAX = 200

const text = z.string().trim().min(1).max(200)
const texts = z.array(text).min(1).max(20)

/** Conditions that all hold. `tags` and `withoutTags` mean any of them. */
export const contactFilter = z.object({
  /** Beginning of an e-mail address, of a name in either order, or of a phone number. */
  q: z.string().trim().max(SEARCH_CHARS_MAX).optional(),
  /** The zone of the reader, by which a number that begins with 0 is understood. */
  timeZone: z.string().max(100).optional(),
  tags: texts.optional(),
  withoutTags: texts.optional(),
  countries: z
    .array(z.string().regex(/^[A-Z]{2}$/))
    .min(1)
    .max(50)
    .optional(),
  languages: z
    .array(z.string().regex(/^[a-z]{2}$/))
    .min(1)
    .max(50)
    .optional(),
  subscriptionTiers: texts.optional(),
  subscriptionStatuses: texts.optional(),
  sources: texts.optional(),
  importId: z.uuid().optional(),
  hasEmail: z.boolean().optional(),
  hasPhone: z.boolean().optional(),
  createdFrom: instant.optional(),
  createdBefore: instant.optional(),
  /** A custom field that holds exactly this value, written as text. */
  attribute: z.object({ key: z.string().min(1).max(63), value: z.string().max(200) }).optional(),
})
export type ContactFilter = z.output<typeof contactFilter>

/** A condition in SQL over `contact c`, with its values from `$n` on. */
export interface Condition {
  sql: string
  values: unknown[]
}

/**
 * The condition of a filter. Every value is a parameter, of which $1 is the organization; names of columns are ours.
 *
 * @param firstParameter  number of the first parameter, after those of the statement around it
 */
export function conditionOf(filter: ContactFilter, firstParameter: number): Condition {
  const values: unknown[] = []
  const parts: string[] = []
  const bind = (value: unknown): string => `$${firstParameter + values.push(value) - 1}`
  if (filter.q !== undefined && filter.q !== '') parts.push(searchCondition(filter.q, filter.timeZone, bind))
  if (filter.tags) parts.push(`c.tags && ${bind(filter.tags)}::text[]`)
  if (filter.withoutTags) parts.push(`not c.tags && ${bind(filter.withoutTags)}::text[]`)
  if (filter.countries) parts.push(`c.country = any(${bind(filter.countries)}::text[])`)
  if (filter.languages) parts.push(`c.language = any(${bind(filter.languages)}::text[])`)
  if (filter.subscriptionTiers)
    parts.push(`c.subscription_tier = any(${bind(filter.subscriptionTiers)}::text[])`)
  if (filter.subscriptionStatuses)
    parts.push(`c.subscription_status = any(${bind(filter.subscriptionStatuses)}::text[])`)
  if (filter.sources) parts.push(`c.source = any(${bind(filter.sources)}::text[])`)
  if (filter.importId !== undefined) parts.push(broughtBy(bind(filter.importId)))
  if (filter.hasEmail !== undefined) parts.push(`c.email is ${filter.hasEmail ? 'not null' : 'null'}`)
  if (filter.hasPhone !== undefined) parts.push(`c.phone is ${filter.hasPhone ? 'not null' : 'null'}`)
  if (filter.createdFrom) parts.push(`c.created_at >= ${bind(filter.createdFrom)}`)
  if (filter.createdBefore) parts.push(`c.created_at < ${bind(filter.createdBefore)}`)
  if (filter.attribute) {
    const key = bind(filter.attribute.key)
    const value = bind(filter.attribute.value)
    // A list holds the value among others; everything else is it.
    parts.push(
      `(c.attributes ->> ${key} = ${value} or c.attributes -> ${key} @> jsonb_build_array(${value}::text))`,
    )
  }
  return { sql: parts.length === 0 ? 'true' : parts.join(' and '), values }
}

/** Whom an import brought: all came at the instant at which it began, by which an index finds them. */
const broughtBy = (importId: string): string =>
  `c.import_id = ${importId} and c.created_at = (select i.started_at from contact_import i where i.org_id = $1 and i.id = ${importId})`

/**
 * Beginnings as ranges over byte-ordered columns. Not `like`: under row-level security PostgreSQL may use an index
 * only for operators that cannot leak (comparison can be, `like` cannot), so `like` would read every contact.
 */
function searchCondition(q: string, timeZone: string | undefined, bind: (value: unknown) => string): string {
  const parts: string[] = []
  const begins = (column: string, prefix: string): void => {
    parts.push(`(c.${column} >= ${bind(prefix)} and c.${column} < ${bind(`${prefix}\u{10ffff}`)})`)
  }
  const folded = fold(q)
  const digits = q.replaceAll(/[\s().-]/g, '')
  if (!folded.includes(' ')) begins('email', folded)
  if (!folded.includes('@')) {
    begins('name_key', folded)
    begins('given_key', folded)
  }
  if (/^(?:\+|00)?\d{3,}$/.test(digits)) {
    begins('phone', `+${digits.replace(/^\+|^00/, '')}`)
    const callingCode =
      timeZone === undefined || !/^0[1-9]/.test(digits) ? null : callingCodeOf(countryOfZone(timeZone))
    if (callingCode !== null) begins('phone', `+${callingCode}${digits.slice(1)}`)
  }
  return `(${parts.join(' or ')})`
}

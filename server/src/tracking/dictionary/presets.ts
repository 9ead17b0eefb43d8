/** What the usual names of events mean, until an organization says otherwise. Pure. */
import type { EventRole } from '../intake/words.ts'

/** By the name of a track event, whatever its case. Source: Segment's e-commerce and B2B SaaS events */
const PRESETS: ReadonlyMap<string, EventRole> = new Map([
  ['order completed', 'purchase'],
  ['completed order', 'purchase'],
  ['order refunded', 'refund'],
  ['order cancelled', 'refund'],
  ['order canceled', 'refund'],
  ['subscription started', 'subscription_started'],
  ['subscription cancelled', 'subscription_ended'],
  ['subscription canceled', 'subscription_ended'],
  ['subscription ended', 'subscription_ended'],
])

/** The role of a track event by its name; null for the others. */
export function presetRole(name: string): EventRole | null {
  return PRESETS.get(name.toLowerCase().replaceAll(/[\s_-]+/g, ' ')) ?? null
}

/** Names of properties that say who somebody is, in whatever spelling. */
const PERSONAL =
  /^(?:(?:customer|user|billing|shipping|contact|recipient)?(?:e?mail(?:address)?|phone(?:number)?|mobile|tel(?:ephone)?|(?:first|last|full|given|family|sur)name|name|address(?:line)?\d?|street\d?|postalcode|postcode|zip(?:code)?|birth(?:day|date)|dateofbirth|dob|ssn|iban|ip(?:address)?))$/i

/**
 * Whether a property is taken for personal until an organization says otherwise. On a page or screen `name` is the
 * page's, and in a group it is the company's.
 */
export function isPersonalByName(type: string, property: string): boolean {
  const plain = property.replaceAll(/[\s_.-]/g, '')
  if (/^name$/i.test(plain) && type !== 'identify') return false
  return PERSONAL.test(plain)
}

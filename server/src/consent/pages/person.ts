/** Whose page it is: the person behind a token, and the organization that wrote to them. */
import type { Ctx, Locale } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import {
  linksOfMessage,
  presentContactId,
  readToken,
  type TokenMessage,
  type TokenPurpose,
} from '../../tracking/index.ts'
import { selectPageFacts } from './queries.ts'

/** Everything a page is made from. */
export interface PagePerson {
  /** Acts as the contact, in the organization that wrote. */
  ctx: Ctx
  message: TokenMessage
  /** The profile that the person has today. */
  contactId: ContactId
  organization: string
  locale: Locale
  /** As much of the address as its owner recognises, and nobody else learns. */
  maskedAddress: string
  hasEmail: boolean
  hasPhone: boolean
  preferencesUrl: string
}

/** @returns null for every token that is not ours and for this purpose */
export async function personOf(
  platform: Platform,
  token: string,
  purpose: TokenPurpose,
  request: { requestId: string; addressPrefix: string | null },
): Promise<PagePerson | null> {
  const read = await readToken(platform, token, purpose)
  if (!read) return null
  const { message } = read
  const contactId = await presentContactId(platform.systemCtx(message.orgId), message.contactId)
  const ctx = platform.ctx(message.orgId, { kind: 'contact', id: contactId }, request)
  const facts = await selectPageFacts(ctx, contactId)
  const locale = (facts.language ?? facts.organizationLocale ?? 'en').toLowerCase().startsWith('fr')
    ? 'fr'
    : 'en'
  const address = message.channel === 'email' ? facts.email : facts.phone
  return {
    message,
    contactId,
    locale,
    ctx: { ...ctx, locale },
    organization: facts.organization ?? '',
    maskedAddress: masked(address),
    hasEmail: facts.email !== null,
    hasPhone: facts.phone !== null,
    preferencesUrl: linksOfMessage(ctx, message).preferences,
  }
}

/** `jeanne@example.com` → `j•••@example.com`, `+33612345678` → `•••78`. */
export function masked(address: string | null): string {
  if (address === null) return '•••'
  const at = address.lastIndexOf('@')
  return at > 0 ? `${address.slice(0, 1)}•••${address.slice(at)}` : `•••${address.slice(-2)}`
}

/** What the organization of a ctx is called. */
export async function organizationName(ctx: Ctx): Promise<string> {
  return (await selectPageFacts(ctx, '0' as ContactId)).organization ?? '' // nobody has the number 0
}

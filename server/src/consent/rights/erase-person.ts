/**
 * Forgetting a person in every room: each gives its steps (`Room.erase`), and the platform forgets what its log, its
 * audit chain and its queue say. What stays is the keyed hash of the address with reason and date, numbers that name
 * nobody, and counts.
 * Source: GDPR 17; design §5 Erasure; PC-45
 */
import { audit } from '../../platform/audit/index.ts'
import { identityOf } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import { forgetInPlatform } from '../../platform/forget.ts'
import type { ContactId } from '../../platform/ids.ts'
import { eraseSteps } from '../../platform/rights.ts'
import { identitiesOf, personalValues } from '../../tracking/index.ts'
import { personErased } from '../events.ts'
import { forgetImportRemarks } from '../suppression/import-queries.ts'
import { forgetRemarks, type NewSuppression } from '../suppression/queries.ts'
import { suppress } from '../suppression/suppress.ts'

/** What was erased, in texts that the caller may look for afterwards. They must not be kept. */
export interface Erased {
  texts: string[]
}

/**
 * Erases a person at their wish, in one transaction: their addresses are never used again. Repeating it changes
 * nothing more.
 * @returns null when nothing is known under this id
 */
export function erasePerson(ctx: Ctx, contactId: ContactId): Promise<Erased | null> {
  return inTransaction(ctx, async (ctx) => {
    const identity = await identityOf(ctx, contactId)
    if (!identity) return null
    // By the addresses, since those of a deleted profile have no row any more that would hold their hash.
    await barAddresses(ctx, identity)
    return forget(ctx, [contactId])
  })
}

/**
 * Forgets people whose time is over, a few hundred in one transaction. They may come back: no address is barred.
 * @returns how many there were
 */
export function forgetPeople(ctx: Ctx, contactIds: readonly ContactId[]): Promise<number> {
  return inTransaction(ctx, async (ctx) => {
    await forget(ctx, contactIds)
    return contactIds.length
  })
}

async function forget(ctx: Ctx, contactIds: readonly ContactId[]): Promise<Erased> {
  const ids: ContactId[] = []
  const texts: string[] = []
  const names: string[] = []
  for (const contactId of contactIds) {
    const identity = await identityOf(ctx, contactId)
    const own = await identitiesOf(ctx, contactId)
    // Read before the events forget them: what is marked personal may be repeated where nobody marked it.
    names.push(...(await personalValues(ctx, own)))
    for (const { step } of eraseSteps()) for (const id of own) await step(ctx, id)
    ids.push(...own)
    if (!identity) continue
    texts.push(...identity.emails, ...identity.phones, ...identity.names)
    names.push(...identity.nameParts)
  }
  await forgetRemarks(ctx, texts)
  await forgetImportRemarks(ctx, texts)
  await forgetInPlatform(ctx, { ids, texts, names })
  for (const contactId of contactIds) audit(ctx, 'contact.erased', { kind: 'contact', id: contactId })
  const [only] = contactIds
  announce(
    ctx,
    personErased,
    { contactIds: ids },
    contactIds.length === 1 && only !== undefined ? { contactId: only } : {},
  )
  return { texts }
}

async function barAddresses(
  ctx: Ctx,
  { email, phone }: { email: string | null; phone: string | null },
): Promise<void> {
  const keys = await ctx.platform.secrets.of(ctx)
  const entry = { reason: 'erasure', scope: 'all', source: 'erasure' } as const
  const barred: NewSuppression[] = []
  if (email !== null)
    barred.push({ ...entry, channel: 'email', addressHash: keys.addressHash('email', email) })
  if (phone !== null) barred.push({ ...entry, channel: 'sms', addressHash: keys.addressHash('sms', phone) })
  await suppress(ctx, barred)
}

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
import { identitiesOf } from '../../tracking/index.ts'
import { personErased } from '../events.ts'
import { forgetRemarks, type NewSuppression } from '../suppression/queries.ts'
import { suppress } from '../suppression/suppress.ts'

/** What was erased, in texts that the caller may look for afterwards. They must not be kept. */
export interface Erased {
  texts: string[]
}

/**
 * Erases a person, in one transaction. Repeating it changes nothing more.
 * @returns null when nothing is known under this id
 */
export function erasePerson(ctx: Ctx, contactId: ContactId): Promise<Erased | null> {
  return inTransaction(ctx, async (ctx) => {
    const identity = await identityOf(ctx, contactId)
    if (!identity) return null
    const ids = await identitiesOf(ctx, contactId)
    // By the addresses, since those of a deleted profile have no row any more that would hold their hash.
    await barAddresses(ctx, identity)
    for (const { step } of eraseSteps()) for (const id of ids) await step(ctx, id)
    const texts = [...identity.emails, ...identity.phones, ...identity.names]
    await forgetRemarks(ctx, texts)
    await forgetInPlatform(ctx, { ids, texts, names: identity.nameParts })
    audit(ctx, 'contact.erased', { kind: 'contact', id: contactId }, { profiles: ids.length })
    announce(ctx, personErased, { contactIds: ids }, { contactId })
    return { texts }
  })
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

/** The list of addresses never to be used. */
import type { Ctx } from '../../platform/context.ts'
import { audit } from '../../platform/audit/index.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import { addressSuppressed, suppressionLifted } from '../events.ts'
import { errors } from '../errors.ts'
import type { SuppressionReason } from '../words.ts'
import {
  insertSuppressions,
  liftEntry,
  selectSuppression,
  type NewSuppression,
  type SuppressedChannel,
  type Suppression,
} from './queries.ts'

/**
 * Puts addresses on the list. What is on it stays, unless the new reason is stronger.
 * @returns the entries that are new or stronger
 * Source: FR-002.3, compliance report §1.5
 */
export function suppress(ctx: Ctx, entries: readonly NewSuppression[]): Promise<Suppression[]> {
  return inTransaction(ctx, async (ctx) => {
    if (entries.length === 0) return []
    const added = await insertSuppressions(ctx, entries)
    for (const entry of added) {
      const addressHash = entry.addressHash.toString('hex')
      audit(
        ctx,
        'suppression.added',
        { kind: 'suppression', id: `${entry.channel}-${addressHash}` },
        { reason: entry.reason, scope: entry.scope, source: entry.source, note: entry.note },
      )
      announce(
        ctx,
        addressSuppressed,
        { channel: entry.channel, addressHash, reason: entry.reason },
        entry.contactId === null ? {} : { contactId: entry.contactId },
      )
    }
    return added
  })
}

/** Reasons that a member may lift. The others end only when the person signs up again, or never. */
const LIFTABLE: ReadonlySet<SuppressionReason> = new Set(['manual', 'import', 'hard', 'soft_repeat'])

/** May a member take an entry with this reason off the list? */
export const isLiftable = (reason: SuppressionReason): boolean => LIFTABLE.has(reason)

/**
 * Takes an address off the list.
 * @param because  the member's reason, kept in the audit log
 * @throws consent.suppression_not_found, consent.not_liftable
 */
export function liftSuppression(
  ctx: Ctx,
  channel: SuppressedChannel,
  addressHash: Buffer,
  because: string,
): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const entry = await selectSuppression(ctx, channel, addressHash)
    if (!entry) throw errors.suppression_not_found()
    if (!isLiftable(entry.reason)) throw errors.not_liftable({}, { extra: { reason: entry.reason } })
    await liftEntry(ctx, entry)
    const hex = addressHash.toString('hex')
    audit(
      ctx,
      'suppression.lifted',
      { kind: 'suppression', id: `${channel}-${hex}` },
      { reason: entry.reason, because },
    )
    announce(
      ctx,
      suppressionLifted,
      { channel, addressHash: hex },
      entry.contactId === null ? {} : { contactId: entry.contactId },
    )
  })
}

/** The entry of an address, given as its keyed hash; null when it is not on the list. */
export function isSuppressed(
  ctx: Ctx,
  channel: SuppressedChannel,
  addressHash: Buffer,
): Promise<Suppression | null> {
  return selectSuppression(ctx, channel, addressHash)
}

/** Taking a withdrawal back, where whoever carries the wish knows of nothing but that withdrawal. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { ConsentChannel } from '../words.ts'
import { lockPerson, selectEndedGrants, type ChangedPreference } from './queries.ts'
import { recordConsents, type ConsentOrigin } from './record.ts'

/** Whose withdrawals of a channel's marketing are taken back, and which: those with this `sourceId`. */
export interface Resumption {
  contactIds: readonly ContactId[]
  channel: ConsentChannel
  sourceId: string
  occurredAt: Date
  /** The person's own words, or those of whoever tells of them. */
  reason: string | null
}

/**
 * Says again, on the same basis and for as long, what one kind of withdrawal ended. It is consent to nothing else: whoever
 * never agreed, left in another way or left everything has not agreed by it.
 * @returns the preferences that changed
 * Source: MA-9.1, CS-018.2
 */
export function resumeWithdrawn(
  ctx: Ctx,
  origin: ConsentOrigin,
  { contactIds, channel, sourceId, occurredAt, reason }: Resumption,
): Promise<ChangedPreference[]> {
  return inTransaction(ctx, async (ctx) => {
    for (const contactId of contactIds.toSorted()) await lockPerson(ctx, contactId)
    const ended = await selectEndedGrants(ctx, contactIds, channel, sourceId)
    return recordConsents(
      ctx,
      origin,
      ended.map(({ contactId, basis, expiresAt }) => ({
        contactId,
        channel,
        purpose: 'marketing' as const,
        state: 'granted' as const,
        basis,
        expiresAt,
        occurredAt,
        reason,
        sourceId,
      })),
    )
  })
}

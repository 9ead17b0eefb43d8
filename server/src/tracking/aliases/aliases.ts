/** Who a link in an old mail belongs to, after profiles were merged. */
import { contactsMerged } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { defineConsumer } from '../../platform/events/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { requestMoves } from '../identity/move.ts'
import { lockIdentity, repoint } from '../identity/queries.ts'
import { insertAliases, selectMergedIds, selectPresentId, selectPresentIds } from './queries.ts'

/**
 * Reads mergers from the log. Links lead to the profile that stays, its former ids name it, and the history goes over:
 * first what arrives from now on, then what is there already.
 */
export const aliasConsumer = defineConsumer({
  name: 'tracking.aliases',
  types: [contactsMerged.type],
  handle: async (ctx, events) => {
    const mergers = events.map((event) => contactsMerged.payload.parse(event.payload))
    await insertAliases(ctx, mergers)
    await lockIdentity(ctx)
    const ends = new Map<string, string>()
    // Backwards, so that a profile merged on in the same batch leads to where it ends.
    for (const { mergedId, keptId } of mergers.toReversed()) ends.set(mergedId, ends.get(keptId) ?? keptId)
    const pairs = [...ends].map(([fromId, toId]) => ({
      fromId: fromId as ContactId, // the events carry database ids of contacts
      toId: toId as ContactId, // likewise
    }))
    await repoint(ctx, pairs)
    await requestMoves(ctx, pairs)
  },
})

/** Remembers mergers for a reader who meets them before `aliasConsumer` does; repeating changes nothing. */
export const rememberMergers = async (
  ctx: Ctx,
  mergers: readonly { mergedId: string; keptId: string }[],
): Promise<void> => {
  if (mergers.length > 0) await insertAliases(ctx, mergers)
}

/** The profile in which a contact lives on; itself when it was never merged into another. */
export function presentContactId(ctx: Ctx, contactId: ContactId): Promise<ContactId> {
  return selectPresentId(ctx, contactId)
}

/** The profiles in which contacts live on, each once. */
export const presentContactIds = async (ctx: Ctx, contactIds: readonly ContactId[]): Promise<ContactId[]> =>
  contactIds.length === 0 ? [] : selectPresentIds(ctx, contactIds)

/** Every number under which a person was known: that of the profile, and those of profiles merged into it. */
export async function identitiesOf(ctx: Ctx, contactId: ContactId): Promise<ContactId[]> {
  return [contactId, ...(await selectMergedIds(ctx, contactId))]
}

/** Who a link in an old mail belongs to, after profiles were merged. */
import { contactsMerged } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { defineConsumer } from '../../platform/events/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { insertAliases, selectPresentId } from './queries.ts'

/** Reads mergers from the log. */
export const aliasConsumer = defineConsumer({
  name: 'tracking.aliases',
  types: [contactsMerged.type],
  handle: async (ctx, events) => {
    await insertAliases(
      ctx,
      events.map((event) => contactsMerged.payload.parse(event.payload)),
    )
  },
})

/** The profile in which a contact lives on; itself when it was never merged into another. */
export function presentContactId(ctx: Ctx, contactId: ContactId): Promise<ContactId> {
  return selectPresentId(ctx, contactId)
}

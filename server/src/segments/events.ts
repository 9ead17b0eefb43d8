/** What this room does when contacts change: lists follow merges and forget those who are gone for good. */
import { z } from 'zod'
import { defineConsumer } from '../platform/events/index.ts'
import { deleteMemberships, moveMemberships } from './queries/members.ts'

/** The events of the room `contacts` that concern lists, as far as this room reads them. */
const merged = z.object({ keptId: z.string(), mergedId: z.string() })
const purged = z.object({ contactIds: z.array(z.string()) })

/** Keeps the members of lists true. A deletion that can be taken back changes nothing: its members are not counted. */
export const followContacts = defineConsumer({
  name: 'segments.members',
  types: ['contacts.merged', 'contacts.purged'],
  handle: async (ctx, events) => {
    const pairs = events.flatMap((event) =>
      event.type === 'contacts.merged' ? [merged.parse(event.payload)] : [],
    )
    // One after the other: of two merges in a row, the second moves what the first has brought.
    for (const { keptId, mergedId } of pairs) await moveMemberships(ctx, [mergedId], [keptId])
    const gone = events.flatMap((event) =>
      event.type === 'contacts.purged' ? purged.parse(event.payload).contactIds : [],
    )
    if (gone.length > 0) await deleteMemberships(ctx, gone)
  },
})

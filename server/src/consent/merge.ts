/** When two profiles become one, the more restrictive word wins, per channel and purpose. */
import { contactsMerged } from '../contacts/index.ts'
import type { Ctx } from '../platform/context.ts'
import { defineConsumer, type LogEvent } from '../platform/events/index.ts'
import type { ContactId } from '../platform/ids.ts'
import { moreRestrictive } from './preferences/fold.ts'
import { selectPreferences, type Preference } from './preferences/queries.ts'
import { recordConsents, type ConsentRecord } from './preferences/record.ts'

/** Reads mergers from the log. */
export const mergeConsumer = defineConsumer({
  name: 'consent.merge',
  types: [contactsMerged.type],
  handle: async (ctx, events) => {
    // One after the other: a profile may be merged on in the same batch.
    for (const event of events) await mergeProfiles(ctx, event)
  },
})

async function mergeProfiles(ctx: Ctx, event: LogEvent): Promise<void> {
  const { keptId, mergedId } = contactsMerged.payload.parse(event.payload)
  const kept = keptId as ContactId // the event carries database ids of contacts
  const merged = mergedId as ContactId // likewise
  const words = await selectPreferences(ctx, [kept, merged])
  const own = words.filter((word) => word.contactId === kept)
  const records = words
    .filter((word) => word.contactId === merged)
    .map((word) =>
      joined(
        kept,
        word,
        own.find((other) => other.channel === word.channel && other.purpose === word.purpose),
      ),
    )
  await recordConsents(ctx, { source: 'merge' }, records)
}

/** At the later of both times, so that of two words the more restrictive takes its place in the fold. */
function joined(kept: ContactId, word: Preference, own: Preference | undefined): ConsentRecord {
  const state = own ? moreRestrictive(own.state, word.state) : word.state
  const chosen = own && own.state === state ? own : word
  return {
    contactId: kept,
    channel: word.channel,
    purpose: word.purpose,
    state,
    occurredAt: own && own.decidedAt > word.decidedAt ? own.decidedAt : word.decidedAt,
    expiresAt: chosen.expiresAt,
    sourceId: word.contactId,
  }
}

/** What the rows of an imported file claim about consent, recorded inside the import's own transactions. */
import { registerConsentIntake, type ConsentIntakePerson } from '../contacts/index.ts'
import type { Ctx } from '../platform/context.ts'
import { CONSENT_BATCH_MAX, recordConsents, type ConsentRecord } from './preferences/record.ts'
import { countSuppressedPeople } from './suppression/queries.ts'

/**
 * Registers this room with the imports of the room contacts. A claimed yes is written down with its date and source;
 * it never takes an address off the suppression list.
 * Source: PC-09, PC-23
 */
export function receiveImports(): void {
  registerConsentIntake({
    receive: async (ctx, importId, people) => {
      const records = people.flatMap((person) => recordsOf(importId, person))
      for (let start = 0; start < records.length; start += CONSENT_BATCH_MAX)
        await recordConsents(ctx, { source: 'import' }, records.slice(start, start + CONSENT_BATCH_MAX))
      return { recorded: records.length, suppressed: await suppressedOf(ctx, people) }
    },
  })
}

function recordsOf(importId: string, person: ConsentIntakePerson): ConsentRecord[] {
  return person.claims.map((claim) => ({
    contactId: person.contactId,
    channel: claim.channel,
    purpose: 'marketing',
    state: claim.granted ? 'granted' : 'denied',
    occurredAt: claim.at,
    sourceId: importId,
    sourceVersion: claim.source,
  }))
}

const suppressedOf = (ctx: Ctx, people: readonly ConsentIntakePerson[]): Promise<number> =>
  people.some((person) => person.emailHash !== null || person.phoneHash !== null)
    ? countSuppressedPeople(ctx, people)
    : Promise.resolve(0)

/** The registry of clause kinds: the only list. */
import { z } from 'zod'
import { campaignClause } from './campaign.ts'
import { consentClause } from './consent.ts'
import { contactClause } from './contact.ts'
import type { ClauseKind } from './define.ts'
import { engagementClause } from './engagement.ts'
import { eventClause } from './event.ts'
import { importClause } from './import.ts'
import { moneyClause } from './money.ts'
import { profileClause } from './profile.ts'
import { randomClause } from './random.ts'
import { reachableClause } from './reachable.ts'
import { segmentClause } from './segment.ts'
import { sequenceClause } from './sequence.ts'

const CLAUSE_KINDS = {
  contact: contactClause,
  event: eventClause,
  sequence: sequenceClause,
  money: moneyClause,
  profile: profileClause,
  engagement: engagementClause,
  campaign: campaignClause,
  consent: consentClause,
  reachable: reachableClause,
  segment: segmentClause,
  import: importClause,
  random: randomClause,
}

/** Every kind, in the order in which the editor lists their terms. */
export const clauseKinds = Object.values(CLAUSE_KINDS)

/** One condition of a rule, as it stands on the wire. */
export const clauseSchema = z.discriminatedUnion('kind', [
  CLAUSE_KINDS.contact.schema,
  CLAUSE_KINDS.event.schema,
  CLAUSE_KINDS.sequence.schema,
  CLAUSE_KINDS.money.schema,
  CLAUSE_KINDS.profile.schema,
  CLAUSE_KINDS.engagement.schema,
  CLAUSE_KINDS.campaign.schema,
  CLAUSE_KINDS.consent.schema,
  CLAUSE_KINDS.reachable.schema,
  CLAUSE_KINDS.segment.schema,
  CLAUSE_KINDS.import.schema,
  CLAUSE_KINDS.random.schema,
])
export type Clause = z.output<typeof clauseSchema>
export type ClauseInput = z.input<typeof clauseSchema>

/** The definition that a clause belongs to. */
export function kindOf(clause: Clause): ClauseKind<z.ZodObject> {
  return CLAUSE_KINDS[clause.kind]
}

/** The registry of clause kinds: the only list. */
import { z } from 'zod'
import { contactClause } from './contact.ts'
import type { ClauseKind } from './define.ts'
import { importClause } from './import.ts'
import { segmentClause } from './segment.ts'

const CLAUSE_KINDS = { contact: contactClause, segment: segmentClause, import: importClause }

/** Every kind, in the order in which the editor lists their terms. */
export const clauseKinds = Object.values(CLAUSE_KINDS)

/** One condition of a rule, as it stands on the wire. */
export const clauseSchema = z.discriminatedUnion('kind', [
  CLAUSE_KINDS.contact.schema,
  CLAUSE_KINDS.segment.schema,
  CLAUSE_KINDS.import.schema,
])
export type Clause = z.output<typeof clauseSchema>
export type ClauseInput = z.input<typeof clauseSchema>

/** The definition that a clause belongs to. */
export function kindOf(clause: Clause): ClauseKind<z.ZodObject> {
  return CLAUSE_KINDS[clause.kind]
}

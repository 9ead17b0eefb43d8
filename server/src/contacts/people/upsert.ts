/** How the rooms above and the API bring people in: drafts in, one outcome each out. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { checkValue, type CheckContext } from '../changes/apply.ts'
import { contactsCreated, contactsUpdated } from '../events.ts'
import { selectFields } from '../fields/queries.ts'
import { type Draft, emptyDraft } from '../store/draft.ts'
import { mergeBatch } from '../store/merge-batch.ts'
import type { DraftOutcome, Policy } from '../store/policy.ts'
import { STANDARD_FIELDS } from '../values/fields.ts'
import { countryCode } from '../values/place.ts'
import type { Reason } from '../values/reasons.ts'
import { ENTRY_CHARS_MAX, parseText } from '../values/text.ts'
import type { ContactInput } from './write.ts'

/** What became of one person: who they are and what was done, or why they were left out. */
export type UpsertOutcome =
  | { contactId: ContactId; outcome: DraftOutcome; leftOut: { field: string; reason: Reason }[] }
  | { contactId: null; outcome: 'rejected'; leftOut: { field: string; reason: Reason }[] }

/** Where people come from and what happens with those who are there. */
export interface UpsertOptions {
  /** `api`, `form`, `tracking`, the name of a connector… */
  source: string
  policy: Policy
}

/**
 * Brings people in, in one transaction: each is matched by e-mail address, else by phone. A wrong value is left out
 * and named; a person without a usable address is rejected; the others are not held up.
 *
 * @param batch  at most 5,000
 */
export function upsertContacts(
  ctx: Ctx,
  batch: readonly ContactInput[],
  { source, policy }: UpsertOptions,
): Promise<UpsertOutcome[]> {
  return inTransaction(ctx, async (ctx) => {
    const fields = batch.some((input) => input.attributes !== undefined) ? await selectFields(ctx) : []
    const customFields = new Map(
      fields.filter((field) => field.archivedAt === null).map((field) => [field.key, field]),
    )
    const today = ctx.now().toISOString().slice(0, 10)
    const read = batch.map((input) =>
      draftOf(input, { customFields, defaultCountry: countryCode(input.country ?? null), today }),
    )
    const usable = read.flatMap(({ draft }, position) =>
      draft.email === null && draft.phone === null ? [] : [{ draft, position }],
    )
    const result = await mergeBatch(
      ctx,
      usable.map(({ draft }) => draft),
      policy,
      { source, importId: null, at: ctx.now() },
    )
    const outcomes: UpsertOutcome[] = read.map(({ leftOut }) => ({
      contactId: null,
      outcome: 'rejected',
      leftOut,
    }))
    usable.forEach(({ position }, i) => {
      const settled = result.outcomes[i]
      if (settled) outcomes[position] = { ...settled, leftOut: read[position]?.leftOut ?? [] }
    })
    const created = result.created.map(({ id }) => id)
    const updated = result.updated.map(({ before }) => before.id)
    if (created.length > 0)
      announce(ctx, contactsCreated, { contactIds: created, source, importId: null }, single(created))
    if (updated.length > 0) {
      const changed = [...new Set(result.updated.flatMap((update) => update.changed))]
      announce(
        ctx,
        contactsUpdated,
        { contactIds: updated, source, importId: null, fields: changed },
        single(updated),
      )
    }
    if (created.length + updated.length > 0) {
      audit(
        ctx,
        'contacts.upserted',
        { kind: 'contact', id: created[0] ?? updated[0] ?? '' },
        { source, policy, created: created.length, updated: updated.length },
      )
    }
    return outcomes
  })
}

/** What an input says, checked field by field; what is wrong is left out and named. */
export function draftOf(
  input: ContactInput,
  about: CheckContext,
): { draft: Draft; leftOut: { field: string; reason: Reason }[] } {
  const draft = emptyDraft()
  const leftOut: { field: string; reason: Reason }[] = []
  for (const field of STANDARD_FIELDS) {
    const parsed = checkValue(field, input[field], about)
    if (!parsed.ok) leftOut.push({ field, reason: parsed.reason })
    else if (typeof parsed.value === 'string') draft[field] = parsed.value
  }
  for (const [key, value] of Object.entries(input.attributes ?? {})) {
    const parsed = checkValue(`custom:${key}`, value, about)
    if (!parsed.ok) leftOut.push({ field: `attributes.${key}`, reason: parsed.reason })
    else if (parsed.value !== null) draft.attributes[key] = parsed.value
  }
  const tags: string[] = []
  for (const tag of input.tags ?? []) {
    const parsed = parseText(tag, ENTRY_CHARS_MAX)
    if (!parsed.ok) leftOut.push({ field: 'tags', reason: parsed.reason })
    else if (parsed.value !== '' && !tags.includes(parsed.value)) tags.push(parsed.value)
  }
  draft.tags = tags
  return { draft, leftOut }
}

/** The subject of an event about one person; none when it is about several. */
export const single = (ids: readonly ContactId[]): { contactId?: ContactId } =>
  ids.length === 1 && ids[0] !== undefined ? { contactId: ids[0] } : {}

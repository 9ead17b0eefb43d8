/** Two profiles of one person become one. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { deleteUndoAbout } from '../changes/queries.ts'
import { errors } from '../errors.ts'
import { contactsMerged, contactsUpdated } from '../events.ts'
import { type Contact, type ContactContent, copyContent } from '../store/draft.ts'
import { contactWrite } from '../store/merge-batch.ts'
import { unite } from '../store/policy.ts'
import { deleteContacts, lockContacts, updateContacts } from '../store/queries.ts'
import { setValue, valueOf } from '../store/revision.ts'
import { STANDARD_FIELDS } from '../values/fields.ts'
import { changedNames } from './write.ts'

/** Fields whose value is to come from the profile that goes; all others come from the one that stays, if it has any. */
export type MergeChoices = readonly string[]

/**
 * Merges a profile into another. Tags are united, empty fields are filled, chosen fields are taken over. What other
 * rooms hold about the merged profile they move on the event `contacts.merged`; for consent the most restrictive word
 * wins, and suppressions, which hang on addresses, stay untouched.
 *
 * @param fromMerged  names of fields to take from the profile that goes; custom ones as `custom:key`
 * @throws contacts.not_found, contacts.merge_same
 */
export function mergeContacts(
  ctx: Ctx,
  keptId: ContactId,
  mergedId: ContactId,
  fromMerged: MergeChoices = [],
): Promise<Contact> {
  if (keptId === mergedId) throw errors.merge_same({ id: keptId })
  return inTransaction(ctx, async (ctx) => {
    const found = await lockContacts(ctx, [keptId, mergedId])
    const kept = found.find(({ id }) => id === keptId)
    const merged = found.find(({ id }) => id === mergedId)
    if (!kept || !merged) throw errors.not_found({ keptId, mergedId })
    const content = mergedContent(kept, merged, fromMerged)
    const changed = changedNames(kept, content)
    // The profile that goes frees its address before the other one takes it.
    await deleteContacts(ctx, [mergedId])
    await deleteUndoAbout(ctx, mergedId)
    const keys = await ctx.platform.secrets.of(ctx)
    await updateContacts(ctx, [keptId], [contactWrite(keys, content)], ctx.now())
    audit(ctx, 'contacts.merged', { kind: 'contact', id: keptId }, { mergedId, changed })
    announce(ctx, contactsMerged, { keptId, mergedId }, { contactId: keptId })
    if (changed.length > 0)
      announce(
        ctx,
        contactsUpdated,
        { contactIds: [keptId], source: 'merge', importId: null, fields: changed },
        { contactId: keptId },
      )
    return { ...kept, ...content, updatedAt: ctx.now() }
  })
}

/** The content of the profile that stays. Pure. */
export function mergedContent(
  kept: Readonly<ContactContent>,
  merged: Readonly<ContactContent>,
  fromMerged: MergeChoices,
): ContactContent {
  const content = copyContent(kept)
  const fields = [...STANDARD_FIELDS, ...Object.keys(merged.attributes).map((key) => `custom:${key}`)]
  for (const field of fields) {
    const [own, other] = [valueOf(kept, field), valueOf(merged, field)]
    if (other !== null && (own === null || fromMerged.includes(field))) setValue(content, field, other)
  }
  content.tags = [...unite(kept.tags, merged.tags)]
  return content
}

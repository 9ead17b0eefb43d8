/** As whom a draft is shown or tried: a contact of the organization, or somebody who is not there. */
import type { Ctx } from '../../platform/context.ts'
import { demandPermission } from '../../platform/http/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { readMailContact } from '../queries.ts'
import { sampleContact } from '../rules/samples.ts'
import type { MailContact, VariableDefinition } from '../rules/variables.ts'
import type { PreviewAs } from '../schema.ts'

/**
 * What a draft is rendered with. A draft may print whatever is known of a contact, so that showing one as somebody is
 * reading them.
 * @throws content.contact_not_found, request.not_permitted when the caller may not read contacts
 */
export async function personForPreview(
  ctx: Ctx,
  as: PreviewAs,
  language: 'en' | 'fr',
  catalogue: readonly VariableDefinition[],
): Promise<MailContact> {
  if ('sample' in as) return sampleContact(as.sample, language, catalogue)
  demandPermission(ctx.actor, 'contacts.read')
  const contact = await readMailContact(ctx, as.contactId)
  if (!contact) throw errors.contact_not_found({ id: as.contactId })
  return contact
}

/** The contact as whom it is shown; null for a sample. */
export const contactIdOf = (as: PreviewAs): ContactId | null => ('sample' in as ? null : as.contactId)

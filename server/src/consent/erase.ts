/** Forgetting a person: what they said goes, that they are never to be written to stays. */
import type { EraseStep } from '../platform/room.ts'
import { deletePerson } from './preferences/queries.ts'
import { forgetContact, selectAddressHashes, type NewSuppression } from './suppression/queries.ts'
import { suppress } from './suppression/suppress.ts'

/** Only the keyed hash of the address remains. Runs before the contact's own row goes. Source: design §5; PC-45 */
const eraseSuppression: EraseStep = async (ctx, contactId) => {
  const hashes = await selectAddressHashes(ctx, contactId)
  const entries: NewSuppression[] = []
  const entry = { reason: 'erasure', scope: 'all', source: 'erasure' } as const
  if (hashes?.emailHash) entries.push({ ...entry, channel: 'email', addressHash: hashes.emailHash })
  if (hashes?.phoneHash) entries.push({ ...entry, channel: 'sms', addressHash: hashes.phoneHash })
  await suppress(ctx, entries)
  await forgetContact(ctx, contactId)
}

/** How each table of this room that names a person forgets one. */
export const eraseSteps: Readonly<Record<string, EraseStep>> = {
  suppression: eraseSuppression,
  consent_event: deletePerson,
  preference: deletePerson,
}

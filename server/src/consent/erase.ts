/** Forgetting a person: what they said goes, that they are never to be written to stays. */
import { type AccessPart, type AccessRow, rowsOf } from '../platform/rights.ts'
import type { Ctx } from '../platform/context.ts'
import type { ContactId } from '../platform/ids.ts'
import type { EraseStep } from '../platform/room.ts'
import { deletePerson, selectHistory } from './preferences/queries.ts'
import { forgetArchivesOf } from './rights/archives.ts'
import { forgetContact, selectSuppressionsOf } from './suppression/queries.ts'

/** How each table of this room that names a person forgets one. */
export const eraseSteps: Readonly<Record<string, EraseStep>> = {
  // The entry of an address stays, as a keyed hash: whose it was is forgotten.
  suppression: async (ctx, contactId) => void (await forgetContact(ctx, contactId)),
  consent_event: deletePerson,
  preference: deletePerson,
  privacy_request: forgetArchivesOf,
}

/** A life of changes of mind. */
const HISTORY_MAX = 10_000

/** What this room gives into a person's archive: words with the sentence that stood beside them. */
export const accessParts: Readonly<Record<string, AccessPart>> = {
  consent_event: {
    about: {
      en: 'Everything that you agreed to, refused or withdrew, with the wording that you saw.',
      fr: 'Tout ce que vous avez accepté, refusé ou retiré, avec le texte que vous avez vu.',
    },
    read: readConsents,
  },
  preference: rowsOf(
    'preference',
    {
      en: 'Your word in force, per channel and purpose.',
      fr: 'Votre choix en vigueur, par canal et finalité.',
    },
    'channel, purpose',
  ),
  suppression: {
    about: {
      en: 'Whether your addresses are barred from being used, and why.',
      fr: 'Si vos adresses sont exclues de tout usage, et pourquoi.',
    },
    read: readSuppressions,
  },
  privacy_request: rowsOf(
    'privacy_request',
    {
      en: 'Your requests to see or to erase what is held about you.',
      fr: 'Vos demandes de consulter ou d’effacer ce qui est conservé à votre sujet.',
    },
    'created_at, id',
  ),
}

async function* readConsents(ctx: Ctx, contactId: ContactId): AsyncGenerator<AccessRow[]> {
  const history = await selectHistory(ctx, contactId, HISTORY_MAX)
  yield history.map(({ wordingHash, ...event }) => ({
    ...event,
    wordingHash: wordingHash?.toString('hex') ?? null,
  }))
}

async function* readSuppressions(ctx: Ctx, contactId: ContactId): AsyncGenerator<AccessRow[]> {
  const entries = await selectSuppressionsOf(ctx, contactId)
  yield entries.map(({ channel, reason, scope, source, note, createdAt, expiresAt }) => ({
    channel,
    reason,
    scope,
    source,
    note,
    createdAt,
    expiresAt,
  }))
}

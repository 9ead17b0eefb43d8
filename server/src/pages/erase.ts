/** What the room pages forgets of a person, and what it gives them. */
import { rowsOf, type AccessPart } from '../platform/rights.ts'
import type { EraseStep } from '../platform/room.ts'
import { deleteOfContact } from './submissions/queries.ts'

/** How each table of this room that names a person forgets one. */
export const eraseSteps: Readonly<Record<string, EraseStep>> = {
  form_submission: async (ctx, contactId) => void (await deleteOfContact(ctx, contactId)),
}

/** What this room gives into a person's archive. */
export const accessParts: Readonly<Record<string, AccessPart>> = {
  form_submission: rowsOf(
    'form_submission',
    {
      en: 'Forms that you sent in, and whether you confirmed them.',
      fr: 'Les formulaires que vous avez envoyés, et si vous les avez confirmés.',
    },
    'id',
  ),
}

/** Reading one contact, for routes and for the rooms above. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { errors } from '../errors.ts'
import { selectTimeline } from '../list/queries.ts'
import type { Contact } from '../store/draft.ts'
import { selectByEmail, selectContact } from '../store/queries.ts'
import { parseEmail } from '../values/email.ts'

/** @throws contacts.not_found */
export async function getContact(ctx: Ctx, id: ContactId): Promise<Contact> {
  const contact = await selectContact(ctx, id)
  if (!contact) throw errors.not_found({ id })
  return contact
}

/** The contact with this address, whatever its case; null when there is none or the address is no address. */
export async function findByEmail(ctx: Ctx, email: string): Promise<Contact | null> {
  const parsed = parseEmail(email)
  return parsed.ok ? ((await selectByEmail(ctx, parsed.value)) ?? null) : null
}

/** One line of a person's timeline. */
export interface TimelineEntry {
  id: string
  at: Date
  type: string
  campaignId: string | null
  channel: string | null
}

/**
 * A page of what happened to a person, latest first.
 * @throws contacts.not_found, contacts.cursor_invalid
 */
export async function readTimeline(
  ctx: Ctx,
  id: ContactId,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ items: TimelineEntry[]; nextCursor: string | null }> {
  await getContact(ctx, id)
  const [at, seq] = page.cursor === undefined ? [] : (decodeCursor(page.cursor) ?? [null])
  const isPlace =
    typeof at === 'string' &&
    typeof seq === 'string' &&
    !Number.isNaN(Date.parse(at)) &&
    /^\d{1,19}$/.test(seq)
  if (page.cursor !== undefined && !isPlace) throw errors.cursor_invalid()
  const rows = await selectTimeline(ctx, id, isPlace ? { at, seq } : null, page.limit + 1)
  const items = rows.slice(0, page.limit)
  const last = rows.length > page.limit ? items.at(-1) : undefined
  return {
    items: items.map(({ seq: entrySeq, ...entry }) => ({ id: entrySeq, ...entry })),
    nextCursor: last ? encodeCursor([last.at.toISOString(), last.seq]) : null,
  }
}

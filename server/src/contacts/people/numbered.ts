/**
 * People whom another room knows by number before they are contacts: a visitor who comes to be known keeps the number
 * under which their events already stand.
 */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { contactsCreated, contactsUpdated } from '../events.ts'
import { selectFields } from '../fields/queries.ts'
import type { Contact } from '../store/draft.ts'
import { contactWrite } from '../store/merge-batch.ts'
import { applyDraft } from '../store/policy.ts'
import {
  lockContacts,
  nextNumbers,
  reinsertContacts,
  rememberTags,
  updateContacts,
} from '../store/queries.ts'
import { countryCode } from '../values/place.ts'
import { draftOf, single } from './upsert.ts'
import type { ContactInput } from './write.ts'

/** Numbers for people to come, which no other contact will ever have. */
export function claimNumbers(ctx: Ctx, count: number): Promise<ContactId[]> {
  return count === 0 ? Promise.resolve([]) : nextNumbers(ctx, count)
}

/** What is known about somebody with a number. */
export interface NumberedPerson {
  id: ContactId
  /** True to make a contact of the number; false to change the one that is there, and nobody when there is none. */
  isNew: boolean
  input: ContactInput
}

/**
 * Writes what is known about people with numbers, in one transaction; what a value says wins over what was there, and
 * a wrong one is left out. The caller has seen to it that nobody else holds one of the addresses: should somebody have
 * taken one in this very moment, the database refuses all of it, to be tried again.
 *
 * @returns the numbers that are contacts now
 */
export function writePeople(
  ctx: Ctx,
  people: readonly NumberedPerson[],
  source: string,
): Promise<Set<ContactId>> {
  return inTransaction(ctx, async (ctx) => {
    const fields = people.some(({ input }) => input.attributes !== undefined) ? await selectFields(ctx) : []
    const customFields = new Map(
      fields.filter((field) => field.archivedAt === null).map((field) => [field.key, field]),
    )
    const today = ctx.now().toISOString().slice(0, 10)
    const keys = await ctx.platform.secrets.of(ctx)
    const present = new Map(
      (
        await lockContacts(
          ctx,
          people.map(({ id }) => id),
        )
      ).map((contact) => [contact.id, contact]),
    )
    const created: Contact[] = []
    const updated: { id: ContactId; content: Contact; changed: string[] }[] = []
    for (const { id, isNew, input } of people) {
      const contact = present.get(id)
      const defaultCountry = countryCode(input.country ?? contact?.country ?? null)
      const { draft } = draftOf(input, { customFields, defaultCountry, today })
      const revision = contact && applyDraft(contact, draft, 'update')
      if (contact && revision)
        updated.push({ id, content: { ...contact, ...revision.content }, changed: revision.changed })
      if (!contact && isNew)
        created.push({ ...draft, id, source, importId: null, createdAt: ctx.now(), updatedAt: ctx.now() })
    }
    if (updated.length > 0)
      await updateContacts(
        ctx,
        updated.map(({ id }) => id),
        updated.map(({ content }) => contactWrite(keys, content)),
        ctx.now(),
      )
    await insertNew(ctx, created, source)
    await noteWritten(ctx, created, updated, source)
    return new Set([...present.keys(), ...created.map(({ id }) => id)])
  })
}

async function insertNew(ctx: Ctx, created: readonly Contact[], source: string): Promise<void> {
  if (created.length === 0) return
  const keys = await ctx.platform.secrets.of(ctx)
  const inserted = await reinsertContacts(
    ctx,
    created,
    created.map((contact) => contactWrite(keys, contact)),
  )
  if (inserted.length < created.length) throw new AddressTaken(source)
  const tags = new Set(created.flatMap((contact) => contact.tags))
  if (tags.size > 0) await rememberTags(ctx, [...tags], ctx.now())
}

/** Somebody else took an address between our look and our write: the transaction is to be tried again. */
export class AddressTaken extends Error {
  /** As the database says it of any unique key. */
  readonly code = '23505'
  constructor(source: string) {
    super(`an address was taken meanwhile (${source})`)
  }
}

async function noteWritten(
  ctx: Ctx,
  created: readonly Contact[],
  updated: readonly { id: ContactId; changed: readonly string[] }[],
  source: string,
): Promise<void> {
  const [createdIds, updatedIds] = [created.map(({ id }) => id), updated.map(({ id }) => id)]
  if (createdIds.length > 0)
    announce(ctx, contactsCreated, { contactIds: createdIds, source, importId: null }, single(createdIds))
  if (updatedIds.length > 0)
    announce(
      ctx,
      contactsUpdated,
      {
        contactIds: updatedIds,
        source,
        importId: null,
        fields: [...new Set(updated.flatMap(({ changed }) => changed))],
      },
      single(updatedIds),
    )
  if (createdIds.length + updatedIds.length > 0)
    audit(
      ctx,
      'contacts.upserted',
      { kind: 'contact', id: createdIds[0] ?? updatedIds[0] ?? '' },
      { source, policy: 'update', created: createdIds.length, updated: updatedIds.length },
    )
}

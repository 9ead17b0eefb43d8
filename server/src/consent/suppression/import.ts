/**
 * Lists of addresses never to be used, brought from elsewhere: looked at first, hashed as they arrive, taken back as a
 * whole. An address is kept by its keyed hash alone, so a list cannot be read again, only recognised.
 * Source: FR-002.3, compliance report §1.5
 */
import { parseEmail, parsePhone } from '../../contacts/index.ts'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import { newId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { LIST_BATCH_MAX } from '../schema.ts'
import { addressSuppressed, suppressionLifted } from '../events.ts'
import type { SuppressionScope } from '../words.ts'
import {
  addToImport,
  countKnown,
  insertImport,
  liftOfImport,
  lockImport,
  markUndone,
  selectImports,
  type HashedAddress,
  type ImportRow,
  type SuppressionImportId,
} from './import-queries.ts'
import { insertSuppressions } from './queries.ts'

/** Lists that are shown. */
const IMPORTS_SHOWN = 50
/** Addresses that could not be read and are told, as they were written. */
const UNREADABLE_SHOWN = 20

/** What a batch of addresses would do, or did. */
export interface ListOutcome {
  /** Different addresses that could be read. */
  emails: number
  phones: number
  /** Of those, how many bring nothing new: they stand on the list for this or a stronger reason. */
  alreadyListed: number
  /** Of those, how many belong to a contact. */
  contacts: number
  unreadable: { count: number; examples: string[] }
}

/** What a list would do. Nothing is written down. */
export async function previewList(ctx: Ctx, addresses: readonly string[]): Promise<ListOutcome> {
  return outcomeOf(ctx, await hashed(ctx, addresses))
}

/** Begins a list. Its addresses follow, batch by batch. */
export function beginList(
  ctx: Ctx,
  list: { source: string; note: string; scope: SuppressionScope },
): Promise<ImportRow> {
  return inTransaction(ctx, async (ctx) => {
    const id = newId<'suppression_import'>(ctx.now())
    await insertImport(ctx, { ...list, id, createdBy: actorOf(ctx) })
    audit(ctx, 'suppression.list_begun', { kind: 'suppression_import', id }, list)
    return locked(ctx, id)
  })
}

/**
 * Suppresses a batch of a list's addresses. Sending it again changes nothing.
 * @throws consent.list_not_found, consent.list_undone
 */
export function addToList(
  ctx: Ctx,
  id: SuppressionImportId,
  addresses: readonly string[],
): Promise<ListOutcome & { added: number }> {
  return inTransaction(ctx, async (ctx) => {
    const list = await locked(ctx, id)
    if (list.undoneAt !== null) throw errors.list_undone({ id })
    const read = await hashed(ctx, addresses)
    const outcome = await outcomeOf(ctx, read)
    const { source, note, scope } = list
    const entries = await insertSuppressions(
      ctx,
      read.addresses.map((address) => ({ ...address, scope, note, source, reason: 'import', importId: id })),
    )
    await addToImport(ctx, id, entries.length)
    // One entry of the chain per batch: thousands would hide what they say.
    audit(
      ctx,
      'suppression.list_added',
      { kind: 'suppression_import', id },
      { read: read.addresses.length, added: entries.length },
    )
    for (const { channel, addressHash, reason, contactId } of entries)
      announce(
        ctx,
        addressSuppressed,
        { channel, addressHash: addressHash.toString('hex'), reason },
        contactId === null ? {} : { contactId },
      )
    return { ...outcome, added: entries.length }
  })
}

/** Lists that were brought, the latest first. */
export const listImports = (ctx: Ctx): Promise<ImportRow[]> => selectImports(ctx, IMPORTS_SHOWN)

/**
 * Takes a list back: entries that still stand as it brought them. What meanwhile has a stronger reason stays, and an
 * unsubscription beneath an entry holds again. Done in parts; a call that is repeated goes on where it stopped.
 * @throws consent.list_not_found
 */
export async function undoList(ctx: Ctx, id: SuppressionImportId): Promise<{ lifted: number }> {
  await inTransaction(ctx, async (ctx) => {
    const list = await locked(ctx, id)
    if (list.undoneAt !== null) return
    await markUndone(ctx, id, actorOf(ctx))
    audit(ctx, 'suppression.list_undone', { kind: 'suppression_import', id }, { added: list.added })
  })
  let lifted = 0
  for (let taken = LIST_BATCH_MAX; taken === LIST_BATCH_MAX;) {
    taken = await inTransaction(ctx, async (ctx) => {
      const entries = await liftOfImport(ctx, id, LIST_BATCH_MAX)
      for (const { channel, addressHash, contactId } of entries)
        announce(
          ctx,
          suppressionLifted,
          { channel, addressHash: addressHash.toString('hex') },
          contactId === null ? {} : { contactId },
        )
      return entries.length
    })
    lifted += taken
  }
  return { lifted }
}

async function locked(ctx: Ctx, id: SuppressionImportId): Promise<ImportRow> {
  const list = await lockImport(ctx, id)
  if (!list) throw errors.list_not_found({ id })
  return list
}

interface ReadList {
  addresses: HashedAddress[]
  unreadable: string[]
}

/** The same form of an address as imports and contacts use, so that one cannot slip past the other. Source: PC-23 */
async function hashed(ctx: Ctx, addresses: readonly string[]): Promise<ReadList> {
  const keys = await ctx.platform.secrets.of(ctx)
  const found = new Map<string, HashedAddress>()
  const unreadable: string[] = []
  for (const address of addresses) {
    const channel = address.includes('@') ? 'email' : 'sms'
    const parsed = channel === 'email' ? parseEmail(address) : parsePhone(address, null)
    if (parsed.ok)
      found.set(`${channel}:${parsed.value}`, {
        channel,
        addressHash: keys.addressHash(channel, parsed.value),
      })
    else unreadable.push(address)
  }
  return { addresses: [...found.values()], unreadable }
}

async function outcomeOf(ctx: Ctx, { addresses, unreadable }: ReadList): Promise<ListOutcome> {
  const { listed, contacts } = await countKnown(ctx, addresses)
  const emails = addresses.filter(({ channel }) => channel === 'email').length
  return {
    emails,
    phones: addresses.length - emails,
    alreadyListed: listed,
    contacts,
    unreadable: { count: unreadable.length, examples: unreadable.slice(0, UNREADABLE_SHOWN) },
  }
}

const actorOf = ({ actor }: Ctx): string => `${actor.kind}:${actor.id}`

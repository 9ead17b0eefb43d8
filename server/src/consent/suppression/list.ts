/** The suppression list as people see and change it. */
import { parseEmail, parsePhone } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { errors } from '../errors.ts'
import type { SuppressionEntry } from '../schema.ts'
import type { SuppressionReason, SuppressionScope } from '../words.ts'
import {
  selectNames,
  selectSuppression,
  selectSuppressions,
  type SuppressedChannel,
  type Suppression,
} from './queries.ts'
import { isLiftable, liftSuppression, suppress } from './suppress.ts'

/** What a page of the list is asked for. */
export interface ListQuestion {
  channel?: SuppressedChannel | undefined
  reason?: SuppressionReason | undefined
  address?: string | undefined
  cursor?: string | undefined
  limit: number
}

/** A page of the list, or the entry of one address. @throws consent.address_invalid */
export async function listSuppressions(
  ctx: Ctx,
  question: ListQuestion,
): Promise<{ items: SuppressionEntry[]; nextCursor: string | null }> {
  if (question.address !== undefined)
    return { items: await entriesOfAddress(ctx, question.address), nextCursor: null }
  const rows = await selectSuppressions(ctx, {
    channel: question.channel ?? null,
    reason: question.reason ?? null,
    after: positionOf(question.cursor),
    limit: question.limit + 1,
  })
  const shown = rows.slice(0, question.limit)
  const last = rows.length > question.limit ? shown.at(-1) : undefined
  return {
    items: await withNames(ctx, shown),
    nextCursor: last ? encodeCursor([last.createdAt.toISOString(), last.addressHash.toString('hex')]) : null,
  }
}

/** Puts an address on the list by hand. @throws consent.address_invalid */
export function suppressAddress(
  ctx: Ctx,
  entry: { channel: SuppressedChannel; address: string; scope: SuppressionScope; note: string },
): Promise<SuppressionEntry> {
  return inTransaction(ctx, async (ctx) => {
    const { channel, scope, note } = entry
    const addressHash = await hashOf(ctx, channel, entry.address)
    await suppress(ctx, [{ channel, addressHash, scope, note, reason: 'manual', source: ctx.actor.kind }])
    const [found] = await withNames(
      ctx,
      [await selectSuppression(ctx, channel, addressHash)].flatMap((one) => one ?? []),
    )
    if (!found) throw errors.suppression_not_found()
    return found
  })
}

/** Lifts the entry with this name on the wire. @throws consent.suppression_not_found, consent.not_liftable */
export function liftById(ctx: Ctx, id: string, because: string): Promise<void> {
  const [channel, hash = ''] = id.split('-')
  return liftSuppression(ctx, channel === 'sms' ? 'sms' : 'email', Buffer.from(hash, 'hex'), because)
}

/** An entry as it travels. */
export function entryOf(entry: Suppression, names: ReadonlyMap<ContactId, string>): SuppressionEntry {
  const { channel, addressHash, reason, scope, source, note, contactId, createdAt, expiresAt } = entry
  const name = contactId === null ? undefined : names.get(contactId)
  return {
    id: `${channel}-${addressHash.toString('hex')}`,
    channel,
    reason,
    scope,
    source,
    note,
    createdAt,
    expiresAt,
    contact: contactId === null || name === undefined ? null : { id: contactId, name },
    isLiftable: isLiftable(reason),
  }
}

async function withNames(ctx: Ctx, entries: readonly Suppression[]): Promise<SuppressionEntry[]> {
  const ids = entries.flatMap((entry) => entry.contactId ?? [])
  const names = new Map(
    (ids.length === 0 ? [] : await selectNames(ctx, ids)).map(({ id, name }) => [id, name]),
  )
  return entries.map((entry) => entryOf(entry, names))
}

async function entriesOfAddress(ctx: Ctx, address: string): Promise<SuppressionEntry[]> {
  const channel: SuppressedChannel = address.includes('@') ? 'email' : 'sms'
  const found = await selectSuppression(ctx, channel, await hashOf(ctx, channel, address))
  return withNames(ctx, found ? [found] : [])
}

/** The same form of an address as imports and contacts use, so that one cannot slip past the other. Source: PC-23 */
async function hashOf(ctx: Ctx, channel: SuppressedChannel, address: string): Promise<Buffer> {
  const parsed = channel === 'email' ? parseEmail(address) : parsePhone(address, null)
  if (!parsed.ok)
    throw errors.address_invalid(
      {},
      {
        problems: [
          {
            path: 'address',
            message:
              channel === 'email'
                ? 'Not an e-mail address. Write it like name@example.com.'
                : 'Not a telephone number. Write it with its country code, like +33612345678.',
          },
        ],
      },
    )
  const keys = await ctx.platform.secrets.of(ctx)
  return keys.addressHash(channel, parsed.value)
}

function positionOf(cursor: string | undefined): { at: Date; hash: Buffer } | null {
  const [at, hash] = decodeCursor(cursor ?? '') ?? []
  const instant = new Date(String(at))
  return typeof hash === 'string' && !Number.isNaN(instant.getTime())
    ? { at: instant, hash: Buffer.from(hash, 'hex') }
    : null
}

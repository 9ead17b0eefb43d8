/** Messages, from the request to the log: once each, about the right person, durable before the answer. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { OrgId } from '../../platform/ids.ts'
import { organizationOf } from '../../team/index.ts'
import { definitionsOf } from '../dictionary/definitions.ts'
import { groupCommit } from '../group-commit.ts'
import { resolveIdentities, type Resolved } from '../identity/resolve.ts'
import type { Message } from './message.ts'
import { mayHoldAmount, moneyOf } from './money.ts'
import { incomingEvent, orderIdOf } from './payload.ts'
import { insertNewReceipts, insertReceipts } from './queries.ts'
import { receiptKey } from './receipt-key.ts'

/** What one request brings. */
export interface Delivery {
  /** Stands in each event: the wire id of the source, or `api`. */
  sourceId: string
  /** Whether an alias may join two known people: keys that stand in pages may not. */
  mayMerge: boolean
  messages: readonly Message[]
}

/** What became of a delivery. */
export interface Receipt {
  recorded: number
  /** Received before, within the last 35 days: they count once. */
  duplicates: number
}

/** How often a batch is tried again when it held repeated messages, or somebody took an address in the very moment. */
const ATTEMPTS_MAX = 5

const record = groupCommit<Delivery, Receipt>((ctx, deliveries) => recordDeliveries(ctx, deliveries), {
  weigh: ({ messages }) => messages.length,
})

/** Records a delivery; resolves when it is durable. Deliveries that arrive together are written together. */
export function recordDelivery(platform: Platform, orgId: OrgId, delivery: Delivery): Promise<Receipt> {
  return record(platform, orgId, delivery)
}

/**
 * Records deliveries in one transaction: at first as if no message had come before, then looking for those that had.
 * @returns one receipt each
 */
export async function recordDeliveries(ctx: Ctx, deliveries: readonly Delivery[]): Promise<Receipt[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(ctx, (ctx) => writeDeliveries(ctx, deliveries, attempt === 1))
    } catch (error) {
      if (attempt === ATTEMPTS_MAX || !isTaken(error)) throw error
    }
  }
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '23505'

/** A message with the delivery that brought it. */
interface Arrived {
  delivery: Delivery
  message: Message
}

async function writeDeliveries(
  ctx: Ctx,
  deliveries: readonly Delivery[],
  isHopeful: boolean,
): Promise<Receipt[]> {
  const arrived = deliveries.flatMap((delivery) =>
    delivery.messages.map((message): Arrived => ({ delivery, message })),
  )
  const fresh = await withoutRepeated(ctx, arrived, isHopeful)
  const resolved = await resolveAll(ctx, fresh)
  await announceAll(ctx, fresh, resolved)
  const recorded = new Map<Delivery, number>()
  for (const { delivery } of fresh) recorded.set(delivery, (recorded.get(delivery) ?? 0) + 1)
  return deliveries.map((delivery) => {
    const count = recorded.get(delivery) ?? 0
    return { recorded: count, duplicates: delivery.messages.length - count }
  })
}

/**
 * Leaves out what was received before, or twice in this batch; messages without an id of their own cannot repeat. Hoping
 * that nothing was received before is cheaper, and fails where something was.
 */
async function withoutRepeated(
  ctx: Ctx,
  arrived: readonly Arrived[],
  isHopeful: boolean,
): Promise<readonly Arrived[]> {
  const byKey = new Map<string, Arrived>()
  const keyed = arrived.map((one) => {
    const key = one.message.hasOwnId ? receiptKey(one.delivery.sourceId, one.message.messageId) : null
    if (key !== null && !byKey.has(key)) byKey.set(key, one)
    return { one, key }
  })
  const keys = [...byKey.keys()].toSorted()
  const known = await remember(ctx, keys, isHopeful)
  if (known.size === 0 && keys.length === arrived.length) return arrived
  return keyed.flatMap(({ one, key }) =>
    key === null || (!known.has(key) && byKey.get(key) === one) ? [one] : [],
  )
}

/** Remembers messages. @returns the keys of those that were known before */
async function remember(ctx: Ctx, keys: readonly string[], isHopeful: boolean): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set()
  if (!isHopeful) return insertReceipts(ctx, keys)
  await insertNewReceipts(ctx, keys)
  return new Set()
}

/** Sources that may merge and those that may not are resolved apart, each in order. */
async function resolveAll(ctx: Ctx, arrived: readonly Arrived[]): Promise<Resolved[]> {
  const resolved: Resolved[] = []
  for (let from = 0; from < arrived.length;) {
    const mayMerge = arrived[from]?.delivery.mayMerge ?? false
    let to = from
    while (to < arrived.length && arrived[to]?.delivery.mayMerge === mayMerge) to += 1
    const run = arrived.slice(from, to).map(({ message }) => message)
    resolved.push(...(await resolveIdentities(ctx, run, mayMerge)))
    from = to
  }
  return resolved
}

async function announceAll(
  ctx: Ctx,
  arrived: readonly Arrived[],
  resolved: readonly Resolved[],
): Promise<void> {
  const kept = arrived.flatMap(({ delivery, message }, i) => {
    const who = resolved[i]
    return who && who.contactId !== null && message.kind !== 'alias' ? [{ delivery, message, who }] : []
  })
  if (kept.length === 0) return
  const definitions = await definitionsOf(ctx, new Set(kept.map(({ message }) => message.type)))
  // Most events are about no money, and most that are name its currency.
  const isAmountBare = kept.some(
    ({ message }) => message.kind === 'track' && mayHoldAmount(message.data, definitions.get(message.type)),
  )
  const currency = isAmountBare ? (await organizationOf(ctx)).currency : ''
  for (const { delivery, message, who } of kept) {
    const definition = definitions.get(message.type)
    const isTrack = message.kind === 'track'
    const role = definition?.role ?? null
    const money = isTrack
      ? moneyOf(message.data, {
          valueProperty: definition?.valueProperty ?? null,
          isOrder: role === 'purchase' || role === 'refund',
          isRefund: role === 'refund',
          defaultCurrency: currency,
        })
      : null
    const orderId = isTrack ? orderIdOf(message.data) : null
    const isTraits = message.kind === 'identify' || message.kind === 'group'
    announce(
      ctx,
      incomingEvent(message.type),
      {
        messageId: message.messageId,
        sourceId: delivery.sourceId,
        ...(message.anonymousId === null ? {} : { anonymousId: message.anonymousId }),
        ...(message.groupId === null ? {} : { groupId: message.groupId }),
        ...(isTraits ? { traits: who.data } : { properties: who.data }),
        ...(who.fields.length === 0 ? {} : { fields: who.fields }),
        ...(message.context === null ? {} : { context: message.context }),
        ...(orderId === null ? {} : { orderId }),
        ...(money === null ? {} : { money }),
        ...(message.statedAt === null ? {} : { statedAt: message.statedAt.toISOString() }),
      },
      { at: message.at, ...(who.contactId === null ? {} : { contactId: who.contactId }) },
    )
  }
}

/** Messages, from the request to the log: once each, about the right person, durable before the answer. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announceText } from '../../platform/events/index.ts'
import type { Platform } from '../../platform/platform.ts'
import type { CampaignId, OrgId } from '../../platform/ids.ts'
import { organizationOf } from '../../team/index.ts'
import { selectLinkedCampaigns } from '../post-links/queries.ts'
import { definitionsOf } from '../dictionary/definitions.ts'
import type { DefinitionRole } from '../dictionary/queries.ts'
import { groupCommit } from '../group-commit.ts'
import { lockIdentity } from '../identity/queries.ts'
import { resolveIdentities, type Resolved } from '../identity/resolve.ts'
import { type Arrival, arrivalOf, payloadOf, propertiesOf } from './arrival.ts'
import type { Message, Properties } from './message.ts'
import { type EventMoney, mayHoldAmount, moneyOf } from './money.ts'
import { incomingEvent } from './payload.ts'
import { insertNewReceipts, insertReceipts } from './queries.ts'

/** What one request brings. */
export interface Delivery {
  /** Stands in each event: the wire id of the source, or `api`. */
  sourceId: string
  /** Whether it may join two known people and replace an address of one: keys that stand in pages may not. */
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

/** A delivery that waits for its transaction. */
interface WaitingDelivery {
  mayMerge: boolean
  arrivals: readonly Arrival[]
}

const record = groupCommit<WaitingDelivery, Receipt>(recordDeliveries, {
  weigh: ({ arrivals }) => arrivals.length,
})

/** Records a delivery; resolves when it is durable. Deliveries that arrive together are written together. */
export function recordDelivery(
  platform: Platform,
  orgId: OrgId,
  { sourceId, mayMerge, messages }: Delivery,
): Promise<Receipt> {
  return record(platform, orgId, {
    mayMerge,
    arrivals: messages.map((message) => arrivalOf(message, sourceId)),
  })
}

/**
 * Records deliveries in one transaction: at first as if no message had come before, then looking for those that had.
 * @returns one receipt each
 */
async function recordDeliveries(
  ctx: Ctx,
  deliveries: readonly WaitingDelivery[],
  next: () => void,
): Promise<Receipt[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(ctx, (ctx) => writeDeliveries(ctx, deliveries, attempt === 1, next))
    } catch (error) {
      if (attempt === ATTEMPTS_MAX || !isTaken(error)) throw error
    }
  }
}

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '23505'

async function writeDeliveries(
  ctx: Ctx,
  deliveries: readonly WaitingDelivery[],
  isHopeful: boolean,
  next: () => void,
): Promise<Receipt[]> {
  const repeated = await repeatedOf(
    ctx,
    deliveries.flatMap(({ arrivals }) => arrivals),
    isHopeful,
  )
  await lockIdentity(ctx)
  // The next batch writes its receipts while this one is resolved and written, and then waits for this lock.
  next()
  const fresh = deliveries.map(({ mayMerge, arrivals }) => ({
    mayMerge,
    arrivals: repeated.size === 0 ? arrivals : arrivals.filter((arrival) => !repeated.has(arrival)),
  }))
  const resolved = await resolveAll(ctx, fresh)
  await announceAll(
    ctx,
    fresh.flatMap(({ arrivals }) => arrivals),
    resolved,
  )
  return fresh.map(({ arrivals }, i) => ({
    recorded: arrivals.length,
    duplicates: (deliveries[i]?.arrivals.length ?? 0) - arrivals.length,
  }))
}

/**
 * What was received before, or twice in this batch; messages without an id of their own cannot repeat. Hoping that
 * nothing was received before is cheaper, and fails where something was.
 */
async function repeatedOf(
  ctx: Ctx,
  arrivals: readonly Arrival[],
  isHopeful: boolean,
): Promise<ReadonlySet<Arrival>> {
  const first = new Map<string, Arrival>()
  const repeated = new Set<Arrival>()
  for (const arrival of arrivals)
    if (arrival.key !== null)
      if (first.has(arrival.key)) repeated.add(arrival)
      else first.set(arrival.key, arrival)
  if (first.size === 0) return repeated
  const keys = [...first.keys()].toSorted()
  if (isHopeful) await insertNewReceipts(ctx, keys)
  else
    for (const key of await insertReceipts(ctx, keys)) {
      const known = first.get(key)
      if (known) repeated.add(known)
    }
  return repeated
}

/** Sources that may merge and those that may not are resolved apart, each in order. */
async function resolveAll(ctx: Ctx, deliveries: readonly WaitingDelivery[]): Promise<Resolved[]> {
  const resolved: Resolved[] = []
  for (let from = 0; from < deliveries.length;) {
    const mayMerge = deliveries[from]?.mayMerge ?? false
    let to = from
    while (to < deliveries.length && deliveries[to]?.mayMerge === mayMerge) to += 1
    const run = deliveries.slice(from, to).flatMap(({ arrivals }) => arrivals)
    for (const one of await resolveIdentities(ctx, run, mayMerge)) resolved.push(one)
    from = to
  }
  return resolved
}

async function announceAll(
  ctx: Ctx,
  arrivals: readonly Arrival[],
  resolved: readonly Resolved[],
): Promise<void> {
  const types = new Set<string>()
  arrivals.forEach(({ kind, type }, i) => {
    if (kind !== 'alias' && resolved[i]?.contactId) types.add(type)
  })
  if (types.size === 0) return
  const definitions = await definitionsOf(ctx, types)
  /** What an amount is read from; null where there is none. */
  const worthIn = (arrival: Arrival): Properties | null => {
    if (arrival.kind !== 'track') return null
    const isUnusual = (definitions.get(arrival.type)?.valueProperty ?? null) !== null
    return isUnusual ? propertiesOf(arrival) : arrival.amounts
  }
  // Most events are about no money, and most that are name its currency.
  const isAmountBare = arrivals.some((arrival) => {
    const properties = worthIn(arrival)
    return properties !== null && mayHoldAmount(properties, definitions.get(arrival.type))
  })
  const currency = isAmountBare ? (await organizationOf(ctx)).currency : ''
  const posts = arrivals.flatMap(({ post }) => post ?? [])
  const linked =
    posts.length === 0
      ? new Set<CampaignId>()
      : await selectLinkedCampaigns(ctx, [...new Set(posts.map(({ campaignId }) => campaignId))])
  arrivals.forEach((arrival, i) => {
    const who = resolved[i]
    if (!who || who.contactId === null || arrival.kind === 'alias') return
    const properties = worthIn(arrival)
    const money = properties === null ? null : worthOf(properties, definitions.get(arrival.type), currency)
    const payload =
      money === null && who.traits === null
        ? arrival.payload
        : payloadOf(arrival, {
            traits: who.traits ?? undefined,
            fields: who.fields.length === 0 ? undefined : [...who.fields],
            money: money ?? undefined,
          })
    const { post } = arrival
    announceText(ctx, incomingEvent(arrival.type), payload, {
      at: arrival.at,
      contactId: who.contactId,
      ...(post !== null && linked.has(post.campaignId)
        ? { campaignId: post.campaignId, channel: post.platform }
        : {}),
    })
  })
}

/** The amount of a track event, as its definition finds it. */
function worthOf(
  properties: Properties,
  definition: DefinitionRole | undefined,
  defaultCurrency: string,
): EventMoney | null {
  const role = definition?.role ?? null
  return moneyOf(properties, {
    valueProperty: definition?.valueProperty ?? null,
    isOrder: role === 'purchase' || role === 'refund',
    isRefund: role === 'refund',
    defaultCurrency,
  })
}

/**
 * What providers say about addresses, made into suppressions: a hard bounce and a complaint at once, soft bounces
 * when they repeat.
 * Source: compliance report §1.3, §1.4; PC-19, PC-22
 */
import type { Ctx } from '../platform/context.ts'
import { defineConsumer, type LogEvent } from '../platform/events/index.ts'
import { messageBounced, messageComplained } from '../tracking/index.ts'
import { countSoftBounces } from './bounce-queries.ts'
import { recordConsents } from './preferences/record.ts'
import { selectAddressHashes, suppressedChannel, type NewSuppression } from './suppression/queries.ts'
import { suppress } from './suppression/suppress.ts'

/** So many final soft bounces, on so many days, within a window of days, without a delivery between: no longer used. */
const SOFT_BOUNCES = 5
const SOFT_DAYS = 4
const SOFT_WINDOW_DAYS = 30
/** A mailbox that was full for a month may be read again later. */
const SOFT_EXPIRES_DAYS = 90
const DAY_MS = 86_400_000

/** Reads bounces and complaints from the log. */
export const bounceConsumer = defineConsumer({
  name: 'consent.bounces',
  types: [messageBounced.type, messageComplained.type],
  handle: async (ctx, events) => {
    const bounces = events.filter((event) => event.type === messageBounced.type)
    await suppress(ctx, [...hardBounces(bounces), ...(await softBounces(ctx, bounces))])
    for (const event of events) if (event.type === messageComplained.type) await receiveComplaint(ctx, event)
  },
})

function hardBounces(bounces: readonly LogEvent[]): NewSuppression[] {
  return bounces.flatMap((event) => {
    const bounce = messageBounced.payload.parse(event.payload)
    return bounce.class === 'hard' ? [entryOf(event, bounce.addressHash, 'hard', bounce.code, null)] : []
  })
}

async function softBounces(ctx: Ctx, bounces: readonly LogEvent[]): Promise<NewSuppression[]> {
  const soft = bounces.filter((event) => messageBounced.payload.parse(event.payload).class === 'soft')
  const people = [...new Set(soft.flatMap((event) => event.contactId ?? []))]
  if (people.length === 0) return []
  const since = new Date(ctx.now().getTime() - SOFT_WINDOW_DAYS * DAY_MS)
  const repeating = new Map(
    (await countSoftBounces(ctx, people, since))
      .filter((row) => row.bounces >= SOFT_BOUNCES && row.days >= SOFT_DAYS)
      .map((row) => [row.contactId, row]),
  )
  const expiresAt = new Date(ctx.now().getTime() + SOFT_EXPIRES_DAYS * DAY_MS)
  return soft.flatMap((event) => {
    const { addressHash, code } = messageBounced.payload.parse(event.payload)
    return event.contactId && repeating.has(event.contactId)
      ? [entryOf(event, addressHash, 'soft_repeat', code, expiresAt)]
      : []
  })
}

const entryOf = (
  event: LogEvent,
  addressHash: string,
  reason: 'hard' | 'soft_repeat',
  code: string,
  expiresAt: Date | null,
): NewSuppression => ({
  channel: suppressedChannel(event.channel),
  addressHash: Buffer.from(addressHash, 'hex'),
  reason,
  scope: 'all',
  source: 'bounce',
  note: code,
  contactId: event.contactId,
  expiresAt,
})

/** Ends marketing on this channel for good; transactional messages and other channels stay. Repeated reports change nothing. */
async function receiveComplaint(ctx: Ctx, event: LogEvent): Promise<void> {
  const { contactId } = event
  if (contactId === null) return
  const { source, addressHash: reported } = messageComplained.payload.parse(event.payload)
  const channel = suppressedChannel(event.channel)
  const hashes = await selectAddressHashes(ctx, contactId)
  const own = channel === 'email' ? hashes?.emailHash : hashes?.phoneHash
  const addressHash = reported === null ? own : Buffer.from(reported, 'hex')
  if (addressHash)
    await suppress(ctx, [
      { channel, addressHash, reason: 'complaint', scope: 'marketing', source, contactId },
    ])
  await recordConsents(ctx, { source: 'complaint' }, [
    {
      contactId,
      channel,
      purpose: 'marketing',
      state: 'withdrawn',
      occurredAt: event.at,
      campaignId: event.campaignId,
    },
  ])
}

/** Whose opens and clicks may be kept. */
import type { Ctx } from '../platform/context.ts'
import type { ContactId } from '../platform/ids.ts'
import { registerFollowGate } from '../tracking/index.ts'
import { selectGranted, selectRefused } from './preferences/queries.ts'
import { CONSENT_CHANNELS, type ConsentChannel } from './words.ts'

/**
 * Registers this room with the pixel and the links of tracking. A pixel needs a yes of its own; a link is followed
 * anyway, so that clicks are kept until the person says no.
 * Source: compliance report §3.4 (CNIL 2026); PC-18
 */
export function answerFollowGate(): void {
  registerFollowGate(async (ctx, contactIds, channel, following) => {
    if (!isConsentChannel(channel)) return new Set()
    if (following === 'open') return idsOf(await selectGranted(ctx, contactIds, channel, 'tracking_open'))
    return withoutRefused(ctx, contactIds, channel)
  })
}

async function withoutRefused(
  ctx: Ctx,
  contactIds: readonly ContactId[],
  channel: ConsentChannel,
): Promise<ReadonlySet<ContactId>> {
  const refused = idsOf(await selectRefused(ctx, contactIds, channel, 'tracking_click'))
  return new Set(contactIds.filter((contactId) => !refused.has(contactId)))
}

const idsOf = (rows: readonly unknown[][]): ReadonlySet<ContactId> =>
  new Set(rows.map(([contactId]) => contactId as ContactId)) // the select lists have one column

const isConsentChannel = (channel: string): channel is ConsentChannel =>
  (CONSENT_CHANNELS as readonly string[]).includes(channel)

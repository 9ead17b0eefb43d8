/**
 * The port through which the room consent says whose opens and clicks may be kept. Asked when a pixel or a link is
 * fetched, not when the mail was made: a withdrawal also covers mails that were received before it.
 * Source: compliance report §3.4 (CNIL 2026); PC-18
 */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'

/** What may be noted of a person. */
export type Following = 'open' | 'click'

/** @returns those of the contacts whose opens, or clicks, on this channel may be kept at this moment */
export type FollowGate = (
  ctx: Ctx,
  contactIds: readonly ContactId[],
  channel: string,
  following: Following,
) => Promise<ReadonlySet<ContactId>>

let registered: FollowGate | null = null

/** Called once by the room consent when its door is loaded. */
export function registerFollowGate(gate: FollowGate): void {
  registered = gate
}

/** The registered gate; without one nothing is kept. */
export function followGate(): FollowGate {
  return registered ?? (async () => new Set())
}

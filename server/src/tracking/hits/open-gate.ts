/**
 * The port through which the room consent says whose opens may be kept. Asked when a pixel is fetched, not when the
 * mail was made: a withdrawal also covers mails that were received before it.
 * Source: compliance report §3.4 (CNIL 2026); PC-18
 */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'

/** @returns those of the contacts who consent, at this moment, to being followed by a pixel on this channel */
export type OpenGate = (
  ctx: Ctx,
  contactIds: readonly ContactId[],
  channel: string,
) => Promise<ReadonlySet<ContactId>>

let registered: OpenGate | null = null

/** Called once by the room consent when its door is loaded. */
export function registerOpenGate(gate: OpenGate): void {
  registered = gate
}

/** The registered gate; without one nobody's opens are kept. */
export function openGate(): OpenGate {
  return registered ?? (async () => new Set())
}

/**
 * Who listens to people entering and leaving segments. Rooms above register one question; only where somebody listens
 * do entries and leavings go to the event log, since a segment of a million would otherwise fill it.
 */
import { z } from 'zod'
import type { Ctx } from '../platform/context.ts'
import { defineEvent } from '../platform/events/index.ts'
import type { SegmentId } from '../platform/ids.ts'

const payload = z.object({
  segmentId: z.string(),
  /** `change` for an edit or event, `clock` when time alone did it. */
  because: z.enum(['change', 'clock']),
})

/** A contact came to match a segment's rule. The contact is the event's subject. */
export const segmentEntered = defineEvent('segment.entered', payload)
/** A contact no longer matches a segment's rule. */
export const segmentLeft = defineEvent('segment.left', payload)

/** Answers which of these segments a room listens to. */
export type MembershipListener = (ctx: Ctx, segmentIds: readonly SegmentId[]) => Promise<readonly SegmentId[]>

const registered = new Map<string, MembershipListener>()

/** Registers a room's question; the same room again replaces it. */
export function registerMembershipListener(room: string, listener: MembershipListener): void {
  registered.set(room, listener)
}

/** Those of these segments that somebody listens to. */
export async function listenedTo(
  ctx: Ctx,
  segmentIds: readonly SegmentId[],
): Promise<ReadonlySet<SegmentId>> {
  const found = new Set<SegmentId>()
  if (segmentIds.length === 0) return found
  // One after the other: they share the transaction's connection.
  for (const listener of registered.values()) for (const id of await listener(ctx, segmentIds)) found.add(id)
  return found
}

/** People were put on a static list or taken off it: followed rules that ask about the list look at them again. */
export const membersChanged = defineEvent(
  'segments.members_changed',
  z.object({ segmentId: z.string(), contactIds: z.array(z.string()) }),
)

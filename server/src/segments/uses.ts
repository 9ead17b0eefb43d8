/**
 * Where segments are used by rooms above this one, which it must not know. A higher room answers for its own tables:
 * it registers one question when it is loaded, and every deletion asks it inside the deleting transaction. An event
 * would come too late: the answer decides whether the deletion happens at all.
 */
import type { Ctx } from '../platform/context.ts'
import type { SegmentId } from '../platform/ids.ts'

/** A thing that cannot work without a segment. */
export interface SegmentUse {
  segmentId: SegmentId
  /** What it is, in the words of the product: `campaign`. */
  kind: string
  /** Its id as it stands on the wire. */
  id: string
  name: string
}

/** Answers which of these segments a room's live things use. Archived and finished things need not be named. */
export type SegmentUses = (ctx: Ctx, segmentIds: readonly SegmentId[]) => Promise<readonly SegmentUse[]>

const registered = new Map<string, SegmentUses>()

/** Registers a room's answer; the same room again replaces it. */
export function registerUse(room: string, uses: SegmentUses): void {
  registered.set(room, uses)
}

/** Everything in rooms above that uses these segments. */
export async function usesAbove(ctx: Ctx, segmentIds: readonly SegmentId[]): Promise<SegmentUse[]> {
  if (segmentIds.length === 0) return []
  const answers: SegmentUse[] = []
  // One after the other: they share the transaction's connection.
  for (const uses of registered.values()) answers.push(...(await uses(ctx, segmentIds)))
  return answers
}

/** Sending hours at the hand-over: nothing leaves outside them, whatever delayed it. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { allowedUntil, type Hindrance } from '../timing/hours.ts'
import { organizationHours, slotNow } from '../timing/slots.ts'
import type { DropReason } from '../timing/drop-reasons.ts'
import type { HeldChunk } from './held-chunk.ts'
import { holdChunk } from './queries.ts'
import { record } from './record.ts'
import { judge } from './verdicts.ts'

/** What the hours say at an instant. */
export type HoursAnswer =
  | { kind: 'open'; closesAt: Date | null }
  | { kind: 'held'; until: Date; because: Hindrance | null }
  | { kind: 'dropped'; reason: DropReason }

export interface HoursGate {
  at(now: Date): HoursAnswer
}

const ALWAYS_OPEN: HoursGate = { at: () => ({ kind: 'open', closesAt: null }) }

/** The gate of a chunk. Organizations without hours pay nothing for it. */
export async function hoursGate(ctx: Ctx, { run, chunk }: HeldChunk): Promise<HoursGate> {
  const { place, channel } = chunk
  if (place === null && run.timing.usefulUntil === null) return ALWAYS_OPEN
  const organization = await organizationHours(ctx)
  let open: { from: Date; closesAt: Date } | null = null
  return {
    at: (now) => {
      // Asked before every sub-batch: an answer holds until the hours end.
      if (open && now >= open.from && now < open.closesAt) return { kind: 'open', closesAt: open.closesAt }
      const { slot, constraints } = slotNow(run, channel, place, organization, now)
      if (slot.dropped !== null) return { kind: 'dropped', reason: slot.dropped }
      if (slot.dueAt > now) return { kind: 'held', until: slot.dueAt, because: slot.held }
      const closesAt = soonest(allowedUntil(constraints, now), run.timing.usefulUntil)
      open = closesAt && { from: now, closesAt }
      return { kind: 'open', closesAt }
    },
  }
}

const soonest = (hoursEnd: Date | null, usefulUntil: string | null): Date | null => {
  const useless = usefulUntil === null ? null : new Date(usefulUntil)
  return hoursEnd && useless ? (hoursEnd < useless ? hoursEnd : useless) : (hoursEnd ?? useless)
}

/** Lets a chunk wait, and says why to whoever looks. @returns when it is taken up again */
export async function waitUntil(
  ctx: Ctx,
  { run, chunk, lease }: HeldChunk,
  until: Date,
  because: Hindrance | null,
): Promise<Date> {
  await inTransaction(ctx, async (ctx) => {
    await lease.fence(ctx)
    await holdChunk(ctx, run.id, chunk.chunkNo, until, because)
  })
  return until
}

/** Gives up on all who still wait in a chunk, with the reason. */
export function dropRest(ctx: Ctx, held: HeldChunk, reason: string): Promise<void> {
  const ids = held.chunk.contactIds.slice(held.chunk.doneCount)
  const skips = ids.map((contactId) => ({
    contactId,
    result: { kind: 'skipped' as const, reason },
  }))
  return record(ctx, held, ids.length, judge(skips, false))
}

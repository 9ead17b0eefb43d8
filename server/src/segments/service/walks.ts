/**
 * Walks over all contacts for one segment, slice by slice: filling its membership, and the daily check that proves
 * nothing has drifted. Source: TK-18.4
 */
import type { Ctx } from '../../platform/context.ts'
import { avoidNestedLoops } from '../../platform/db/index.ts'
import type { ContactId, SegmentId } from '../../platform/ids.ts'
import type { Lease } from '../../platform/jobs/index.ts'
import { evaluate, selectDiffering, selectFollowed } from '../queries/membership.ts'
import * as queries from '../queries/walks.ts'
import { type Evaluated, evaluatePeople } from './evaluate.ts'
import { keepMembership, readFollowed, scheduleWake, SOON_MS, wakeDue } from './membership.ts'
import { inTurn } from './turn.ts'

/** Contacts per slice: a turn of a few hundred milliseconds, between which events are followed. */
const SLICE_CONTACTS = 50_000
/** Wrong members that a check mends in one slice. */
const DIFFERING_MAX = 10_000
/** How long a check waits for events to be read. */
const AGAIN_MS = 500
/** Turns of waking before a check looks. */
const WAKE_TURNS_MAX = 100

/** Walks on. @returns when to go on; nothing when the walk has come to its end */
export async function walkOn(ctx: Ctx, id: SegmentId, lease: Lease): Promise<{ again: Date } | undefined> {
  for (;;) {
    if (lease.stopping) return { again: ctx.now() }
    const step = await inTurn(ctx, lease, (inner) => takeStep(inner, id))
    if (step === 'ended') return undefined
    if (step === 'waits') return { again: new Date(ctx.now().getTime() + AGAIN_MS) }
  }
}

async function takeStep(ctx: Ctx, id: SegmentId): Promise<'more' | 'waits' | 'ended'> {
  const walk = await queries.selectWalk(ctx, id)
  if (!walk) return 'ended'
  const followed = (await selectFollowed(ctx)).filter((segment) => segment.id === id)
  const [ready] = await readFollowed(ctx, followed)
  // A rule that no longer works keeps the members it had; mending it starts another walk.
  if (!ready) return endWalk(ctx, id)
  await avoidNestedLoops(ctx)
  if (BigInt(walk.walkedThrough) >= BigInt(walk.walkUntil)) {
    if (walk.kind === 'fill') await queries.markFilled(ctx, id)
    else {
      await queries.markChecked(ctx, id, walk.drift)
      if (walk.drift > 0)
        ctx.log.warn(
          { segmentId: id, drift: walk.drift },
          'membership had drifted from its rule and was mended',
        )
    }
    return endWalk(ctx, id)
  }
  const through = await queries.selectSliceEnd(ctx, walk.walkedThrough, walk.walkUntil, SLICE_CONTACTS)
  const slice = { kind: 'slice', after: walk.walkedThrough, through } as const
  if (walk.kind === 'check') return checkSlice(ctx, ready, walk, slice)
  await evaluate(ctx, [ready], slice)
  await scheduleWake(ctx)
  await queries.advanceWalk(ctx, id, { ...walk, walkedThrough: through })
  return 'more'
}

async function endWalk(ctx: Ctx, id: SegmentId): Promise<'ended'> {
  await queries.deleteWalk(ctx, id)
  return 'ended'
}

/**
 * Compares a slice. A member who differs while events are still unread is only suspected; whoever still differs when
 * those events have been read has drifted.
 */
async function checkSlice(
  ctx: Ctx,
  rule: Evaluated,
  walk: queries.Walk,
  slice: { kind: 'slice'; after: string; through: string },
): Promise<'more' | 'waits'> {
  const { segmentId: id, reading } = rule
  for (let turn = 0; turn < WAKE_TURNS_MAX && (await wakeDue(ctx)); turn++);
  const log = await queries.selectLogPositions(ctx, keepMembership.name)
  if (walk.suspects.length > 0 && log.read < BigInt(walk.suspectsPos)) return 'waits'
  const differing = await settled(ctx, id, await selectDiffering(ctx, id, reading, slice, DIFFERING_MAX))
  const isAllRead = log.read >= log.end
  const suspects = new Set(walk.suspects)
  if (differing.length > 0 && !isAllRead && suspects.size === 0) {
    await queries.advanceWalk(ctx, id, { ...walk, suspects: differing, suspectsPos: String(log.end) })
    return 'waits'
  }
  const drifted = isAllRead ? differing : differing.filter((contactId) => suspects.has(contactId))
  await evaluatePeople(
    ctx,
    new Map(drifted.map((contactId) => [contactId, [{ rules: [rule], happened: null }]])),
  )
  await queries.advanceWalk(ctx, id, {
    walkedThrough: slice.through,
    suspects: [],
    suspectsPos: '0',
    drift: walk.drift + drifted.length,
  })
  return 'more'
}

/** Without those who are to be looked at in a moment anyway, because counters are still reading. */
async function settled(ctx: Ctx, id: SegmentId, people: readonly ContactId[]): Promise<ContactId[]> {
  if (people.length === 0) return []
  const waking = new Set(await queries.selectWaking(ctx, id, people, new Date(ctx.now().getTime() + SOON_MS)))
  return people.filter((contactId) => !waking.has(contactId))
}

/**
 * Live membership of followed segments. Edits and events re-evaluate the people they are about, only against the rules
 * that look at what changed; clauses that look at the clock wake when they flip. Sources: CB-3.2, TK-4.2
 */
import type { Ctx } from '../../platform/context.ts'
import { announce, defineConsumer, type LogEvent } from '../../platform/events/index.ts'
import type { ContactId, SegmentId } from '../../platform/ids.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import { listenedTo, segmentEntered, segmentLeft } from '../listeners.ts'
import * as queries from '../queries/membership.ts'
import { readRule, type Reading } from '../rules/bind.ts'
import { affected, changesOf, TOUCHING_TYPES, touchesOf } from '../rules/touched.ts'
import { wakePeople } from '../work.ts'
import { hashOnly } from '../queries/people.ts'
import { scopeFor } from './read.ts'
import { refill } from './follow.ts'

/** People evaluated by one statement. */
const PEOPLE_PER_STATEMENT = 20_000
/** From this many people in one batch on, walking over everybody is cheaper and holds nobody up. */
const REFILL_FROM_PEOPLE = 60_000
/** How long counters above the log may take to read what this room has read. */
export const SOON_MS = 2_000
/** People woken in one transaction. */
const WAKES_PER_TURN = 5_000

/** A followed segment with its rule made ready. */
interface Ready {
  segment: queries.FollowedSegment
  reading: Reading
  touches: ReadonlySet<string>
}

/** Reads what changed, for every followed segment. */
export const keepMembership = defineConsumer({
  name: 'segments.membership',
  types: TOUCHING_TYPES,
  handle: followChanges,
})

async function followChanges(ctx: Ctx, events: readonly LogEvent[]): Promise<void> {
  const changes = changesOf(events)
  const followed = await queries.selectFollowed(ctx)
  if (followed.length === 0) return
  await queries.takeTurn(ctx)
  await hashOnly(ctx)
  if (changes.gone.length > 0) await queries.forgetMembership(ctx, changes.gone)
  if (changes.addressHashes.length > 0)
    changes.now.push({
      touches: ['consent'],
      contactIds: await queries.selectByAddressHash(ctx, changes.addressHashes),
    })
  const moves: SegmentMoves[] = []
  for (const { segment, reading, touches } of await readFollowed(ctx, followed)) {
    const people = affected(changes.now, touches)
    if (people.length >= REFILL_FROM_PEOPLE) await refill(ctx, [segment.id])
    else moves.push({ segment, moves: await evaluatePeople(ctx, segment.id, reading, people) })
    const later = affected(changes.soon, touches)
    if (later.length > 0)
      await queries.putWakes(ctx, segment.id, later, new Date(ctx.now().getTime() + SOON_MS))
  }
  await announceMoves(ctx, moves, 'change')
  await scheduleWake(ctx)
}

/**
 * Looks at those whose time has come, a bounded number at a time. Inside a transaction that has the turn.
 * @returns whether there may be more
 */
export async function wakeDue(ctx: Ctx): Promise<boolean> {
  const due = await queries.selectDueWakes(ctx, WAKES_PER_TURN)
  if (due.length === 0) return false
  await hashOnly(ctx)
  const bySegment = Map.groupBy(due, ({ segmentId }) => segmentId)
  const followed = await queries.selectFollowed(ctx)
  const ready = await readFollowed(
    ctx,
    followed.filter(({ id }) => bySegment.has(id)),
  )
  const moves: SegmentMoves[] = []
  for (const { segment, reading } of ready) {
    const people = (bySegment.get(segment.id) ?? []).map(({ contactId }) => contactId)
    moves.push({ segment, moves: await evaluatePeople(ctx, segment.id, reading, people) })
  }
  // A rule that no longer works wakes nobody; the one that mends it fills the segment anew.
  const idle = [...bySegment.keys()].filter((id) => !ready.some(({ segment }) => segment.id === id))
  if (idle.length > 0) await queries.deleteWakes(ctx, idle)
  await announceMoves(ctx, moves, 'clock')
  return due.length === WAKES_PER_TURN
}

/** Asks for work at the instant at which somebody has to be looked at next. */
export async function scheduleWake(ctx: Ctx): Promise<void> {
  const next = await queries.selectNextWake(ctx)
  if (next !== null) await enqueue(ctx, wakePeople, {}, { key: next.toISOString(), dueAt: next })
}

/** Followed segments with their rules made ready; rules that no longer work are left out. */
export async function readFollowed(ctx: Ctx, followed: readonly queries.FollowedSegment[]): Promise<Ready[]> {
  const scope = await scopeFor(
    ctx,
    followed.map(({ rule }) => rule),
  )
  return followed.flatMap((segment) => {
    const reading = readRule(segment.rule, scope)
    return reading.kind === 'ready'
      ? [{ segment, reading: reading.value, touches: touchesOf(segment.rule, scope) }]
      : []
  })
}

/** Brings some people's membership in line. */
export async function evaluatePeople(
  ctx: Ctx,
  segmentId: SegmentId,
  reading: Reading,
  people: readonly ContactId[],
): Promise<queries.MembershipMove[]> {
  const moves: queries.MembershipMove[] = []
  for (let at = 0; at < people.length; at += PEOPLE_PER_STATEMENT)
    moves.push(
      ...(await queries.evaluate(ctx, segmentId, reading, {
        kind: 'people',
        ids: people.slice(at, at + PEOPLE_PER_STATEMENT),
      })),
    )
  return moves
}

interface SegmentMoves {
  segment: queries.FollowedSegment
  moves: readonly queries.MembershipMove[]
}

/** Tells those who listen. Nobody enters a segment by its being filled for the first time. */
async function announceMoves(
  ctx: Ctx,
  all: readonly SegmentMoves[],
  because: 'change' | 'clock',
): Promise<void> {
  const moved = all.filter(({ segment, moves }) => segment.filledAt !== null && moves.length > 0)
  const listened = await listenedTo(
    ctx,
    moved.map(({ segment }) => segment.id),
  )
  for (const { segment, moves } of moved)
    if (listened.has(segment.id))
      for (const { contactId, isIn } of moves)
        announce(ctx, isIn ? segmentEntered : segmentLeft, { segmentId: segment.id, because }, { contactId })
}

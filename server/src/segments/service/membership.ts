/**
 * Live membership of followed segments. Edits and events re-evaluate the people they are about, only against the rules
 * that look at what changed; clauses that look at the clock wake when they flip. Sources: CB-3.2, TK-4.2
 */
import type { Ctx } from '../../platform/context.ts'
import { announce, defineConsumer, type LogEvent } from '../../platform/events/index.ts'
import type { SegmentId } from '../../platform/ids.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import { listenedTo, segmentEntered, segmentLeft } from '../listeners.ts'
import * as queries from '../queries/membership.ts'
import { readRule } from '../rules/bind.ts'
import { changesOf, questionsOf, TOUCHING_TYPES, touchesOf } from '../rules/touched.ts'
import type { Scope } from '../rules/scope.ts'
import { wakePeople } from '../work.ts'
import { addLook, type Evaluated, evaluatePeople, type Looks } from './evaluate.ts'
import { needsOf } from './person.ts'
import { scopeFor } from './read.ts'
import { refill } from './follow.ts'

/** From this many people in one batch on, walking over everybody is cheaper and holds nobody up. */
const REFILL_FROM_PEOPLE = 60_000
/** How long counters above the log may take to read what this room has read. */
export const SOON_MS = 2_000
/** People woken in one transaction. */
const WAKES_PER_TURN = 5_000

/** A followed segment with its rule made ready. */
interface Ready extends Evaluated {
  id: SegmentId
  filledAt: Date | null
}

/** Reads what changed, for every followed segment. */
export const keepMembership = defineConsumer({
  name: 'segments.membership',
  types: TOUCHING_TYPES,
  // Where no segment is followed, nothing has to be read.
  heeds: async (ctx) => ((await queries.selectFollowed(ctx)).length === 0 ? [] : null),
  handle: followChanges,
})

async function followChanges(ctx: Ctx, events: readonly LogEvent[]): Promise<void> {
  const changes = changesOf(events)
  const followed = await queries.selectFollowed(ctx)
  if (followed.length === 0) return
  await queries.takeTurn(ctx)
  if (changes.gone.length > 0) await queries.forgetMembership(ctx, changes.gone)
  if (changes.addressHashes.length > 0)
    changes.now.push({
      touches: ['consent'],
      contactIds: await queries.selectByAddressHash(ctx, changes.addressHashes),
    })
  const scope = await scopeOf(ctx, followed)
  const watching = followed.map((segment) => ({ ...segment, touches: touchesOf(segment.rule, scope) }))
  const looks: Looks = new Map()
  for (const question of questionsOf(changes.now, watching)) {
    const { contactIds } = question
    // Most batches concern few of the rules, and making them ready is most of what a small one costs.
    const rules = question.rules.flatMap((segment) => madeReady(segment, scope))
    if (contactIds.length >= REFILL_FROM_PEOPLE) await refill(ctx, idsOf(question.rules))
    else for (const id of contactIds) addLook(looks, id, { rules, happened: question.happenedTo(id) })
  }
  const moves = await evaluatePeople(ctx, looks)
  const soon = new Date(ctx.now().getTime() + SOON_MS)
  for (const { rules, contactIds } of questionsOf(changes.soon, watching))
    await queries.putWakes(ctx, idsOf(rules), contactIds, soon)
  await announceMoves(ctx, followed, moves, 'change')
  await scheduleWake(ctx)
}

/**
 * Looks at those whose time has come, a bounded number at a time. Inside a transaction that has the turn.
 * @returns whether there may be more
 */
export async function wakeDue(ctx: Ctx): Promise<boolean> {
  const due = await queries.selectDueWakes(ctx, WAKES_PER_TURN)
  if (due.length === 0) return false
  const waking = new Set(due.map(({ segmentId }) => segmentId))
  const followed = await queries.selectFollowed(ctx)
  const ready = await readFollowed(
    ctx,
    followed.filter(({ id }) => waking.has(id)),
  )
  const bySegment = new Map(ready.map((rule) => [rule.segmentId, rule]))
  const looks: Looks = new Map()
  for (const { segmentId, contactId } of due) {
    const rule = bySegment.get(segmentId)
    if (rule) addLook(looks, contactId, { rules: [rule], happened: null })
  }
  const moves = await evaluatePeople(ctx, looks)
  // A rule that no longer works wakes nobody; the one that mends it fills the segment anew.
  const idle = [...waking].filter((id) => !bySegment.has(id))
  if (idle.length > 0) await queries.deleteWakes(ctx, idle)
  await announceMoves(ctx, ready, moves, 'clock')
  return due.length === WAKES_PER_TURN
}

/** Asks for work at the instant at which somebody has to be looked at next. */
export async function scheduleWake(ctx: Ctx): Promise<void> {
  const next = await queries.selectNextWake(ctx)
  if (next !== null) await enqueue(ctx, wakePeople, {}, { key: next.toISOString(), dueAt: next })
}

/** Followed segments with their rules made ready; rules that no longer work are left out. */
export async function readFollowed(ctx: Ctx, followed: readonly queries.FollowedSegment[]): Promise<Ready[]> {
  const scope = await scopeOf(ctx, followed)
  return followed.flatMap((segment) => madeReady(segment, scope))
}

const scopeOf = (ctx: Ctx, followed: readonly queries.FollowedSegment[]): Promise<Scope> =>
  scopeFor(
    ctx,
    followed.map(({ rule }) => rule),
  )

/** Nothing of a rule that no longer works. */
function madeReady({ id, rule, filledAt }: queries.FollowedSegment, scope: Scope): Ready[] {
  const reading = readRule(rule, scope)
  if (reading.kind === 'refused') return []
  const needs = once(() => needsOf(rule, reading.value, scope))
  return [{ id, segmentId: id, filledAt, reading: reading.value, needs }]
}

/** Made when somebody is looked at, which most batches do not come to. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null
  return () => (made ??= { value: make() }).value
}

const idsOf = (segments: readonly { id: SegmentId }[]): SegmentId[] => segments.map(({ id }) => id)

/** Tells those who listen. Nobody enters a segment by its being filled for the first time. */
async function announceMoves(
  ctx: Ctx,
  segments: readonly Pick<queries.FollowedSegment, 'id' | 'filledAt'>[],
  moves: readonly queries.MembershipMove[],
  because: 'change' | 'clock',
): Promise<void> {
  const moved = new Set(moves.map(({ segmentId }) => segmentId))
  const listened = await listenedTo(
    ctx,
    idsOf(segments.filter(({ id, filledAt }) => filledAt !== null && moved.has(id))),
  )
  for (const { segmentId, contactId, isIn } of moves)
    if (listened.has(segmentId))
      announce(ctx, isIn ? segmentEntered : segmentLeft, { segmentId, because }, { contactId })
}

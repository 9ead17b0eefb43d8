/**
 * When a message would leave: the one answer that the composer shows, that a journey waits for and that the hand-over
 * keeps. Pure.
 * Source: design §5 Quiet hours, windows, holidays; CS-010.3, CS-010.4, CS-018.3, MA-5.2, FR-004.7, FR-007.5
 */
import { placeOf, type Place, type PlaceFacts } from '../../contacts/index.ts'
import type { DropReason } from './drop-reasons.ts'
import { hindranceAt, lastAllowed, nextAllowed, type Constraint, type Hindrance } from './hours.ts'
import { constraintsOf, type HoursQuestion } from './sending-hours.ts'

export interface WhenQuestion extends HoursQuestion {
  /** When it is due. */
  dueAt: Date
  /** The present: nothing can leave earlier. */
  now: Date
  /** After this it is of no use to anybody; null: never. */
  usefulUntil: Date | null
  /** Zone of an organization's own clock. */
  organizationZone: string
}

export type When =
  /** `because`: what kept it from leaving when it was due; empty when it leaves then. */
  | { kind: 'leaves'; at: Date; because: readonly Hindrance[] }
  /** `too_late`: it would leave when it is of no use any more. `quiet_hours`: it may not leave when it is due. */
  | { kind: 'dropped'; reason: DropReason; because: readonly Hindrance[] }

/** When a message to one contact leaves. */
export function whenToSend(question: WhenQuestion, contact: PlaceFacts): When & { place: Place } {
  const place = placeOf(contact, {
    timeZone: question.organizationZone,
    unknownZone: question.hours.unknownZone,
  })
  return { ...whenFrom(question, constraintsOf(question, place)), place }
}

/** The same for constraints that are known already: whole places are decided at once. */
export function whenFrom(question: WhenQuestion, constraints: readonly Constraint[]): When {
  const { now, usefulUntil } = question
  const dueAt = question.dueAt > now ? question.dueAt : now
  const because = hindrancesFrom(constraints, dueAt)
  const at = because.length === 0 ? dueAt : movedFrom(question, constraints, dueAt)
  if (at === null) return { kind: 'dropped', reason: 'quiet_hours', because }
  if (usefulUntil !== null && at >= usefulUntil) return { kind: 'dropped', reason: 'too_late', because }
  return { kind: 'leaves', at, because }
}

/** `earlier` leaves at the last allowed minute before it was due, if that is still to come; otherwise it is held. */
function movedFrom(
  { hours, campaign, now }: WhenQuestion,
  constraints: readonly Constraint[],
  dueAt: Date,
): Date | null {
  const conflict = campaign.conflict ?? hours.conflict
  if (conflict === 'drop') return null
  const earlier = conflict === 'earlier' ? lastAllowed(constraints, dueAt, now) : null
  return earlier ?? nextAllowed(constraints, dueAt)
}

/** How many reasons are told: a long weekend has three. */
const HINDRANCES_MAX = 6

/** Everything that stands between a due instant and the next allowed one, in order, each told once. */
function hindrancesFrom(constraints: readonly Constraint[], dueAt: Date): Hindrance[] {
  const found: Hindrance[] = []
  const free = nextAllowed(constraints, dueAt)
  let at = dueAt
  for (let step = 0; step < HINDRANCES_MAX * 4 && (free === null || at < free); step++) {
    const hindrance = hindranceAt(constraints, at)
    if (hindrance && !found.some((told) => isSame(told, hindrance))) found.push(hindrance)
    if (found.length >= HINDRANCES_MAX || free === null) break
    at = new Date(Math.min(at.getTime() + STEP_MS, free.getTime()))
  }
  return found
}

/** Reasons change with the hours of a day; looking every six hours meets each day's. */
const STEP_MS = 6 * 3_600_000

const isSame = (a: Hindrance, b: Hindrance): boolean =>
  a.reason === b.reason && a.detail === b.detail && (a.reason !== 'holiday' || a.on === b.on)

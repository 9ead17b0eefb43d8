/**
 * The next instant at which wall clocks allow something. A rule says which spans of a local day are allowed; a constraint
 * is a set of rules read on one zone’s clock. What counts is what the clock on the wall shows: in the hour that a clock
 * change repeats, both passes are judged alike; an hour that it skips is never there. Pure.
 */
import { WHOLE_DAY, type Span } from './spans.ts'

/** One reason why something may not leave at some hours. */
export interface HoursRule {
  /** Why, in a word that screens translate: `quiet_hours`, `legal_hours`, `holiday`, `weekend`, `send_window`. */
  reason: HoursReason
  /** What may be said beside it: a holiday’s name, a place. */
  detail(day: Temporal.PlainDate): string | null
  /** Spans of a day in which it allows. */
  allowedOn(day: Temporal.PlainDate): readonly Span[]
}

export const HOURS_REASONS = ['quiet_hours', 'legal_hours', 'holiday', 'weekend', 'send_window'] as const
export type HoursReason = (typeof HOURS_REASONS)[number]

/** Rules that are read on the clock of one zone. */
export interface Constraint {
  zone: string
  rules: readonly HoursRule[]
}

/** Why an instant is not allowed. */
export interface Hindrance {
  reason: HoursReason
  detail: string | null
  zone: string
  /** The local day that it is about. */
  on: string
}

/** Rules that allow nothing within this time allow nothing at all. */
const HORIZON_DAYS = 400
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
/** Constraints of different zones push each other on; more rounds than this never meet. */
const ROUNDS_MAX = 5_000

/** The first thing that speaks against an instant; null when nothing does. */
export function hindranceAt(constraints: readonly Constraint[], at: Date): Hindrance | null {
  for (const { zone, rules } of constraints) {
    const found = hindranceOn(rules, zonedAt(at.getTime(), zone))
    if (found) return found
  }
  return null
}

/**
 * The earliest instant at or after `from` that every constraint allows: never inside forbidden hours, never earlier than
 * asked, never later than needed.
 * @returns null when there is none within 400 days
 */
export function nextAllowed(constraints: readonly Constraint[], from: Date): Date | null {
  const horizonMs = from.getTime() + HORIZON_DAYS * DAY_MS
  let ms = from.getTime()
  for (let round = 0; round < ROUNDS_MAX && ms <= horizonMs; round++) {
    const before = ms
    for (const constraint of constraints) {
      const next = nextIn(constraint, ms, horizonMs)
      if (next === null) return null
      ms = next
    }
    if (ms === before) return new Date(ms)
  }
  return null
}

/**
 * The latest whole minute at or before `from`, and not before `floor`, that every constraint allows: the earlier edge.
 * @returns null when there is none
 */
export function lastAllowed(constraints: readonly Constraint[], from: Date, floor: Date): Date | null {
  const earliestMs = Math.max(floor.getTime(), from.getTime() - HORIZON_DAYS * DAY_MS)
  let ms = from.getTime()
  for (let round = 0; round < ROUNDS_MAX && ms >= earliestMs; round++) {
    const before = ms
    for (const constraint of constraints) {
      const last = lastIn(constraint, ms, earliestMs)
      if (last === null) return null
      ms = last
    }
    if (ms === before) return new Date(ms)
  }
  return null
}

/** Until when an allowed instant stays allowed; null when nothing ends it within a day. */
export function allowedUntil(constraints: readonly Constraint[], at: Date): Date | null {
  let end: number | null = null
  for (const { zone, rules } of constraints) {
    const local = zonedAt(at.getTime(), zone)
    for (const ms of edgesAround(rules, local, 'to'))
      if (ms > at.getTime() && (end === null || ms < end) && hindranceOn(rules, zonedAt(ms, zone))) end = ms
  }
  return end === null ? null : new Date(end)
}

const zonedAt = (ms: number, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)

function hindranceOn(rules: readonly HoursRule[], local: Temporal.ZonedDateTime): Hindrance | null {
  const day = local.toPlainDate()
  const minute = local.hour * 60 + local.minute
  const rule = rules.find(
    (candidate) => !candidate.allowedOn(day).some(({ from, to }) => minute >= from && minute < to),
  )
  return rule
    ? { reason: rule.reason, detail: rule.detail(day), zone: local.timeZoneId, on: day.toString() }
    : null
}

/** Hours open where a span begins, or where a clock change lets the clock jump into one. */
function nextIn({ zone, rules }: Constraint, fromMs: number, horizonMs: number): number | null {
  let local = zonedAt(fromMs, zone)
  if (!hindranceOn(rules, local)) return fromMs
  while (local.epochMilliseconds <= horizonMs) {
    const openings = edgesOf(rules, local.toPlainDate(), zone, 'from')
      .filter((ms) => ms > fromMs)
      .toSorted((a, b) => a - b)
    const opening = openings.find((ms) => !hindranceOn(rules, zonedAt(ms, zone)))
    if (opening !== undefined) return opening
    local = local.toPlainDate().add({ days: 1 }).toZonedDateTime(zone)
  }
  return null
}

function lastIn({ zone, rules }: Constraint, fromMs: number, earliestMs: number): number | null {
  let local = zonedAt(fromMs, zone)
  if (!hindranceOn(rules, local)) return fromMs
  for (;;) {
    const closings = edgesOf(rules, local.toPlainDate(), zone, 'to')
      .map((ms) => Math.ceil(ms / MINUTE_MS - 1) * MINUTE_MS)
      .filter((ms) => ms < fromMs && ms >= earliestMs)
      .toSorted((a, b) => b - a)
    const closing = closings.find((ms) => !hindranceOn(rules, zonedAt(ms, zone)))
    if (closing !== undefined) return closing
    if (local.startOfDay().epochMilliseconds < earliestMs) return null
    local = local.toPlainDate().subtract({ days: 1 }).toZonedDateTime(zone)
  }
}

/** The instants of a day at which a rule's spans begin or end, both passes of a repeated time, and its clock changes. */
function edgesOf(
  rules: readonly HoursRule[],
  day: Temporal.PlainDate,
  zone: string,
  edge: 'from' | 'to',
): number[] {
  const edges: number[] = []
  const midnight = day.toPlainDateTime()
  for (const minute of new Set(rules.flatMap((rule) => rule.allowedOn(day).map((span) => span[edge])))) {
    const wall = midnight.add({ minutes: minute })
    const first = wall.toZonedDateTime(zone, { disambiguation: 'earlier' }).epochMilliseconds
    const second = wall.toZonedDateTime(zone, { disambiguation: 'later' }).epochMilliseconds
    edges.push(first, second)
  }
  const start = day.toZonedDateTime(zone)
  edges.push(start.epochMilliseconds)
  const endMs = day.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds
  let change = start.getTimeZoneTransition('next')
  while (change && change.epochMilliseconds <= endMs) {
    edges.push(change.epochMilliseconds)
    change = change.getTimeZoneTransition('next')
  }
  return edges
}

/** Edges of a day and the one after it: hours that run past midnight end there. */
const edgesAround = (
  rules: readonly HoursRule[],
  local: Temporal.ZonedDateTime,
  edge: 'from' | 'to',
): number[] => {
  const day = local.toPlainDate()
  return [
    ...edgesOf(rules, day, local.timeZoneId, edge),
    ...edgesOf(rules, day.add({ days: 1 }), local.timeZoneId, edge),
  ]
}

/** A rule that always allows, for places without one. */
export const isWholeDay = (spans: readonly Span[]): boolean =>
  spans.length === 1 && spans[0]?.from === WHOLE_DAY[0]?.from && spans[0]?.to === WHOLE_DAY[0]?.to

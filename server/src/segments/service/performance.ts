/** What segments bring, today and over time, and how they compare. Sources: CB-3.5, TK-4.4, TK-10.7, TK-18.3 */
import type { Ctx } from '../../platform/context.ts'
import type { SegmentId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import * as queries from '../queries/performance.ts'
import { selectSegment, type StoredSegment } from '../queries/segments.ts'
import { selectSettings } from '../queries/scope.ts'
import { addDays, dayOf } from '../rules/days.ts'
import { readSaved, tryRead } from './read.ts'
import { DAYS_MAX } from '../schema.ts'
import { ruleOf } from './size.ts'

/** Longest that figures for a person who waits may take, and in the background. */
const WAITED_TIMEOUT_MS = 10_000
const BACKGROUND_TIMEOUT_MS = 60_000

/** A segment's figures now and day by day. Money in the organization's currency, minor units. */
export interface SegmentPerformance {
  currency: string
  now: queries.Figures
  days: queries.DayFigures[]
}

/** Segments beside each other, and how many people they share. */
export interface SegmentComparison {
  currency: string
  segments: { id: SegmentId; name: string; figures: queries.Figures }[]
  /** People who are in exactly these segments of those compared, by their place in the list. */
  overlaps: { segmentIds: SegmentId[]; people: number }[]
}

/** @throws segments.not_found, rule_broken, took_too_long */
export async function getSegmentPerformance(
  ctx: Ctx,
  id: SegmentId,
  days: number,
): Promise<SegmentPerformance> {
  const stored = await live(ctx, id)
  const { currency, timeZone } = await selectSettings(ctx)
  const now = await figuresOf(ctx, stored, WAITED_TIMEOUT_MS)
  if (now === null) throw errors.took_too_long({ id })
  const since = addDays(dayOf(ctx.now(), timeZone), -days)
  return { currency, now, days: await queries.selectDays(ctx, id, since) }
}

/** @throws segments.not_found, rule_broken, took_too_long. Source: DS-SegmentationService.compareSegments */
export async function compareSegments(ctx: Ctx, ids: readonly SegmentId[]): Promise<SegmentComparison> {
  const stored: StoredSegment[] = []
  for (const id of ids) stored.push(await live(ctx, id))
  const { currency } = await selectSettings(ctx)
  const segments: SegmentComparison['segments'] = []
  const predicates: queries.NamedPredicate[] = []
  for (const segment of stored) {
    const figures = await figuresOf(ctx, segment, WAITED_TIMEOUT_MS)
    if (figures === null) throw errors.took_too_long({ id: segment.id })
    segments.push({ id: segment.id, name: segment.name, figures })
    predicates.push({ id: segment.id, predicate: (await readSaved(ctx, ruleOf(segment))).toSql })
  }
  const overlaps = await queries.selectOverlaps(ctx, predicates, WAITED_TIMEOUT_MS)
  if (overlaps === null) throw errors.took_too_long({ ids })
  return { currency, segments, overlaps }
}

/** Writes down a segment's figures of today; again on the same day replaces them. @returns whether it could be done */
export async function takeSnapshot(ctx: Ctx, id: SegmentId): Promise<boolean> {
  const stored = await selectSegment(ctx, id)
  if (!stored || stored.deletedAt !== null) return false
  const reading = await tryRead(ctx, ruleOf(stored))
  if (reading.kind === 'refused') return false
  const figures = await queries.selectFigures(ctx, reading.value.toSql, BACKGROUND_TIMEOUT_MS)
  if (figures === null) return false
  const { timeZone } = await selectSettings(ctx)
  await queries.putDay(ctx, id, dayOf(ctx.now(), timeZone), figures)
  return true
}

/** Forgets days that are no longer kept. */
export async function forgetOldDays(ctx: Ctx): Promise<void> {
  const { timeZone } = await selectSettings(ctx)
  await queries.forgetDays(ctx, addDays(dayOf(ctx.now(), timeZone), -DAYS_MAX))
}

async function figuresOf(
  ctx: Ctx,
  stored: StoredSegment,
  timeoutMs: number,
): Promise<queries.Figures | null> {
  const reading = await tryRead(ctx, ruleOf(stored))
  if (reading.kind === 'refused') throw errors.rule_broken({ id: stored.id }, { problems: reading.problems })
  return queries.selectFigures(ctx, reading.value.toSql, timeoutMs)
}

async function live(ctx: Ctx, id: SegmentId): Promise<StoredSegment> {
  const stored = await selectSegment(ctx, id)
  if (!stored || stored.deletedAt !== null) throw errors.not_found({ id })
  return stored
}

/** How large segments are, and keeping that figure fresh. */
import type { Ctx } from '../../platform/context.ts'
import type { SegmentId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { countPeople } from '../queries/people.ts'
import { selectSegment, type StoredSegment, updateSize } from '../queries/segments.ts'
import type { Rule } from '../rules/rule.ts'
import { readGiven, readSaved, tryRead } from './read.ts'

/** Longest that counting for a person who waits may take. */
const WAITED_TIMEOUT_MS = 10_000
/** Longest that counting in the background may take. */
const BACKGROUND_TIMEOUT_MS = 60_000
/** A size older than this is counted again when somebody looks. Source: DS-caching-strategy.2 */
export const SIZE_FRESH_MS = 5 * 60_000

/** The people in a segment, as a rule. */
export function ruleOf(segment: Pick<StoredSegment, 'id' | 'rule'>): Rule {
  return segment.rule ?? { kind: 'segment', operator: 'in_any', value: [segment.id] }
}

/**
 * How many people match a rule now. Outside any transaction: a count that takes too long is stopped.
 * @throws segments.rule_invalid, took_too_long. Sources: TK-4.2, DS-SegmentationService.calculateSegmentSize
 */
export async function calculateSegmentSize(ctx: Ctx, rule: Rule): Promise<number> {
  const reading = await readGiven(ctx, rule)
  const count = await countPeople(ctx, reading.toSql, WAITED_TIMEOUT_MS)
  if (count === null) throw errors.took_too_long()
  return count
}

/**
 * Counts a segment now and keeps the figure. Outside any transaction.
 * @throws segments.not_found, rule_broken, took_too_long. Source: TK-10.6
 */
export async function countSegment(ctx: Ctx, id: SegmentId): Promise<number> {
  const stored = await selectSegment(ctx, id)
  if (!stored || stored.deletedAt !== null) throw errors.not_found({ id })
  const reading = await readSaved(ctx, ruleOf(stored))
  const count = await countPeople(ctx, reading.toSql, WAITED_TIMEOUT_MS)
  if (count === null) throw errors.took_too_long({ id })
  await updateSize(ctx, id, count)
  return count
}

/**
 * Counts a segment if its figure is older than five minutes. A rule that no longer works, or a count that takes too
 * long, leaves the old figure with its time: the page must still open.
 * @returns whether there is a new figure
 */
export async function freshenSize(
  ctx: Ctx,
  stored: StoredSegment,
  timeoutMs = WAITED_TIMEOUT_MS,
): Promise<boolean> {
  if (stored.deletedAt !== null) return false
  if (stored.sizeAt !== null && ctx.now().getTime() - stored.sizeAt.getTime() < SIZE_FRESH_MS) return false
  const reading = await tryRead(ctx, ruleOf(stored))
  if (reading.kind === 'refused') return false
  const count = await countPeople(ctx, reading.value.toSql, timeoutMs)
  if (count === null) return false
  await updateSize(ctx, stored.id, count)
  return true
}

/** The same in the background, with more patience. */
export async function freshenInBackground(ctx: Ctx, id: SegmentId): Promise<boolean> {
  const stored = await selectSegment(ctx, id)
  return stored !== undefined && freshenSize(ctx, stored, BACKGROUND_TIMEOUT_MS)
}

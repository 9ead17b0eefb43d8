/** The verbs of segments themselves. Sources: DS-SegmentationService, TK-4.1 */
import type { Ctx } from '../../platform/context.ts'
import { audit } from '../../platform/audit/index.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { FieldProblem } from '../../platform/errors.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import { newId, type SegmentId, toWire } from '../../platform/ids.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { errors } from '../errors.ts'
import { forgetSegment, refreshSizes } from '../work.ts'
import { copyMembers } from '../queries/members.ts'
import * as queries from '../queries/segments.ts'
import { unfollow } from '../queries/walks.ts'
import { readRule } from '../rules/bind.ts'
import type { Rule } from '../rules/rule.ts'
import { NAME_LENGTH_MAX } from '../schema.ts'
import { type SegmentUse, usesAbove } from '../uses.ts'
import { readGiven, scopeFor, segmentsNamedBy } from './read.ts'
import { refuseCostly } from './cost.ts'
import { followAll, refill } from './follow.ts'
import { countSegment, freshenSize, SIZE_FRESH_MS } from './size.ts'

/** Most live segments of one organization. */
const SEGMENTS_MAX = 2_000

/** A segment with what is said about it. */
export interface Segment extends queries.StoredSegment {
  sentence: string | null
  problems: FieldProblem[]
  uses: SegmentUse[]
}

/** What the caller may ask of the list. */
export interface ListQuery {
  q?: string | undefined
  kind?: 'dynamic' | 'static' | undefined
  ids?: readonly SegmentId[] | undefined
  sort: 'updated' | 'name'
  deleted: boolean
  limit: number
  cursor?: string | undefined
}

/** A page of segments. Sizes older than five minutes are counted again in the background. Source: TK-10.2 */
export async function listSegments(
  ctx: Ctx,
  query: ListQuery,
): Promise<{ items: Segment[]; nextCursor: string | null; total: number }> {
  const filter: queries.SegmentFilter = {
    q: query.q === undefined || query.q === '' ? null : query.q,
    kind: query.kind ?? null,
    ids: query.ids ?? null,
    deleted: query.deleted,
    sort: query.sort,
    after: query.cursor === undefined ? null : cursorOf(query.cursor),
    limit: query.limit + 1,
  }
  const rows = await queries.selectSegments(ctx, filter)
  const shown = rows.slice(0, query.limit)
  const last = shown.at(-1)
  const items = await withWords(ctx, shown)
  await refreshStale(ctx, items)
  return {
    items,
    nextCursor: rows.length > query.limit && last ? encodeCursor([last.sortKey, last.id]) : null,
    total: await queries.countSegments(ctx, filter),
  }
}

/** Has sizes that are no longer fresh counted in the background; rules that no longer work cannot be. */
async function refreshStale(ctx: Ctx, items: readonly Segment[]): Promise<void> {
  const countedBefore = new Date(ctx.now().getTime() - SIZE_FRESH_MS)
  const isStale = items.some(
    ({ deletedAt, sizeAt, problems }) =>
      deletedAt === null && problems.length === 0 && (sizeAt === null || sizeAt < countedBefore),
  )
  if (isStale)
    await enqueue(ctx, refreshSizes, { countedBefore: countedBefore.toISOString() }, { key: 'viewed' })
}

/** One segment, its size not older than five minutes where it can be counted. @throws segments.not_found. Source: TK-10.3 */
export async function getSegment(ctx: Ctx, id: SegmentId): Promise<Segment> {
  const stored = await queries.selectSegment(ctx, id)
  if (!stored) throw errors.not_found({ id })
  await freshenSize(ctx, stored)
  return withWordsOf(ctx, id)
}

/** Counts a segment now. @throws segments.not_found, rule_broken, took_too_long. Source: TK-10.6 */
export async function refreshSegment(ctx: Ctx, id: SegmentId): Promise<Segment> {
  await countSegment(ctx, id)
  return withWordsOf(ctx, id)
}

/**
 * Makes a segment and counts it. Outside any transaction, because of the count.
 * @throws segments.rule_missing, rule_not_taken, rule_invalid, too_costly, name_taken, too_many. Source: TK-10.1
 */
export async function createSegment(
  ctx: Ctx,
  given: { name: string; description: string; kind: 'dynamic' | 'static'; rule: Rule | null },
): Promise<Segment> {
  if (given.kind === 'dynamic' && given.rule === null) throw errors.rule_missing()
  if (given.kind === 'static' && given.rule !== null) throw errors.rule_not_taken()
  const id = await inTransaction(ctx, async (inner) => {
    if (given.rule !== null) await refuseCostly(inner, await readGiven(inner, given.rule))
    if ((await queries.countLive(inner)) >= SEGMENTS_MAX) throw errors.too_many({ max: SEGMENTS_MAX })
    const stored = await insert(inner, { ...given, id: newId<'segment'>(inner.now()) })
    if (!stored)
      throw errors.name_taken(
        { name: given.name },
        { problems: [{ path: 'name', message: 'Another segment already has this name.' }] },
      )
    audit(
      inner,
      'segment.created',
      { kind: 'segment', id: stored.id },
      { name: stored.name, kind: stored.kind },
    )
    if (stored.kind === 'dynamic') await followAll(inner)
    return stored.id
  })
  return getSegment(ctx, id)
}

/**
 * Changes a segment, and counts it again when its rule changed. Segments that depend on it follow at once. Outside
 * any transaction, because of the count.
 * @throws segments.not_found, rule_not_taken, rule_invalid, rule_circular, name_taken. Source: TK-10.4
 */
export async function updateSegment(
  ctx: Ctx,
  id: SegmentId,
  change: { name?: string | undefined; description?: string | undefined; rule?: Rule | undefined },
): Promise<Segment> {
  await inTransaction(ctx, async (inner) => {
    const stored = await lockLive(inner, id)
    if (change.rule !== undefined && stored.kind === 'static') throw errors.rule_not_taken({ id })
    if (change.rule !== undefined) await refuseCircle(inner, id, change.rule)
    if (change.name !== undefined && (await queries.nameIsTaken(inner, change.name, id)))
      throw errors.name_taken(
        { id },
        { problems: [{ path: 'name', message: 'Another segment already has this name.' }] },
      )
    const next = {
      id,
      name: change.name ?? stored.name,
      description: change.description ?? stored.description,
      rule: change.rule ?? stored.rule,
    }
    await queries.updateSegment(inner, next, change.rule !== undefined)
    if (change.rule !== undefined) {
      await queries.replaceReferences(inner, id, segmentsNamedBy(change.rule))
      await refill(inner, [id])
    }
    audit(
      inner,
      'segment.updated',
      { kind: 'segment', id },
      { changed: Object.keys(change), from: { name: stored.name, rule: stored.rule } },
    )
  })
  return getSegment(ctx, id)
}

/**
 * Deletes a segment that nothing uses. It can be restored; its members stay meanwhile.
 * @throws segments.not_found, in_use with the places that use it. Sources: TK-10.5, CB-3
 */
export async function deleteSegment(ctx: Ctx, id: SegmentId): Promise<void> {
  await inTransaction(ctx, async (inner) => {
    const stored = await lockLive(inner, id)
    const uses = await usesOf(inner, [id])
    if (uses.length > 0)
      throw errors.in_use(
        { id },
        { extra: { uses: uses.map(({ kind, id: useId, name }) => ({ kind, id: useId, name })) } },
      )
    await queries.updateDeleted(inner, id, actorOf(inner))
    await unfollow(inner, id)
    await enqueue(inner, forgetSegment, { segmentId: id }, { key: id })
    audit(inner, 'segment.deleted', { kind: 'segment', id }, { name: stored.name })
  })
}

/** Takes a deletion back. @throws segments.not_found, name_taken */
export function restoreSegment(ctx: Ctx, id: SegmentId): Promise<Segment> {
  return inTransaction(ctx, async (inner) => {
    const stored = await queries.lockSegment(inner, id)
    if (!stored) throw errors.not_found({ id })
    if (stored.deletedAt !== null) {
      if (await queries.nameIsTaken(inner, stored.name, id)) throw errors.name_taken({ id })
      await queries.updateDeleted(inner, id, null)
      if (stored.kind === 'dynamic') await followAll(inner)
      audit(inner, 'segment.restored', { kind: 'segment', id }, { name: stored.name })
    }
    return withWordsOf(inner, id)
  })
}

/** Copies a segment under a name of its own, members of a list included. @throws segments.not_found, too_many */
export function duplicateSegment(ctx: Ctx, id: SegmentId): Promise<Segment> {
  return inTransaction(ctx, async (inner) => {
    const source = await lockLive(inner, id)
    if ((await queries.countLive(inner)) >= SEGMENTS_MAX) throw errors.too_many({ max: SEGMENTS_MAX })
    const stored = await insertUnderFreeName(inner, source)
    if (source.kind === 'static') {
      await copyMembers(inner, id, stored.id, actorOf(inner))
      if (source.size !== null) await queries.updateSize(inner, stored.id, source.size)
    }
    if (stored.kind === 'dynamic') await followAll(inner)
    audit(inner, 'segment.duplicated', { kind: 'segment', id: stored.id }, { from: id, name: stored.name })
    return withWordsOf(inner, stored.id)
  })
}

/** Locks a segment that is not deleted. @throws segments.not_found */
export async function lockLive(ctx: Ctx, id: SegmentId): Promise<queries.StoredSegment> {
  const stored = await queries.lockSegment(ctx, id)
  if (!stored || stored.deletedAt !== null) throw errors.not_found({ id })
  return stored
}

/** Who acts, as rows note it. */
export const actorOf = (ctx: Ctx): string => `${ctx.actor.kind}:${ctx.actor.id}`

async function insert(
  ctx: Ctx,
  segment: Parameters<typeof queries.insertSegment>[1],
): Promise<queries.StoredSegment | undefined> {
  const stored = await queries.insertSegment(ctx, segment, actorOf(ctx))
  if (stored && segment.rule !== null)
    await queries.replaceReferences(ctx, stored.id, segmentsNamedBy(segment.rule))
  return stored
}

/** `VIP (2)`, `VIP (3)`, … as far as there are segments. */
async function insertUnderFreeName(ctx: Ctx, source: queries.StoredSegment): Promise<queries.StoredSegment> {
  const base = source.name.replace(/ \(\d+\)$/, '').slice(0, NAME_LENGTH_MAX - 8)
  for (let number = 2; number <= SEGMENTS_MAX + 2; number++) {
    const name = `${base} (${number})`
    if (await queries.nameIsTaken(ctx, name, null)) continue
    const stored = await insert(ctx, { ...source, id: newId<'segment'>(ctx.now()), name })
    if (stored) return stored
  }
  throw errors.too_many({ max: SEGMENTS_MAX })
}

/** @throws segments.rule_circular, rule_invalid */
async function refuseCircle(ctx: Ctx, id: SegmentId, rule: Rule): Promise<void> {
  const reached = await queries.selectClosure(ctx, segmentsNamedBy(rule))
  if (reached.some((segment) => segment.id === id))
    throw errors.rule_circular(
      { id },
      { problems: [{ path: 'rule', message: 'This rule leads back to the segment itself.' }] },
    )
  await refuseCostly(ctx, await readGiven(ctx, rule))
}

async function withWordsOf(ctx: Ctx, id: SegmentId): Promise<Segment> {
  const stored = await queries.selectSegment(ctx, id)
  const [segment] = stored ? await withWords(ctx, [stored]) : []
  if (!segment) throw errors.not_found({ id })
  return segment
}

/** Adds sentences and uses, for a whole page at once. */
async function withWords(ctx: Ctx, stored: readonly queries.StoredSegment[]): Promise<Segment[]> {
  const scope = await scopeFor(
    ctx,
    stored.flatMap(({ rule }) => (rule === null ? [] : [rule])),
  )
  const uses = await usesOf(
    ctx,
    stored.map(({ id }) => id),
  )
  return stored.map((segment) => {
    const reading = segment.rule === null ? null : readRule(segment.rule, scope)
    return {
      ...segment,
      sentence: reading?.kind === 'ready' ? reading.value.describe(ctx.locale) : null,
      problems: reading?.kind === 'refused' ? [...reading.problems] : [],
      uses: uses.filter(({ segmentId }) => segmentId === segment.id),
    }
  })
}

/** Rules of other segments, and whatever rooms above have registered. */
async function usesOf(ctx: Ctx, ids: readonly SegmentId[]): Promise<SegmentUse[]> {
  const referring = await queries.selectReferring(ctx, ids)
  return [
    ...referring.map(({ targetId, id, name }) => ({
      segmentId: targetId,
      kind: 'segment',
      id: toWire('segment', id),
      name,
    })),
    ...(await usesAbove(ctx, ids)),
  ]
}

function cursorOf(cursor: string): { key: string; id: string } {
  const [key, id] = decodeCursor(cursor) ?? []
  if (typeof key !== 'string' || typeof id !== 'string' || !/^[0-9a-f-]{36}$/.test(id))
    throw errors.cursor_invalid()
  return { key, id }
}

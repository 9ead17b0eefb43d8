/**
 * From an audience to chunks: keyset slices, each its own transaction. The first ones are small, so that the first
 * chunk is claimable within a second at any size of list; later ones cost no more than one big query would.
 */
import { addDeltas } from '../../analytics/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { AppError, assert } from '../../platform/errors.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'
import { defineJob, enqueue, enqueueMany, type JobOutcome, type Lease } from '../../platform/jobs/index.ts'
import { recordSkipped, type LedgerCount } from '../../tracking/index.ts'
import { claimChunks, readFrequencyCaps } from '../caps/cap-queries.ts'
import { capsFor, rankOf } from '../caps/frequency-caps.ts'
import { completeRun, failRun } from '../runs/complete-run.ts'
import { lockRun, readRun } from '../runs/queries.ts'
import {
  addTally,
  channelsOf,
  countedPeople,
  countsOf,
  ledgerRun,
  metricSubject,
  type Run,
  type RunChannel,
} from '../runs/run.ts'
import { chunkJob, deliverChunk, resolveRest, resolveRun } from '../work.ts'
import {
  advanceRun,
  fewNamed,
  lastContactId,
  resolveSlice,
  setResolveUntil,
  sliceEnd,
  type Slice,
} from './queries.ts'

/** Contacts looked at by the first slices, and by all that follow. */
const SLICE_CONTACTS = [2_000, 20_000]
const SLICE_CONTACTS_MAX = 100_000
/** Messages of the first slice, one of a hundred contacts, up to which an audience may be a few people among many. */
const SPARSE_MAX = 20
/** People who are looked at by key. */
const FEW_MAX = 1_000
/** Contacts per chunk: small at first, so that several workers begin at once. */
const CHUNK_CONTACTS_FIRST = 500
const CHUNK_CONTACTS = 5_000

/** A run that has been resolved for this long gives others their turn. */
const TURN_MS = 1_000

/**
 * Resolves a run until somebody is named, and leaves the rest to the run's own turns: of runs that are due at the same
 * instant each has its first people after a few small slices, however many people the others have.
 */
export const resolveRunJob = defineJob({
  ...resolveRun,
  handle: (ctx, { runId }, lease) =>
    orFail(ctx, runId, async () => {
      while (!lease.stopping) if ((await resolveNext(ctx, runId, lease, { isRest: false })) !== 'more') return
      return { again: ctx.now() }
    }),
})

/** Resolves the rest of a run, slice by slice, resuming where it stood. */
export const resolveRestJob = defineJob({
  ...resolveRest,
  handle: (ctx, { runId }, lease) =>
    orFail(ctx, runId, async () => {
      const turnEndsMs = ctx.now().getTime() + TURN_MS
      while (!lease.stopping && ctx.now().getTime() < turnEndsMs)
        if ((await resolveNext(ctx, runId, lease, { isRest: true })) === 'done') return
      // Due before every chunk of the run: its next turn resolves on.
      return { again: (await readRun(ctx, runId))?.startedAt ?? ctx.now() }
    }),
})

async function orFail(ctx: Ctx, runId: RunId, resolve: () => Promise<JobOutcome>): Promise<JobOutcome> {
  try {
    return await resolve()
  } catch (error) {
    // A refusal is final (a segment that is gone, a rule that no longer holds); whatever else happened may pass.
    if (!(error instanceof AppError) || error.status >= 500 || error.code.startsWith('jobs.')) throw error
    await failRun(ctx, runId, error.message)
  }
}

/** `begun`: others go on with the rest. */
async function resolveNext(
  ctx: Ctx,
  runId: RunId,
  lease: Lease,
  { isRest }: { isRest: boolean },
): Promise<'more' | 'begun' | 'done'> {
  const end = await inTransaction(ctx, async (ctx) => {
    await lease.fence(ctx)
    const run = await lockRun(ctx, runId)
    // A paused run is resolved further when it is resumed.
    if (run?.state === 'running') return 'resolved'
    if (run?.state !== 'resolving') return 'ended'
    if (!isRest && hasBegun(run)) {
      await goOnLater(ctx, runId, ctx.now())
      return 'begun'
    }
    const until = run.resolveUntil ?? (await fixEnd(ctx, runId))
    if (BigInt(run.resolvedThrough) < BigInt(until)) await takeSlice(ctx, run, until)
    else
      await advanceRun(ctx, runId, {
        resolvedThrough: until,
        chunksMade: run.chunksMade,
        audienceSize: run.audienceSize,
        tallies: run.tallies,
        isResolved: true,
      })
    return BigInt(run.resolvedThrough) < BigInt(until) ? 'more' : 'resolved'
  })
  if (end === 'more' || end === 'begun') return end
  if (end === 'resolved') await completeRun(ctx, runId)
  return 'done'
}

/** Somebody is named, or nobody is among many: few people would have been found, and the small slices are taken. */
const hasBegun = ({ chunksMade, slicesMade }: Run): boolean =>
  chunksMade > 0 || slicesMade > SLICE_CONTACTS.length

/** People who come while a run is resolved are not in it: the list would have no end. */
async function fixEnd(ctx: Ctx, runId: RunId): Promise<string> {
  const until = await lastContactId(ctx)
  await setResolveUntil(ctx, runId, until)
  return until
}

async function takeSlice(ctx: Ctx, run: Run, until: string): Promise<void> {
  const few = await restIfFew(ctx, run, until)
  const contacts = SLICE_CONTACTS[run.slicesMade] ?? SLICE_CONTACTS_MAX
  const through = few ? until : await sliceEnd(ctx, run.resolvedThrough, until, contacts)
  const chunkSize = run.slicesMade === 0 ? CHUNK_CONTACTS_FIRST : CHUNK_CONTACTS
  const { chunks, skips } = await resolveSlice(ctx, run, {
    ...(few ? { contactIds: few } : { after: run.resolvedThrough, through }),
    chunkSize,
  })
  assert(
    chunks.every(({ chunkNo }, index) => chunkNo === run.chunksMade + 1 + index),
    'chunks are numbered without holes',
  )
  const booked = await bookSlice(ctx, run, { chunks, skips })
  const isResolved = BigInt(through) >= BigInt(until)
  await advanceRun(ctx, run.id, { resolvedThrough: through, ...booked, isResolved })
  const [first, ...others] = chunks.map((chunk) => chunkJob(run.id, chunk))
  if (!first) return
  await enqueueMany(ctx, deliverChunk, [first])
  // Behind the first people and before all others, so that how many there are is soon known.
  if (run.chunksMade === 0 && !isResolved) await goOnLater(ctx, run.id, first.dueAt)
  await enqueueMany(ctx, deliverChunk, others)
}

/** Asks for the rest of a run; never twice at a time. */
const goOnLater = (ctx: Ctx, runId: RunId, besideAt: Date): Promise<void> =>
  enqueue(
    ctx,
    resolveRest,
    { runId },
    { key: runId, dueAt: new Date(Math.min(besideAt.getTime(), ctx.now().getTime())) },
  )

/**
 * Whoever is left of a run whose first slice named hardly anybody, if they are few: found by the audience alone and then
 * looked at by key. Several small campaigns that are due at once among many contacts begin without waiting for each other's
 * slices.
 */
async function restIfFew(ctx: Ctx, run: Run, until: string): Promise<ContactId[] | null> {
  if (run.slicesMade !== 1 || run.audienceSize > SPARSE_MAX) return null
  return fewNamed(ctx, run, { after: run.resolvedThrough, through: until, most: FEW_MAX })
}

/** Books what a slice gave: places under caps, ledger rows of those who get nothing, figures. @returns the run's new sums */
export async function bookSlice(
  ctx: Ctx,
  run: Run,
  { chunks, skips }: Slice,
): Promise<Pick<Run, 'chunksMade' | 'audienceSize' | 'tallies'>> {
  await claimFor(ctx, run, chunks)
  const tallies = { ...run.tallies }
  let messages = 0
  for (const channel of channelsOf(run)) {
    const written = await recordSkips(ctx, run, channel, skips)
    const frozen = chunks.filter((chunk) => chunk.channel === channel)
    for (const variant of variantsOf(run)) {
      const counts = countsOf(written.filter((group) => group.variant === variant))
      const sizes = frozen.filter((chunk) => chunk.variant === variant).map(({ size }) => size)
      const audience = sizes.reduce((sum, size) => sum + size, 0) + countedPeople(counts)
      if (audience === 0) continue
      messages += audience
      addTally(tallies, channel, { audience, counts })
      await addDeltas(ctx, metricSubject(run, channel, variant), { audience, ...counts })
    }
  }
  return {
    chunksMade: run.chunksMade + chunks.length,
    audienceSize: run.audienceSize + messages,
    tallies,
  }
}

/** Places under frequency caps are claimed as people are queued, so that a campaign of higher priority is known to others. */
async function claimFor(ctx: Ctx, run: Run, chunks: Slice['chunks']): Promise<void> {
  const [first, last] = [chunks[0], chunks.at(-1)]
  const { caps } = await readFrequencyCaps(ctx)
  const channels = channelsOf(run).filter(
    (channel) => capsFor(caps, { channel, purpose: run.purpose, topic: run.topic }).length > 0,
  )
  if (!first || !last || channels.length === 0) return
  await claimChunks(ctx, run.id, {
    channels,
    from: first.chunkNo,
    through: last.chunkNo,
    priority: rankOf(run.timing.priority),
  })
}

/** Variant 0 is everybody of a run that compares nothing, and the holdout of one that does. */
function variantsOf({ split }: Run): number[] {
  return [...new Set([0, ...(split?.ranges.map((range) => range.variant) ?? [])])]
}

/** One statement per reason and variant: there are a few dozen of them. */
async function recordSkips(
  ctx: Ctx,
  run: Run,
  channel: RunChannel,
  skips: Slice['skips'],
): Promise<LedgerCount[]> {
  const written: LedgerCount[] = []
  for (const skip of skips)
    if (skip.channel === channel) written.push(await recordSkipped(ctx, ledgerRun(run, channel), skip))
  return written
}

/** Recording what came of a sub-batch: ledger, counts, events and the chunk's progress commit together. */
import { addDeltas } from '../../analytics/index.ts'
import { pause } from '../../platform/clock.ts'
import type { Ctx } from '../../platform/context.ts'
import { afterCommit, inTransaction } from '../../platform/db/index.ts'
import { AppError, AssertionError } from '../../platform/errors.ts'
import type { ContactId } from '../../platform/ids.ts'
import { campaignsMoved } from '../../platform/screens.ts'
import {
  alreadyRecorded,
  recordAgain,
  recordMessages,
  resolveUnknown,
  type LedgerRow,
  type LedgerRun,
} from '../../tracking/index.ts'
import { settleClaims } from '../caps/cap-queries.ts'
import { noteRefusals, noteWithheld } from '../refusals/refusal-queries.ts'
import { markFirstHandover, setTrouble } from '../runs/queries.ts'
import {
  addCounts,
  countedPeople,
  countName,
  countsOf,
  isSentAgain,
  ledgerRun,
  metricSubject,
  type Counts,
} from '../runs/run.ts'
import { announceBounces } from './announce-bounces.ts'
import { askAgainAt, isWaitedFor, readFlightLog, removeFlightLog, type FlightState } from './flight-log.ts'
import type { HeldChunk } from './held-chunk.ts'
import { openChunk, saveProgress, type Chunk, type ChunkProgress } from './queries.ts'
import { fallbacksOf } from './fallback.ts'
import { postpone } from './postpone.ts'
import { withdrawOptOuts, type OptOut } from './opt-outs.ts'
import { isSecondHandover } from './second-handover.ts'
import { OUTCOME_UNKNOWN, type Judgement } from './verdicts.ts'

/** While the database is away, what we know is kept and tried again: about as long as the lease. */
const TRIES_MAX = 30
const TRY_PAUSE_MS = 500

/**
 * Writes a judged sub-batch of `size` contacts. The outcomes are known to nobody else: while the database is away they
 * are kept and tried again, for about as long as the lease holds.
 * @throws jobs.lease_lost when another worker holds the chunk by now: nothing is written
 */
export async function record(ctx: Ctx, held: HeldChunk, size: number, judgement: Judgement): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await recordOnce(ctx, held, size, judgement)
    } catch (error) {
      // Refusals and broken promises of our own code do not pass by waiting.
      if (error instanceof AppError || error instanceof AssertionError || tries >= TRIES_MAX) throw error
      ctx.log.warn({ error, runId: held.run.id, tries }, 'outcomes could not be recorded; trying again')
      await pause(TRY_PAUSE_MS)
      if (await isRecorded(ctx, held)) return
    }
  }
}

/** A commit whose answer was lost may have held: the row tells, and is believed. */
async function isRecorded(ctx: Ctx, { run, chunk }: HeldChunk): Promise<boolean> {
  const present = await openChunk(ctx, run.id, chunk.chunkNo).catch(() => null)
  if (!present || JSON.stringify(placeOf(present)) === JSON.stringify(placeOf(chunk))) return false
  Object.assign(chunk, present)
  return true
}

const placeOf = ({ doneCount, contactIds, counts, deferredIds }: Chunk): unknown[] => [
  doneCount,
  contactIds.length,
  deferredIds.length,
  Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1)),
]

async function recordOnce(ctx: Ctx, held: HeldChunk, size: number, judgement: Judgement): Promise<void> {
  const { run, chunk } = held
  const isFirst = judgement.tookAny && run.firstHandoverAt === null
  const isTroubleOver = judgement.tookAny && run.troubles[chunk.channel] !== undefined
  const progress = await inTransaction(ctx, async (ctx) => {
    await held.lease.fence(ctx)
    const counts = await writeRows(ctx, held, withVariant(chunk, judgement.rows))
    await addDeltas(ctx, metricSubject(run, chunk.channel, chunk.variant), {
      measured: judgement.measured,
      ...judgement.billed,
    })
    await noteRefusals(ctx, run.id, chunk.channel, judgement.refusals)
    const place = placeAfter(held, size, judgement)
    const deferredIds = [...chunk.deferredIds, ...judgement.deferredIds]
    const progress: ChunkProgress = {
      ...place,
      ...waitingAt(chunk, place, deferredIds),
      deferredIds,
      // A second hand-over without an answer is not followed by a third.
      unknownIds: isSecondHandover(chunk.chunkNo) ? [] : [...chunk.unknownIds, ...judgement.unknownIds],
      fallbackIds: [...chunk.fallbackIds, ...fallbacksOf(run, chunk, judgement)],
      counts: addCounts({ ...chunk.counts }, counts),
    }
    await saveProgress(ctx, run.id, chunk.chunkNo, progress)
    if (held.isCapped) await settleCapped(ctx, held, judgement)
    if (judgement.postponed.length > 0) await postpone(ctx, held, judgement.postponed)
    if (judgement.optOuts.length > 0) await withdrawOptOuts(ctx, optOutsOf(held, judgement))
    if (isFirst) await markFirstHandover(ctx, run.id)
    if (isTroubleOver) {
      await setTrouble(ctx, run.id, chunk.channel, null)
      campaignsMoved(ctx, [run.campaignId])
    }
    const about = { campaignId: run.campaignId, runId: run.id, channel: chunk.channel }
    await announceBounces(ctx, about, judgement.bounces)
    return progress
  })
  keepInStep(held, progress)
  if (isFirst) run.firstHandoverAt = ctx.now()
  if (isTroubleOver) delete run.troubles[chunk.channel]
}

/**
 * After a crash: of those who were armed, the log of the dead worker tells who was taken, who never left, and whose
 * answer is missing; without a log it is missing for all. Missing ones become unknown, counted and listed; whoever the
 * ledger already holds is never handed over again.
 *
 * @returns when to ask again, while the one who was late is still at it; null when everything is settled
 */
export async function settleArmed(ctx: Ctx, held: HeldChunk): Promise<Date | null> {
  const { run, chunk, lease } = held
  if (chunk.armedIds.length === 0 && lease.attempt === 1) return null
  const log = chunk.armedIds.length === 0 ? null : readFlightLog(ctx, chunk.flightId)
  if (log === 'aloft' && isWaitedFor(ctx, chunk.armedAt)) return askAgainAt(ctx)
  const waiting = chunk.contactIds.slice(chunk.doneCount)
  const isSecond = isSecondHandover(chunk.chunkNo)
  // At a second hand-over everybody has a row.
  const recorded = isSecond ? new Set() : await alreadyRecorded(ctx, ledgerRun(run, chunk.channel), waiting)
  const open = waiting.filter((id) => !recorded.has(id))
  const { takenIds, missingIds } = endsOf(chunk, new Set(open), log === 'aloft' ? null : log)
  const ended = new Set([...takenIds, ...missingIds])
  const rows: LedgerRow[] = [
    ...takenIds.map((contactId) => ({ contactId, state: 'sent' as const, reason: null })),
    ...missingIds.map((contactId) => ({ contactId, state: 'unknown' as const, reason: OUTCOME_UNKNOWN })),
  ]
  const progress = await inTransaction(ctx, async (ctx) => {
    await lease.fence(ctx)
    const counts = await writeRows(ctx, held, withVariant(chunk, rows))
    const place = { doneCount: 0, contactIds: open.filter((id) => !ended.has(id)) }
    const progress: ChunkProgress = {
      ...place,
      ...waitingAt(chunk, place, chunk.deferredIds),
      deferredIds: chunk.deferredIds,
      // A second hand-over without an answer is not followed by a third.
      unknownIds: isSecond ? [] : [...chunk.unknownIds, ...missingIds],
      fallbackIds: chunk.fallbackIds,
      counts: addCounts({ ...chunk.counts }, counts),
    }
    await saveProgress(ctx, run.id, chunk.chunkNo, progress)
    await settleClaims(ctx, run.id, chunk.channel, { ended: [...ended], released: [] })
    return progress
  })
  removeFlightLog(ctx, chunk.flightId)
  keepInStep(held, progress)
  if (missingIds.length > 0)
    ctx.log.warn(
      { runId: run.id, chunkNo: chunk.chunkNo, messages: missingIds.length },
      'a worker ended during a hand-over: outcomes are unknown',
    )
  return null
}

const optOutsOf = ({ run, chunk }: HeldChunk, { optOuts }: Judgement): OptOut[] =>
  optOuts.map((optOut) => ({ ...optOut, channel: chunk.channel, campaignId: run.campaignId }))

/** Whom the ledger tells of gives up the place; whoever was not sent anything does so for the time being. */
function settleCapped(ctx: Ctx, { run, chunk }: HeldChunk, judgement: Judgement): Promise<unknown> {
  return settleClaims(ctx, run.id, chunk.channel, {
    ended: judgement.rows.map(({ contactId }) => contactId),
    released: [
      ...judgement.deferredIds,
      ...judgement.unsentIds,
      ...judgement.postponed.map(({ contactId }) => contactId),
    ],
  })
}

/** How the hand-overs of a dead worker ended, as far as anybody knows. */
function endsOf(
  { armedIds }: Chunk,
  open: ReadonlySet<ContactId>,
  states: ReadonlyMap<ContactId, FlightState> | null,
): { takenIds: ContactId[]; missingIds: ContactId[] } {
  const armed = armedIds.filter((id) => open.has(id))
  return {
    takenIds: armed.filter((id) => states?.get(id) === 'taken'),
    missingIds: armed.filter((id) => !states || states.get(id) === 'begun'),
  }
}

/** @returns what the ledger really took, as counts; the figures get the same */
async function writeRows(ctx: Ctx, { run, chunk }: HeldChunk, rows: readonly LedgerRow[]): Promise<Counts> {
  const ledger = ledgerRun(run, chunk.channel)
  const counts = isSentAgain(chunk.chunkNo)
    ? await answerAgain(ctx, ledger, chunk, rows)
    : isSecondHandover(chunk.chunkNo)
      ? await answerUnknown(ctx, ledger, rows)
      : countsOf(await recordMessages(ctx, ledger, chunk.chunkNo, rows))
  await addDeltas(ctx, metricSubject(run, chunk.channel, chunk.variant), counts)
  afterCommit(ctx, () => {
    for (const [outcome, n] of Object.entries(counts))
      if (n > 0) ctx.platform.metrics.handedOver(chunk.channel, outcome, n)
  })
  return counts
}

const withVariant = ({ variant }: Chunk, rows: readonly LedgerRow[]): readonly LedgerRow[] =>
  variant === 0 ? rows : rows.map((row) => ({ ...row, variant }))

/** An answer at the second hand-over takes a message out of the unknown ones; its reason says for ever that it may have arrived twice. */
async function answerUnknown(ctx: Ctx, run: LedgerRun, rows: readonly LedgerRow[]): Promise<Counts> {
  const answers = rows.filter(({ state }) => state === 'sent' || state === 'bounced' || state === 'failed')
  const moved = await resolveUnknown(ctx, run, answers)
  const counts: Counts = {}
  // Whose report came in this very moment has been counted with it.
  for (const { state } of answers.filter(({ contactId }) => moved.has(contactId)))
    addCounts(counts, { [countName(state, OUTCOME_UNKNOWN)]: 1 })
  return addCounts(counts, { [countName('unknown', OUTCOME_UNKNOWN)]: -countedPeople(counts) })
}

/**
 * The answer to a message that was sent again takes the place of the one before, in the same row: nobody is counted twice.
 * Who may no longer be written to stays as they were, with the reason beside it.
 */
async function answerAgain(
  ctx: Ctx,
  run: LedgerRun,
  { channel }: Chunk,
  rows: readonly LedgerRow[],
): Promise<Counts> {
  await noteWithheld(
    ctx,
    run.runId,
    channel,
    rows.filter(({ state }) => state === 'skipped'),
  )
  const counts: Counts = {}
  for (const { from, to, n } of await recordAgain(
    ctx,
    run,
    rows.filter(({ state }) => state !== 'skipped'),
  )) {
    addCounts(counts, { [countName(from.state, from.reason)]: -n })
    addCounts(counts, { [countName(to.state, to.reason)]: n })
  }
  return counts
}

/** Where the chunk stands: a step further in its list, or with a new list that begins with whom nothing happened to. */
function placeAfter(
  { chunk }: HeldChunk,
  size: number,
  { unsentIds }: Judgement,
): Pick<ChunkProgress, 'doneCount' | 'contactIds'> {
  const done = chunk.doneCount + size
  return unsentIds.length === 0
    ? { doneCount: done, contactIds: null }
    : { doneCount: 0, contactIds: [...unsentIds, ...chunk.contactIds.slice(done)] }
}

/** How many still wait, and how many of them were refused for now: in a later pass, everybody was. */
function waitingAt(
  chunk: Chunk,
  place: Pick<ChunkProgress, 'doneCount' | 'contactIds'>,
  deferredIds: readonly unknown[],
): Pick<ChunkProgress, 'waiting' | 'deferred'> {
  const left = (place.contactIds ?? chunk.contactIds).length - place.doneCount
  return { waiting: left + deferredIds.length, deferred: deferredIds.length + (chunk.pass > 0 ? left : 0) }
}

function keepInStep({ chunk }: HeldChunk, progress: ChunkProgress): void {
  chunk.doneCount = progress.doneCount
  if (progress.contactIds) chunk.contactIds = [...progress.contactIds]
  chunk.deferredIds = [...progress.deferredIds]
  chunk.unknownIds = [...progress.unknownIds]
  chunk.fallbackIds = [...progress.fallbackIds]
  chunk.counts = progress.counts
  chunk.armedIds = []
  chunk.armedAt = null
  chunk.flightId = null
}

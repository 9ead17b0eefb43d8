/**
 * The way of a chunk, from claim to record. A sub-batch is: look at consent, suppression and the run for the last
 * time and arm, in one transaction; compose; hand over; record ledger, counts and progress, in one transaction.
 * A worker that dies between the two transactions leaves an armed sub-batch: its outcome is unknown.
 */
import type { SetBudgets } from '../../budgets/index.ts'
import { type EventData, eventDataOf } from '../../content/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'
import { defineJob, type JobOutcome, type Lease } from '../../platform/jobs/index.ts'
import type { MessageLinks } from '../../tracking/index.ts'
import type { Letter } from '../channels/line.ts'
import { runLine, type RunLine } from './run-line.ts'
import { NO_OUTCOME, type Trouble } from '../channels/outcome.ts'
import { reserve, stopForBudget, type Unpaid } from '../budget/within-budget.ts'
import { claimPlaces, type Claims } from '../caps/cap-queries.ts'
import { CAPPED, rankOf, type FrequencyCap } from '../caps/frequency-caps.ts'
import { takePlaces, type Excess } from '../caps/take-places.ts'
import { giveBack } from '../limits/give-back.ts'
import { readRunLimits, type PresentLimits } from '../limits/limit-queries.ts'
import { takeTokens } from '../limits/take-tokens.ts'
import { completeRun } from '../runs/complete-run.ts'
import { readRun } from '../runs/queries.ts'
import { isSentAgain, mayHandOver } from '../runs/run.ts'
import { deliverChunk } from '../work.ts'
import type { Addressee } from './addressee.ts'
import { billedUnder } from './billed.ts'
import { endPass } from './end-pass.ts'
import { openFlightLog, type FlightLog } from './flight-log.ts'
import { handOver } from './hand-over.ts'
import type { HeldChunk } from './held-chunk.ts'
import { firstHandover } from './look-up.ts'
import { dropRest, hoursGate, waitUntil } from './hours-gate.ts'
import { batchSize, expectedMs, learnPace } from './pace.ts'
import { lastLook } from './last-look.ts'
import { armBatch, openChunk, runState, stateOfAgain, type Chunk } from './queries.ts'
import { record, settleArmed } from './record.ts'
import { isSecondHandover, leaveReported } from './second-handover.ts'
import { shapeChunk, shapeOf } from './shape.ts'
import { noteTrouble } from './trouble.ts'
import { judge, PASS_PAUSES_MS, type Attempt } from './verdicts.ts'

/** A chunk that takes longer gives others their turn; its own comes back before the next chunk of its run. */
const TURN_MS = 1_000
/**
 * What is left of a turn is given up when it is less: beside other work many sub-batches were such rests, of 20 to 60
 * messages, and each took the transactions of a whole one. What is left of a chunk is finished when it takes less.
 */
const LEFT_MS_MIN = 350

/** Hands one chunk over. */
export const deliverChunkJob = defineJob({
  ...deliverChunk,
  handle: (ctx, { runId, chunkNo }, lease) => deliver(ctx, runId, chunkNo, lease),
})

async function deliver(ctx: Ctx, runId: RunId, chunkNo: number, lease: Lease): Promise<JobOutcome> {
  const run = await readRun(ctx, runId)
  // Resuming asks for the jobs of all open chunks anew.
  if (!run || !mayHandOver(run.state, chunkNo)) return
  const chunk = await openChunk(ctx, runId, chunkNo)
  // A worker that died between the end of the last chunk and the end of the run leaves this job, and nobody else.
  if (!chunk) return completeRun(ctx, runId)
  const trouble = run.troubles[chunk.channel]
  if (trouble && new Date(trouble.retryAt) > ctx.now()) return { again: new Date(trouble.retryAt) }
  if (chunk.dueAt > ctx.now()) return { again: chunk.dueAt }
  const held: HeldChunk = { run, chunk, lease, isCapped: false }
  const line = await runLine(ctx, run, chunk)
  if ('trouble' in line) return { again: await noteTrouble(ctx, run, chunk.channel, line.trouble) }
  const settledAt = await settleArmed(ctx, held)
  if (settledAt) return { again: settledAt }
  const hours = await hoursGate(ctx, held)

  const turnEndsMs = ctx.now().getTime() + TURN_MS
  while (chunk.doneCount < chunk.contactIds.length) {
    if (lease.stopping) return { again: ctx.now() }
    const waiting = chunk.contactIds.length - chunk.doneCount
    const leftMs = turnEndsMs - ctx.now().getTime()
    if (leftMs < LEFT_MS_MIN && expectedMs(ctx, held, waiting) > LEFT_MS_MIN) return { again: chunk.dueAt }
    const gate = hours.at(ctx.now())
    if (gate.kind === 'held') return { again: await waitUntil(ctx, held, gate.until, gate.because) }
    if (gate.kind === 'dropped') {
      await dropRest(ctx, held, gate.reason)
      break
    }
    const size = batchSize(ctx, held, { most: line.batchMax, leftMs: Math.max(leftMs, LEFT_MS_MIN) })
    const wanted = Math.min(size, waiting)
    const present = await readRunLimits(ctx, run.id)
    const receivers = receiversToTakeOut(chunk, present)
    if (receivers) {
      await shapeChunk(ctx, held, receivers)
      continue
    }
    const { channel, receiver } = chunk
    const { providerId = null, senderDomain = null, standIn } = line
    const way = { providerId, senderDomain, standInId: standIn?.isAsked() ? standIn.providerId : null }
    const tokens = await takeTokens(ctx, { run, channel, chunkNo, receiver, wanted, way }, present)
    if (tokens.kind === 'later') return { again: tokens.at }
    const startedMs = ctx.now().getTime()
    // A second hand-over is the same message: it has its place.
    const caps = isSecondHandover(chunkNo) && !isSentAgain(chunkNo) ? [] : tokens.caps
    held.isCapped = caps.length > 0
    // A second hand-over, and what somebody asked to be sent again, are counted already or wanted whatever they cost.
    const budgets = chunkNo > 0 ? present : null
    const end = await deliverBatch(ctx, held, { line, closesAt: gate.closesAt, caps, budgets }, tokens.count)
    await giveBack(ctx, tokens.taken, tokens.count - end.leftCount)
    if (end.kind === 'spent') return stopForBudget(ctx, run.id, end.why)
    if (end.kind === 'later') return { again: end.at }
    if (end.kind === 'stopped') return resumedMeanwhile(ctx, held)
    if (end.kind === 'trouble') return { again: await noteTrouble(ctx, run, chunk.channel, end.trouble) }
    learnPace(ctx, held, tokens.count, ctx.now().getTime() - startedMs)
  }
  const dueAt = await endPass(ctx, held)
  if (dueAt) return { again: dueAt }
  await completeRun(ctx, runId)
}

/** Receivers with a limit whose people still stand among others; null when nobody does. Later passes stay as they are. */
function receiversToTakeOut(chunk: Chunk, { organization }: PresentLimits): string[] | null {
  const { channel, chunkNo, receiver, pass, shapedBy } = chunk
  if (organization.receivers.length === 0 || channel !== 'email') return null
  if (chunkNo < 0 || receiver !== null || pass > 0) return null
  const receivers = organization.receivers.map((limit) => limit.receiver)
  return shapedBy === shapeOf(receivers) ? null : receivers
}

/** A run that was paused and resumed while its chunk was in our hands asked in vain for a job: this one goes on. */
async function resumedMeanwhile(ctx: Ctx, { run, chunk }: HeldChunk): Promise<JobOutcome> {
  return (await isStopped(ctx, { run, chunk })) ? undefined : { again: ctx.now() }
}

/** `leftCount`: messages that left, or may have. */
type BatchEnd = { leftCount: number } & (
  | { kind: 'recorded' }
  | { kind: 'stopped' }
  | { kind: 'trouble'; trouble: Trouble }
  | Unpaid
)

/** How a sub-batch leaves: over which line, and until when. */
interface Way {
  line: RunLine
  /** When hand-over must stop; null: never. */
  closesAt: Date | null
  /** How often its people may be written to. */
  caps: readonly FrequencyCap[]
  /** What it may cost; null: whatever it costs. */
  budgets: SetBudgets | null
}

async function deliverBatch(ctx: Ctx, held: HeldChunk, way: Way, batchSize: number): Promise<BatchEnd> {
  const { chunk } = held
  const ids = chunk.contactIds.slice(chunk.doneCount, chunk.doneCount + batchSize)
  const log = way.line.transport.tellsBegin ? openFlightLog(ctx) : null
  try {
    return await armAndDeliver(ctx, held, way, ids, log)
  } finally {
    log?.landed()
  }
}

async function armAndDeliver(
  ctx: Ctx,
  held: HeldChunk,
  { line, closesAt, caps, budgets }: Way,
  wantedIds: readonly ContactId[],
  log: FlightLog | null,
): Promise<BatchEnd> {
  const { chunk, run } = held
  const looked = await lookAndArm(ctx, held, wantedIds, { flightId: log?.id ?? null, line, caps, budgets })
  if (looked.kind !== 'armed') {
    log?.close()
    return { ...looked, leftCount: 0 }
  }
  const { ids, people, excess } = looked
  const again = isSentAgain(chunk.chunkNo) ? chunk.chunkNo : null
  const said = line.namesEvent ? await eventDataOf(ctx, run.id, ids) : null
  const receivers = people.filter((person) => person.reason === null)
  const linksOf = line.signer.linksOf(receivers.map(({ id }) => id))
  const letters = receivers.map(
    (person, at) => new LetterTo(person, () => linksOf(at), again, said?.get(person.id)),
  )
  const { composed, failed, late, trouble } = await line.compose(letters)
  const first =
    isSecondHandover(chunk.chunkNo) && again === null ? firstHandover(run.startedAt, chunk.dueAt) : null
  const outcomes = await handOver(ctx, line.transport, {
    messages: composed.map(({ message }) => message),
    firsts: composed.map(() => first),
    hasEnded: async () => (closesAt !== null && ctx.now() >= closesAt) || (await hasEnded(ctx, held)),
    watch: log?.watch(composed.map(({ letter }) => letter.person.id)),
  })
  log?.landed()
  const attempts: Attempt[] = [
    // Who asks for a message to be sent again looks at the answer now: it is not put off for days.
    ...skipsOf(ids, people, again === null ? excess : NO_EXCESS),
    ...failed.map(({ letter, reason }) => ({
      contactId: letter.person.id,
      result: { kind: 'failed' as const, reason },
    })),
    ...late.map(({ person }) => ({
      contactId: person.id,
      result: { kind: 'unsent' as const, trouble },
    })),
    ...composed.map(({ letter: { person } }, index) => ({
      contactId: person.id,
      address: person.address,
      isMeasured: person.mayTrackOpens && chunk.channel === 'email',
      // A second hand-over is the same message: it was counted at the first.
      billedAs: isSecondHandover(chunk.chunkNo)
        ? null
        : billedUnder(line, chunk.channel, person, outcomes[index]),
      result: outcomes[index] ?? NO_OUTCOME,
    })),
  ]
  const judgement = judge(attempts, chunk.pass >= PASS_PAUSES_MS.length, run.troubles[chunk.channel])
  await record(ctx, held, ids.length, judgement)
  log?.close()
  const leftCount = composed.length + late.length - judgement.unsentIds.length
  if (judgement.trouble) return { kind: 'trouble', trouble: judgement.trouble, leftCount }
  if (judgement.againAt) return { kind: 'later', at: judgement.againAt, leftCount }
  return { kind: judgement.unsentIds.length > 0 ? 'stopped' : 'recorded', leftCount }
}

/** People as the last look found them, and those for whom frequency caps have no room. */
interface LookedAt {
  kind: 'armed'
  /** Those whom budgets pay for; the others stay in the chunk. */
  ids: readonly ContactId[]
  people: readonly Addressee[]
  excess: ReadonlyMap<ContactId, Excess>
}

const NO_EXCESS: LookedAt['excess'] = new Map()

/** Its links are signed when the message is made, and forgotten with it: a sub-batch would hold ten addresses a person. */
class LetterTo implements Letter {
  readonly person: Addressee
  readonly again: number | null
  readonly data: EventData | undefined
  readonly #links: () => MessageLinks

  constructor(
    person: Addressee,
    links: () => MessageLinks,
    again: number | null,
    data: EventData | undefined,
  ) {
    this.person = person
    this.again = again
    this.data = data
    this.#links = links
  }
  get links(): MessageLinks {
    return this.#links()
  }
}

/** `stopped`: the run is no longer under way. */
async function lookAndArm(
  ctx: Ctx,
  { run, chunk, lease }: HeldChunk,
  wantedIds: readonly ContactId[],
  { flightId, line, caps, budgets }: Pick<Way, 'line' | 'caps' | 'budgets'> & { flightId: string | null },
): Promise<LookedAt | Unpaid | { kind: 'stopped' }> {
  const claims = (contactIds: readonly ContactId[]): Claims => ({
    channel: chunk.channel,
    priority: rankOf(run.timing.priority),
    contactIds,
    runIds: contactIds.map(() => run.id),
  })
  // In a transaction of its own: two that count at once must see each other's.
  if (caps.length > 0) await claimPlaces(ctx, claims(wantedIds))
  return inTransaction(ctx, async (ctx) => {
    await lease.fence(ctx)
    if (await isStopped(ctx, { run, chunk })) return { kind: 'stopped' }
    const look = { channel: chunk.channel, ids: wantedIds, fields: line.contactFields }
    const looked = await lastLook(ctx, run, look)
    const found = await leaveReported(ctx, run, chunk, looked)
    const paid = await reserve(ctx, run, { channel: chunk.channel, ids: wantedIds, people: found, budgets })
    if (paid.kind !== 'paid') return paid
    const { ids, people } = paid
    let contactIds = people.filter((person) => person.reason === null).map((person) => person.id)
    let excess = NO_EXCESS
    if (caps.length > 0) {
      excess = await takePlaces(ctx, caps, claims(contactIds), run.startedAt)
      for (const person of people) if (excess.has(person.id)) person.reason = CAPPED
      contactIds = contactIds.filter((id) => !excess.has(id))
    }
    if (contactIds.length > 0)
      await armBatch(ctx, run.id, chunk.chunkNo, {
        start: chunk.doneCount,
        attempt: lease.attempt,
        flightId,
        contactIds,
      })
    return { kind: 'armed', ids, people, excess }
  })
}

/** Did somebody pause or end it, the run or what is sent again of it? */
async function isStopped(
  ctx: Ctx,
  { run, chunk: { chunkNo } }: Pick<HeldChunk, 'run' | 'chunk'>,
): Promise<boolean> {
  const state = isSentAgain(chunkNo) ? await stateOfAgain(ctx, run.id, chunkNo) : await runState(ctx, run.id)
  return state === null || !mayHandOver(state, chunkNo)
}

/** While the database is away nobody can pause either: what is under way goes on, and is recorded when it is back. */
async function hasEnded(ctx: Ctx, { run, chunk }: HeldChunk): Promise<boolean> {
  try {
    return await isStopped(ctx, { run, chunk })
  } catch (error) {
    ctx.log.warn({ error, runId: run.id }, 'the state of a run cannot be read during its hand-overs')
    return false
  }
}

/** Those who get nothing, or nothing yet: with the gate's reason, or because they are gone. */
function skipsOf(
  ids: readonly ContactId[],
  people: readonly Addressee[],
  excess: LookedAt['excess'],
): Attempt[] {
  const skips = people.flatMap(({ id, reason }): Attempt[] => {
    if (reason === null) return []
    const found = excess.get(id)
    const result =
      found?.kind === 'deferred'
        ? { kind: 'postponed' as const, until: found.until }
        : { kind: 'skipped' as const, reason }
    return [{ contactId: id, result }]
  })
  if (people.length === ids.length) return skips
  const present = new Set(people.map((person) => person.id))
  return [
    ...skips,
    ...ids
      .filter((id) => !present.has(id))
      .map((id): Attempt => ({
        contactId: id,
        result: { kind: 'skipped', reason: 'contact_deleted' },
      })),
  ]
}

/**
 * Handing over messages that were asked for one by one, in batches: hold what is due, look at consent and suppression for
 * the last time, compose, hand over, record. In the first lane: a campaign at full speed does not make them wait.
 */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { CampaignId, ContactId, RunId } from '../../platform/ids.ts'
import { defineJob, enqueue, type JobOutcome, type Lease } from '../../platform/jobs/index.ts'
import { linkSigners, unknownSingles } from '../../tracking/index.ts'
import { lineOf } from '../channels/lines.ts'
import type { Letter, Line } from '../channels/line.ts'
import { NO_OUTCOME, type Handover } from '../channels/outcome.ts'
import type { Addressee } from '../handover/addressee.ts'
import {
  askAgainAt,
  isWaitedFor,
  openFlightLog,
  readFlightLog,
  removeFlightLog,
  type FlightLog,
} from '../handover/flight-log.ts'
import { billedUnder } from '../handover/billed.ts'
import { handOver } from '../handover/hand-over.ts'
import { firstHandover } from '../handover/look-up.ts'
import { lastLook } from '../handover/last-look.ts'
import { OUTCOME_KNOWN } from '../handover/second-handover.ts'
import type { Attempt } from '../handover/verdicts.ts'
import { sendMessages } from '../work.ts'
import { RUN_CHANNELS } from '../runs/run.ts'
import { giveBack } from '../limits/give-back.ts'
import { readDirectLimits, type DirectLimits } from '../limits/limit-queries.ts'
import { takeSharedTokens } from '../limits/take-tokens.ts'
import { withinLimits } from './limit-gate.ts'
import { withinCaps, withinHours, type Detained, type WithinHours } from './marketing-gate.ts'
import {
  heldBy,
  holdMessages,
  nextDue,
  waitingMarketing,
  type DirectMessage,
  type MessageLane,
} from './queries.ts'
import { recordOutcomes, type Outcome } from './record.ts'

/** Messages held at once: small enough that the last of them leaves within a fraction of a second. */
const BATCH_MAX = 200
/** Batches of one turn; then others have theirs. */
const BATCHES_MAX = 50

type Held = DirectMessage & { flightNo: number }

/** Hands over everything that is due. */
export const sendMessagesJob = defineJob({
  ...sendMessages,
  handle: async (ctx, _payload, lease): Promise<JobOutcome> => {
    const settledAt = await settleHeld(ctx, lease)
    if (settledAt) return { again: settledAt }
    // Whatever is asked for from here on has a job of its own, which begins after it was written.
    await lease.releaseKey(ctx)
    for (let batch = 0; batch < BATCHES_MAX; batch++) {
      if (lease.stopping) return { again: ctx.now() }
      // Marketing ones have their turn when no transactional one waits.
      if ((await sendBatch(ctx, lease, TRANSACTIONAL)).heldCount > 0) continue
      const marketing = await sendMarketing(ctx, lease)
      if (marketing === 'sent') continue
      if (marketing !== 'none') await wakeAt(ctx, 'limit', marketing)
      return wakeForNext(ctx)
    }
    return { again: ctx.now() }
  },
})

const TRANSACTIONAL: MessageLane = {
  purpose: 'transactional',
  channels: RUN_CHANNELS,
  limit: BATCH_MAX,
}

/** Those that wait for another try or for their hour have a job at their instant. */
async function wakeForNext(ctx: Ctx): Promise<void> {
  const dueAt = await nextDue(ctx, ctx.now())
  if (dueAt) await wakeAt(ctx, 'due', dueAt)
}

const wakeAt = (ctx: Ctx, why: string, dueAt: Date): Promise<void> =>
  enqueue(ctx, sendMessages, {}, { key: `${why}:${dueAt.toISOString().slice(0, 19)}`, dueAt })

/**
 * As many marketing messages of each channel as limits let go.
 * @returns when to ask the limits again, where they let none go
 */
async function sendMarketing(ctx: Ctx, lease: Lease): Promise<'sent' | 'none' | Date> {
  let again: Date | 'none' = 'none'
  let hasSent = false
  const waiting = await waitingMarketing(ctx, RUN_CHANNELS, BATCH_MAX)
  if (waiting.length === 0) return 'none'
  const present = await readDirectLimits(ctx)
  for (const { channel, messages } of waiting) {
    const tokens = await takeSharedTokens(ctx, present, { channel, wanted: messages })
    if (tokens.count === 0) {
      if (again === 'none' || tokens.at < again) again = tokens.at
      continue
    }
    const lane: MessageLane = { purpose: 'marketing', channels: [channel], limit: tokens.count }
    const { heldCount, leftCount } = await sendBatch(ctx, lease, lane)
    await giveBack(ctx, tokens.taken, tokens.count - leftCount)
    if (heldCount > 0) hasSent = true
  }
  return hasSent ? 'sent' : again
}

/** Messages of a batch that were held, and those of them that left, or may have. */
interface BatchEnd {
  heldCount: number
  leftCount: number
}

async function sendBatch(ctx: Ctx, lease: Lease, lane: MessageLane): Promise<BatchEnd> {
  const log = openFlightLog(ctx)
  try {
    const held = await inTransaction(ctx, async (ctx) => {
      await lease.fence(ctx)
      return holdMessages(ctx, lease.jobId, log?.id ?? null, lane)
    })
    held.sort((one, other) => one.flightNo - other.flightNo)
    const present = held.length > 0 ? await readDirectLimits(ctx) : null
    const turnOf = turns()
    const groups = Map.groupBy(held, (message) => {
      const { channel, purpose, topic, versionId, sourceId } = message
      return `${channel} ${purpose} ${topic ?? ''} ${versionId} ${sourceId} ${turnOf(message)}`
    })
    let leftCount = 0
    if (present)
      for (const group of groups.values()) leftCount += await sendGroup(ctx, lease, group, { log, present })
    log?.close()
    return { heldCount: held.length, leftCount }
  } finally {
    log?.landed()
  }
}

/** Several marketing messages to one person leave one after the other: each must be counted before the next is judged. */
function turns(): (message: Held) => number {
  const seen = new Map<ContactId, number>()
  return ({ purpose, contactId }) => {
    if (purpose === 'transactional') return 0
    const turn = (seen.get(contactId) ?? -1) + 1
    seen.set(contactId, turn)
    return turn
  }
}

interface DirectLetter extends Letter {
  message: Held
}

/** Messages of one content. @returns how many of them left, or may have */
async function sendGroup(
  ctx: Ctx,
  lease: Lease,
  asked: readonly Held[],
  { log, present }: { log: FlightLog | null; present: DirectLimits },
): Promise<number> {
  const [first] = asked
  if (!first) return 0
  const isMarketing = first.purpose === 'marketing'
  const hours = isMarketing ? await withinHours(ctx, asked) : ANY_HOUR
  const early = outcomesOf(asked, hours.detained)
  if (early.length > 0) await recordOutcomes(ctx, lease, early)
  const allowed = asked.filter(({ contactId }) => !hours.detained.has(contactId))
  if (allowed.length === 0) return 0
  const line = await lineOf(ctx, first)
  if ('trouble' in line) {
    const unsent: Handover = { kind: 'unsent', trouble: line.trouble }
    await recordOutcomes(
      ctx,
      lease,
      allowed.map((message) => ({ message, attempt: attemptOf(message, unsent) })),
    )
    return 0
  }
  const limits = await withinLimits(ctx, present, line, allowed)
  const { group } = limits
  const waiting = limits.waiting.map(({ message, until }) => ({
    message,
    attempt: attemptOf(message, { kind: 'postponed', until }),
  }))
  if (waiting.length > 0) await recordOutcomes(ctx, lease, waiting)
  if (group.length === 0) return 0
  const people = new Map(
    (
      await lastLook(
        ctx,
        { purpose: first.purpose, topic: first.topic },
        {
          channel: first.channel,
          ids: group.map(({ contactId }) => contactId),
          fields: line.contactFields,
        },
      )
    ).map((person) => [person.id, person]),
  )
  const reported = await reportedAmong(ctx, group)
  const wanted = group.filter((message) => !reported.has(message))
  const over = isMarketing ? await withinCaps(ctx, lease, wanted, people) : NOBODY
  const open = wanted.filter(({ contactId }) => !over.has(contactId))
  const letters = await lettersOf(ctx, open, people, line)
  const { composed, failed, late, trouble } = await line.compose(letters)
  const outcomes = await handOver(ctx, line.transport, {
    messages: composed.map(({ message }) => message),
    firsts: composed.map(({ letter: { message } }) =>
      message.isSecond ? firstHandover(message.createdAt, message.createdAt) : null,
    ),
    hasEnded: () => Promise.resolve(hours.closesAt !== null && ctx.now() >= hours.closesAt),
    watch: log?.watch(composed.map(({ letter }) => flightKey(letter.message))),
  })
  await recordOutcomes(ctx, lease, [
    ...outcomesOf(wanted, over),
    ...[...reported].map((message) => ({
      message,
      attempt: attemptOf(message, { kind: 'skipped', reason: OUTCOME_KNOWN }),
    })),
    ...open.flatMap((message) => {
      const person = people.get(message.contactId)
      if (person?.reason === null) return []
      const reason = person?.reason ?? 'contact_deleted'
      return [{ message, attempt: attemptOf(message, { kind: 'skipped', reason }) }]
    }),
    ...failed.map(({ letter: { message }, reason }) => ({
      message,
      attempt: attemptOf(message, { kind: 'failed', reason }),
    })),
    ...late.map(({ message }) => ({ message, attempt: attemptOf(message, { kind: 'unsent', trouble }) })),
    ...composed.map(({ letter: { message, person } }, at) => ({
      message,
      attempt: {
        ...attemptOf(message, outcomes[at] ?? NO_OUTCOME),
        address: person.address,
        isMeasured: person.mayTrackOpens && message.channel === 'email',
        billedAs: message.isSecond ? null : billedUnder(line, message.channel, person, outcomes[at]),
      },
    })),
  ])
  const left = new Set(
    composed.flatMap(({ letter: { message } }, at) =>
      (outcomes[at] ?? NO_OUTCOME).kind === 'unsent' ? [] : [message],
    ),
  )
  await limits.giveBackUnused(left)
  return left.size
}

const NOBODY: ReadonlyMap<ContactId, Detained> = new Map()
const ANY_HOUR: WithinHours = { detained: NOBODY, closesAt: null }

const outcomesOf = (group: readonly Held[], detained: ReadonlyMap<ContactId, Detained>): Outcome[] =>
  group.flatMap((message) => {
    const result = detained.get(message.contactId)
    return result ? [{ message, attempt: attemptOf(message, result) }] : []
  })

/** Of those that are handed over a second time: whose first message was reported on meanwhile. */
async function reportedAmong(ctx: Ctx, group: readonly Held[]): Promise<ReadonlySet<Held>> {
  const seconds = group.filter(({ isSecond }) => isSecond)
  if (seconds.length === 0) return new Set()
  const open = await unknownSingles(
    ctx,
    seconds.map(({ id }) => id as string as RunId),
  )
  return new Set(seconds.filter(({ id }) => !open.has(id as string as RunId)))
}

const attemptOf = (message: DirectMessage, result: Attempt['result']): Attempt => ({
  contactId: message.contactId,
  result,
})

async function lettersOf(
  ctx: Ctx,
  group: readonly Held[],
  people: ReadonlyMap<ContactId, Addressee>,
  line: Line,
): Promise<DirectLetter[]> {
  const reachable = group.flatMap((message) => {
    const person = people.get(message.contactId)
    return person?.reason === null ? [{ message, person }] : []
  })
  const signers = await linkSigners(
    ctx,
    reachable.map(({ message: { id, sourceId, versionId, channel, month } }) => ({
      // Each message is a run of its own, counted under what it was made of.
      runId: id as string as RunId,
      campaignId: sourceId as CampaignId,
      versionId,
      channel,
      month,
    })),
    line.linkCount,
  )
  return reachable.flatMap(({ message, person }, at) => {
    const links = signers[at]?.linksFor(person.id)
    return links ? [{ message, person, links, data: message.data }] : []
  })
}

/** The log of hand-overs is written in numbers: here a message's place in its batch. */
const flightKey = ({ flightNo }: Held): ContactId => String(flightNo) as ContactId

/**
 * After a crash: what the dead worker held is taken, was never begun, or is unknown, as its log tells.
 * @returns when to ask again, while the one who was late is still at it; null when everything is settled
 */
async function settleHeld(ctx: Ctx, lease: Lease): Promise<Date | null> {
  const held = await heldBy(ctx, lease.jobId)
  if (held.length === 0) return null
  const logs = new Map(
    [...new Set(held.map(({ flightId }) => flightId))].map((id) => [id, readFlightLog(ctx, id)]),
  )
  const isAloft = held.some(
    ({ flightId, heldAt }) => logs.get(flightId) === 'aloft' && isWaitedFor(ctx, heldAt),
  )
  if (isAloft) return askAgainAt(ctx)
  await recordOutcomes(
    ctx,
    lease,
    held.map((message) => {
      const log = logs.get(message.flightId) ?? null
      const states = log === 'aloft' ? null : log
      const state = states?.get(flightKey(message))
      return { message, attempt: attemptOf(message, endOf(states !== null, state)) }
    }),
  )
  for (const id of logs.keys()) removeFlightLog(ctx, id)
  return null
}

function endOf(isKnown: boolean, state: 'begun' | 'taken' | undefined): Handover {
  if (state === 'taken') return { kind: 'sent', reply: { code: 250, enhanced: null, text: '' } }
  if (isKnown && state === undefined) return { kind: 'unsent', trouble: null }
  return { kind: 'unknown', text: 'the worker ended during the hand-over' }
}

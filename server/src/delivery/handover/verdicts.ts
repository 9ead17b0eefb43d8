/** What each outcome means for the ledger, for the chunk and for the address. Pure. */
import type { ContactId } from '../../platform/ids.ts'
import type { LedgerRow } from '../../tracking/index.ts'
import { judgeRefusal } from '../channels/email/replies.ts'
import type { Handover, ProviderReply, Trouble } from '../channels/outcome.ts'
import type { RunTrouble } from '../runs/run.ts'
import { codeOf, wordsOf, type Refusal } from '../refusals/refusal.ts'

/**
 * Pauses between the passes of a chunk over those who were refused for now: patient enough for greylists and full
 * mailboxes, 65 hours in all (PC-20 allows 72).
 */
export const PASS_PAUSES_MS = [1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60, 24 * 60].map(
  (minutes) => minutes * 60_000,
)

/** Fewer people who are refused for the sender or for themselves do not tell which. */
const DOUBTED_MIN = 5
/**
 * So often a sub-batch rests for a sender that may be wrong, which takes about an hour. Then its people are refused after
 * all: a sender that cannot reach the first of a run may reach the others, and a run that rests on them has no end.
 */
const DOUBTED_RESTS_MAX = 18

/** The reason of every message whose provider's answer was lost, kept although a second hand-over may have succeeded. */
export const OUTCOME_UNKNOWN = 'outcome_unknown'

/** One contact of a sub-batch and what came of it. */
export interface Attempt {
  contactId: ContactId
  /** Where the message was offered; absent where nothing was offered to anybody, null where a channel has no addresses. */
  address?: string | null
  /** Does the message carry a pixel, because its reader agreed to that? */
  isMeasured?: boolean
  /** The figure that it is priced by once it has been handed over; absent where the channel has one price. */
  billedAs?: string | null
  result:
    | Handover
    | { kind: 'skipped'; reason: string }
    | { kind: 'failed'; reason: string }
    | { kind: 'postponed'; until: Date }
}

/** An address that was refused for good, or for too long. */
export interface Bounce {
  contactId: ContactId
  address: string
  class: 'hard' | 'soft'
  reason: string
  code: string
}

/** A sub-batch, judged. */
export interface Judgement {
  rows: LedgerRow[]
  deferredIds: ContactId[]
  unknownIds: ContactId[]
  /** Nothing happened to them: they wait where they are. */
  unsentIds: ContactId[]
  /** Who waits for another instant, in a chunk of their own. */
  postponed: { contactId: ContactId; until: Date }[]
  bounces: Bounce[]
  /** What the provider said to those whom it refused, for good or for now. */
  refusals: Refusal[]
  /** Who told the provider to stop, in its words. */
  optOuts: { contactId: ContactId; text: string }[]
  trouble: Trouble | null
  /** When the next of those who wait for a limit may leave; null: nobody waits for one. */
  againAt: Date | null
  /** Messages taken that carry a pixel: what an open rate is a part of. */
  measured: number
  /** Messages handed over, by the figure that they are priced by. */
  billed: Record<string, number>
  /** Did the provider take anything? Then trouble, if there was any, is over. */
  tookAny: boolean
}

/**
 * Judges a sub-batch. On the last pass a refusal is final.
 * @param resting  why the channel's hand-over rested before; absent when it did not
 */
export function judge(attempts: readonly Attempt[], isLastPass: boolean, resting?: RunTrouble): Judgement {
  const judgement: Judgement = {
    rows: [],
    bounces: [],
    refusals: [],
    optOuts: [],
    deferredIds: [],
    unknownIds: [],
    unsentIds: [],
    postponed: [],
    trouble: null,
    againAt: null,
    measured: 0,
    billed: {},
    tookAny: false,
  }
  const doubted = doubtedSender(attempts, resting)
  for (const attempt of attempts)
    judgeOne(judgement, doubted ? unsentFor(attempt, doubted) : attempt, isLastPass)
  return judgement
}

/** What is wrong with the sender when nobody was taken and everybody was refused for what may be it; null otherwise. */
function doubtedSender(attempts: readonly Attempt[], resting: RunTrouble | undefined): Trouble | null {
  let [trouble, refused]: [Trouble | null, number] = [null, 0]
  for (const { result } of attempts) {
    if (result.kind === 'sent' || result.kind === 'unknown') return null
    if (result.kind !== 'refused') continue
    if (!result.orTrouble) return null
    trouble ??= { kind: result.orTrouble, text: result.reply.text }
    refused += 1
  }
  const hasRestedEnough = resting?.kind === trouble?.kind && (resting?.times ?? 0) >= DOUBTED_RESTS_MAX
  return refused < DOUBTED_MIN || hasRestedEnough ? null : trouble
}

const unsentFor = (attempt: Attempt, trouble: Trouble): Attempt =>
  attempt.result.kind === 'refused' ? { ...attempt, result: { kind: 'unsent', trouble } } : attempt

function judgeOne(
  judgement: Judgement,
  { contactId, address, isMeasured, billedAs, result }: Attempt,
  isLastPass: boolean,
): void {
  const bill = (): void => {
    if (billedAs) judgement.billed[billedAs] = (judgement.billed[billedAs] ?? 0) + 1
  }
  switch (result.kind) {
    case 'sent':
      judgement.tookAny = true
      if (isMeasured) judgement.measured += 1
      bill()
      judgement.rows.push({ contactId, state: 'sent', reason: null })
      return
    case 'skipped':
    case 'failed':
      judgement.rows.push({ contactId, state: result.kind, reason: result.reason })
      return
    case 'postponed':
      judgement.postponed.push({ contactId, until: result.until })
      return
    case 'unknown':
      bill()
      judgement.rows.push({ contactId, state: 'unknown', reason: OUTCOME_UNKNOWN })
      judgement.unknownIds.push(contactId)
      return
    case 'unsent':
      judgement.unsentIds.push(contactId)
      // Trouble that somebody else stands in for rests nothing.
      if (result.until === undefined) judgement.trouble ??= result.trouble
      else if (judgement.againAt === null || result.until < judgement.againAt)
        judgement.againAt = result.until
      return
    case 'refused': {
      const verdict = result.verdict ?? judgeRefusal(result.reply, result.stage)
      if (verdict.class === 'configuration') {
        judgement.unsentIds.push(contactId)
        judgement.trouble ??= { kind: 'sender_refused', text: saidBy(result.reply) }
        return
      }
      judgement.tookAny = true
      const isFinal = !verdict.isRetried || isLastPass
      judgement.refusals.push({
        contactId,
        provider: result.by ?? '',
        code: codeOf(result.reply),
        words: wordsOf(result.reply.text),
        reason: verdict.reason,
        isFinal,
      })
      if (!isFinal) {
        judgement.deferredIds.push(contactId)
        return
      }
      const isOurs = verdict.class === 'block' || verdict.class === 'content' || verdict.class === 'opt_out'
      if (verdict.class === 'opt_out')
        judgement.optOuts.push({ contactId, text: saidBy(result.reply).slice(0, 200) })
      judgement.rows.push({ contactId, state: isOurs ? 'failed' : 'bounced', reason: verdict.reason })
      if (!isOurs) bill()
      if (!isOurs && address)
        judgement.bounces.push({
          contactId,
          address,
          class: verdict.class === 'hard' ? 'hard' : 'soft',
          reason: verdict.reason,
          code: codeOf(result.reply),
        })
    }
  }
}

const saidBy = (reply: ProviderReply): string => `${codeOf(reply)} ${reply.text}`.trim()

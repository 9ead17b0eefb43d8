/** “Why did I not get it?”: what a run knows about one person, channel by channel. */
import type { Ctx } from '../../platform/context.ts'
import { ownInLanguage } from '../../platform/http/index.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'
import type { LedgerState } from '../../tracking/index.ts'
import { errors } from '../errors.ts'
import type { WHY_KINDS } from './run-words.ts'
import type { HeldReason } from './held-reasons.ts'
import { readRun } from './queries.ts'
import { channelsOf, isSentAgain, type Run, type RunChannel } from './run.ts'
import { troubleSentence } from './trouble-sentence.ts'
import { judgePerson, outcomesOf, waitingOf, type OutcomeRow, type WaitingRow } from './why-queries.ts'

/** What a provider said about a person's message. */
export interface Said {
  /** Empty for a mail server. */
  provider: string
  code: string
  words: string
  attempts: number
  at: Date
}

/** How a person stands in a run. */
export type WhyKind = (typeof WHY_KINDS)[number]

/** The answer on one channel; without a channel it holds for all of them. */
export interface WhyAnswer {
  channel: RunChannel | null
  kind: WhyKind
  /** Of an outcome, as in the ledger. */
  state: LedgerState | null
  reason: string | null
  /** When it became so. */
  at: Date | null
  /** Until when it waits; null where nobody can say. */
  until: Date | null
  held: { reason: HeldReason; detail: string | null } | null
  said: Said | null
  /** Why it was not sent again although somebody asked for it. */
  withheldReason: string | null
  isWaitingAgain: boolean
  /** What keeps the channel from sending, in a sentence. */
  trouble: string | null
}

/** An answer before anything is known. */
export const NOTHING_SAID: Omit<WhyAnswer, 'channel' | 'kind'> = {
  state: null,
  reason: null,
  at: null,
  until: null,
  held: null,
  said: null,
  withheldReason: null,
  isWaitingAgain: false,
  trouble: null,
}

/**
 * How a person stands in a run.
 * @throws delivery.run_not_found
 * Source: PC-03
 */
export async function whyInRun(ctx: Ctx, runId: RunId, contactId: ContactId): Promise<WhyAnswer[]> {
  const run = await readRun(ctx, runId)
  if (!run) throw errors.run_not_found({ id: runId })
  const [outcomes, waiting] = [await outcomesOf(ctx, run, contactId), await waitingOf(ctx, run, contactId)]
  const again = new Set(waiting.flatMap(({ chunkNo, channel }) => (isSentAgain(chunkNo) ? [channel] : [])))
  const ended = new Set(outcomes.map(({ channel }) => channel))
  const answers = [
    ...outcomes.map((row) => ofOutcome(ctx, row, again.has(row.channel))),
    ...waiting.filter(({ channel }) => !ended.has(channel)).map((row) => ofWaiting(ctx, run, row)),
  ]
  return answers.length > 0 ? inOrder(run, answers) : [await ofAbsence(ctx, run, contactId)]
}

function ofOutcome(ctx: Ctx, row: OutcomeRow, isWaitingAgain: boolean): WhyAnswer {
  const { channel, state, reason, handedOverAt, stateAt, withheldReason } = row
  return {
    ...NOTHING_SAID,
    channel,
    kind: 'outcome',
    state,
    reason: reason === '' ? null : reason,
    at: state === 'sent' ? (handedOverAt ?? stateAt) : stateAt,
    said: saidOf(ctx, row),
    withheldReason: withheldReason === '' ? null : withheldReason,
    isWaitingAgain,
  }
}

/** What stands in the way now, the nearest thing first: the run, the hours, the provider, its turn. */
function ofWaiting(ctx: Ctx, run: Run, row: WaitingRow): WhyAnswer {
  const { channel, dueAt, heldReason, heldDetail } = row
  const about = { ...NOTHING_SAID, channel, said: saidOf(ctx, row) }
  const trouble = run.troubles[channel]
  const isDue = dueAt <= ctx.now()
  if (row.state === 'cancelled')
    return { ...about, kind: 'not_reached', at: run.stoppedAt ?? run.completedAt }
  if (run.state === 'paused') return { ...about, kind: 'paused', at: run.stoppedAt }
  if (row.isDeferred) return { ...about, kind: 'refused_for_now', until: isDue ? null : dueAt }
  if (!isDue && heldReason !== null)
    return { ...about, kind: 'held', until: dueAt, held: { reason: heldReason, detail: heldDetail } }
  if (trouble)
    return {
      ...about,
      kind: 'resting',
      until: new Date(trouble.retryAt),
      trouble: troubleSentence(ctx.locale, channel, trouble),
    }
  return { ...about, kind: 'waiting', until: isDue ? null : dueAt }
}

/** Neither a row nor a chunk: the run does not mean this person, or does not know them yet. */
async function ofAbsence(ctx: Ctx, run: Run, contactId: ContactId): Promise<WhyAnswer> {
  const about = { ...NOTHING_SAID, channel: null }
  if (run.resolvedAt === null && !run.isFed && BigInt(contactId) > BigInt(run.resolvedThrough))
    return { ...about, kind: 'being_resolved' }
  const { audience, purpose, topic } = run
  const judged = await judgePerson(ctx, contactId, { audience, channels: channelsOf(run), purpose, topic })
  return { ...about, kind: judged?.isIn === true ? 'joined_later' : 'not_in_audience', at: run.startedAt }
}

/** Words of a provider stay as they are; ours, of what was not even offered, are said in the reader's language. */
const saidOf = (
  { locale }: Ctx,
  {
    provider,
    code,
    words,
    attempts,
    refusedAt,
  }: Pick<OutcomeRow, 'provider' | 'code' | 'words' | 'attempts' | 'refusedAt'>,
): Said | null =>
  attempts !== null && attempts > 0 && refusedAt !== null
    ? {
        provider: provider ?? '',
        code: code ?? '',
        words: ownInLanguage(words ?? '', locale),
        attempts,
        at: refusedAt,
      }
    : null

const inOrder = (run: Run, answers: readonly WhyAnswer[]): WhyAnswer[] => {
  const places = channelsOf(run)
  const placeOf = ({ channel }: WhyAnswer): number => (channel === null ? -1 : places.indexOf(channel))
  return answers.toSorted((a, b) => placeOf(a) - placeOf(b))
}

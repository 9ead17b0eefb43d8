/**
 * Asks a vendor which messages it has, a question at a time until one was answered, then several at once. A vendor that
 * does not answer is soon left alone: whoever asked decides what that means.
 */
import type { Egress } from '../../../platform/egress/index.ts'
import type { LookedUp } from '../transport.ts'
import { excerpt, type VendorLookUp } from './vendor.ts'

const TIMEOUT_MS = 10_000
const ANSWER_BYTES_MAX = 4 * 1024 * 1024
/** Questions under way at once, at most: sending goes before. */
const QUESTIONS_MAX = 10
/** Pages of a list that are read for one question: those of a few people since a message of this campaign. */
const PAGES_MAX = 10
/** So many unanswered questions end the asking. */
const UNANSWERED_MAX = 3

interface Asking<Message> {
  lookUp: VendorLookUp<Message>
  /** Calls that the vendor takes at once. */
  callsMax: number
  messages: readonly Message[]
  since: Date
  stop: AbortSignal
}

const NOT_ASKED: LookedUp = { kind: 'unanswered', text: 'The provider was not asked.' }

/** What the vendor says of each message, in their order. */
export async function askVendor<Message>(
  egress: Pick<Egress, 'call'>,
  { lookUp, callsMax, messages, since, stop }: Asking<Message>,
): Promise<LookedUp[]> {
  const found: LookedUp[] = messages.map(() => NOT_ASKED)
  let [next, unanswered, handsMax] = [0, 0, 1]
  const hands: Promise<void>[] = []
  const ask = async (): Promise<void> => {
    while (next < messages.length && unanswered < UNANSWERED_MAX && !stop.aborted) {
      const from = next
      next += lookUp.perCall
      const answers = await question(egress, lookUp, messages.slice(from, next), since)
      answers.forEach((answer, index) => (found[from + index] = answer))
      if (answers.some(({ kind }) => kind === 'unanswered')) unanswered += 1
      else handsMax = Math.min(QUESTIONS_MAX, callsMax)
      while (hands.length < handsMax && next < messages.length) hands.push(ask())
    }
  }
  hands.push(ask())
  // Hands make more hands as they go.
  for (const hand of hands) await hand
  return found
}

async function question<Message>(
  egress: Pick<Egress, 'call'>,
  lookUp: VendorLookUp<Message>,
  messages: readonly Message[],
  since: Date,
): Promise<LookedUp[]> {
  const { url, headers } = lookUp.question(messages, since)
  const found = new Map<number, string>()
  let next: string | null = url
  for (let page = 0; next !== null && page < PAGES_MAX && found.size < messages.length; page++) {
    const outcome = await egress.call(next, {
      method: 'GET',
      headers,
      timeoutMs: TIMEOUT_MS,
      answerBytesMax: ANSWER_BYTES_MAX,
    })
    if (outcome.kind !== 'answer') return unless(found, messages, excerpt(outcome.text))
    const { answer } = outcome
    // A key that may send and not read, or an account without a history: there is nothing to wait for.
    if (REFUSALS.has(answer.status)) return messages.map((_, index) => listedAs(found.get(index)))
    const ids = answer.status === 200 ? lookUp.read(messages, answer, since) : null
    if (ids === null)
      return unless(
        found,
        messages,
        `The provider answers ${answer.status} when it is asked about a message.`,
      )
    for (const [index, id] of ids.entries()) if (id) found.set(index, id)
    next = lookUp.more?.(answer) ?? null
  }
  // Whoever stands beyond so many pages may have been taken, and nobody told.
  if (next !== null) return unless(found, messages, 'The provider lists more than is read.')
  return messages.map((_, index) => listedAs(found.get(index)))
}

const listedAs = (id: string | undefined): LookedUp =>
  id === undefined ? { kind: 'not_listed' } : { kind: 'taken', id }

/** What was found stays found; of the others the vendor did not tell. */
const unless = (found: ReadonlyMap<number, string>, messages: readonly unknown[], text: string): LookedUp[] =>
  messages.map((_, index) => (found.has(index) ? listedAs(found.get(index)) : { kind: 'unanswered', text }))

const REFUSALS: ReadonlySet<number> = new Set([400, 401, 402, 403, 404, 405, 422])

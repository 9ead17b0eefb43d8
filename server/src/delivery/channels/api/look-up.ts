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
      if (answers[0]?.kind === 'unanswered') unanswered += 1
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
  const outcome = await egress.call(url, {
    method: 'GET',
    headers,
    timeoutMs: TIMEOUT_MS,
    answerBytesMax: ANSWER_BYTES_MAX,
  })
  if (outcome.kind !== 'answer')
    return messages.map(() => ({ kind: 'unanswered', text: excerpt(outcome.text) }))
  const { answer } = outcome
  // A key that may send and not read, or an account without a history: there is nothing to wait for.
  if (REFUSALS.has(answer.status)) return messages.map(() => ({ kind: 'not_listed' }))
  const ids = answer.status === 200 ? lookUp.read(messages, answer, since) : null
  const text = `The provider answers ${answer.status} when it is asked about a message.`
  return messages.map((_, index) => {
    if (ids === null) return { kind: 'unanswered', text }
    const id = ids[index]
    return id ? { kind: 'taken', id } : { kind: 'not_listed' }
  })
}

const REFUSALS: ReadonlySet<number> = new Set([400, 401, 402, 403, 404, 405, 422])

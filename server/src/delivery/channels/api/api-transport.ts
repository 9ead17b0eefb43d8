/**
 * Hands messages over to a vendor's API: calls of the size that the vendor takes, several at once, each answered or
 * unknown. Waits where the vendor asks for a little patience, and comes back where it asks for much.
 */
import { pause } from '../../../platform/clock.ts'
import type { Egress, EgressOutcome } from '../../../platform/egress/index.ts'
import type { Handover, Trouble } from '../outcome.ts'
import type { FlightWatch, Transport } from '../transport.ts'
import { askVendor } from './look-up.ts'
import { all, excerpt, type VendorAdapter, type VendorWord } from './vendor.ts'

const TIMEOUT_MS = 30_000
/** Answers of batch calls hold a line per message. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024
/** A wait that fits into a sub-batch is waited for here; a longer one is the run's. */
const WAIT_MS_MAX = 10_000
/** When the vendor does not say how long. */
const WAIT_MS_DEFAULT = 1_000
const WAITS_MAX = 5
/**
 * So many calls of a sub-batch begin at once, the others when one was answered well; and after so many lost answers in a
 * row nothing more is offered. With those under way by then, ten calls fail at most. Source: compliance report §5.4 F9
 */
const FAILED_MAX = 5
/** How often a wait looks whether it is to be given up. */
const STOP_CHECK_MS = 200

/** What calls are made with. */
export interface ApiParts {
  egress: Pick<Egress, 'call'>
  now: () => Date
}

/** A transport over a vendor's API. */
export function apiTransport<Message>(
  { egress, now }: ApiParts,
  adapter: VendorAdapter<Message>,
): Transport<Message> {
  const { lookUp, callsMax } = adapter
  return {
    tellsBegin: true,
    ...(lookUp && {
      lookUp: (messages, since, stop) => askVendor(egress, { lookUp, callsMax, messages, since, stop }),
    }),
    deliver: async (messages, stop, watch) => {
      const delivery: Delivery<Message> = {
        adapter,
        egress,
        now,
        messages,
        stop,
        watch,
        outcomes: messages.map(() => UNSENT),
        trouble: null,
        lostInRow: 0,
      }
      const calls = callsOf(adapter, messages)
      const handsMax = Math.min(adapter.callsMax, calls.length)
      let [next, hands] = [0, 0]
      const work = async (): Promise<void> => {
        const others: Promise<void>[] = []
        for (let call = calls[next++]; call; call = calls[next++]) {
          await deliverCall(delivery, call)
          while (isAnswering(delivery) && hands < handsMax && next < calls.length) others.push(begin())
        }
        await Promise.all(others)
      }
      const begin = (): Promise<void> => {
        hands += 1
        return work()
      }
      await Promise.all(Array.from({ length: Math.min(FAILED_MAX, handsMax) }, begin))
      return delivery.outcomes
    },
  }
}

const UNSENT: Handover = { kind: 'unsent', trouble: null }

interface Delivery<Message> extends ApiParts {
  adapter: VendorAdapter<Message>
  messages: readonly Message[]
  stop: AbortSignal
  watch: FlightWatch | undefined
  outcomes: Handover[]
  /** What keeps all further calls from being made. */
  trouble: Trouble | null
  /** Calls whose answers were lost, since one was answered. */
  lostInRow: number
}

const isAnswering = <Message>({ trouble, lostInRow }: Delivery<Message>): boolean =>
  trouble === null && lostInRow === 0

/** Positions of messages, call by call. */
function callsOf<Message>(adapter: VendorAdapter<Message>, messages: readonly Message[]): number[][] {
  const positions = messages.map((_, position) => position)
  const groups = adapter.shareKey
    ? [...Map.groupBy(positions, (position) => adapter.shareKey?.(messages[position] as Message)).values()] // a position of the list
    : [positions]
  return groups.flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / adapter.callMax) }, (_, n) =>
      group.slice(n * adapter.callMax, (n + 1) * adapter.callMax),
    ),
  )
}

async function deliverCall<Message>(
  delivery: Delivery<Message>,
  positions: readonly number[],
): Promise<void> {
  const { adapter } = delivery
  const offered: number[] = []
  for (const position of positions) {
    const word = adapter.refuse?.(messageAt(delivery, position)) ?? null
    if (word === null) offered.push(position)
    else settle(delivery, [position], [word])
  }
  if (offered.length > 0) await offer(delivery, offered, 0)
}

async function offer<Message>(
  delivery: Delivery<Message>,
  positions: readonly number[],
  waited: number,
): Promise<void> {
  const { adapter, egress, stop, watch, now } = delivery
  if (stop.aborted || delivery.trouble) {
    if (delivery.trouble)
      for (const position of positions) delivery.outcomes[position] = unsentFor(delivery.trouble)
    return
  }
  const messages = positions.map((position) => messageAt(delivery, position))
  const made = adapter.call(messages, now())
  if (made === null) return halves(delivery, positions, waited)
  const { url, ...call } = made
  watch?.begun(positions)
  const outcome = await egress.call(url, { ...call, timeoutMs: TIMEOUT_MS, answerBytesMax: ANSWER_BYTES_MAX })
  const words =
    outcome.kind === 'answer' ? adapter.read(messages, outcome.answer) : all(messages, failureWord(outcome))
  if ('kind' in words) return halve(delivery, positions, words.word, waited)
  const waits = words.flatMap((word) => (word.kind === 'wait' ? [word] : []))
  const forMs = Math.max(...waits.map((word) => word.forMs ?? WAIT_MS_DEFAULT * 2 ** waited))
  const isPatient = waits.length > 0 && waited < WAITS_MAX && forMs <= WAIT_MS_MAX
  const again = isPatient ? positions.filter((_, index) => words[index]?.kind === 'wait') : []
  const settled = positions.filter((position) => !again.includes(position))
  settle(delivery, settled, isPatient ? words.filter((word) => word.kind !== 'wait') : words)
  if (again.length === 0) return
  for (const position of again) watch?.ended(position, UNSENT)
  await waitUnlessStopped(forMs, stop)
  await offer(delivery, again, waited + 1)
}

/** One message spoilt the call and nothing of it was taken: each half is offered alone. */
async function halve<Message>(
  delivery: Delivery<Message>,
  positions: readonly number[],
  word: VendorWord,
  waited: number,
): Promise<void> {
  if (positions.length === 1) return settle(delivery, positions, [word])
  for (const position of positions) delivery.watch?.ended(position, UNSENT)
  await halves(delivery, positions, waited)
}

async function halves<Message>(
  delivery: Delivery<Message>,
  positions: readonly number[],
  waited: number,
): Promise<void> {
  const middle = Math.ceil(positions.length / 2)
  await offer(delivery, positions.slice(0, middle), waited)
  await offer(delivery, positions.slice(middle), waited)
}

function settle<Message>(
  delivery: Delivery<Message>,
  positions: readonly number[],
  words: readonly VendorWord[],
): void {
  positions.forEach((position, index) => {
    const outcome = handoverOf(delivery, words[index])
    delivery.outcomes[position] = outcome
    delivery.watch?.ended(position, outcome)
  })
  countLost(delivery, words)
}

/** Whose answers are all lost is not asked for more: each further message would be another that nobody knows of. */
function countLost<Message>(delivery: Delivery<Message>, words: readonly VendorWord[]): void {
  const [first] = words
  if (first?.kind !== 'unknown') delivery.lostInRow = 0
  else if (++delivery.lostInRow >= FAILED_MAX)
    delivery.trouble ??= { kind: 'unreachable', text: excerpt(first.text) }
}

function handoverOf<Message>(delivery: Delivery<Message>, word: VendorWord | undefined): Handover {
  if (!word) return { kind: 'unknown', text: 'the answer says nothing about this message' }
  switch (word.kind) {
    case 'taken':
      return { kind: 'sent', reply: { code: 200, enhanced: null, text: word.id ?? '' } }
    case 'refused':
      return {
        kind: 'refused',
        reply: { code: word.code, enhanced: null, text: excerpt(word.text) },
        stage: word.stage ?? 'recipient',
        verdict: word.verdict,
        ...(word.orTrouble && { orTrouble: word.orTrouble }),
      }
    case 'unknown':
      return { kind: 'unknown', text: excerpt(word.text) }
    case 'trouble':
      delivery.trouble ??= { kind: word.trouble, text: excerpt(word.text) }
      return unsentFor(delivery.trouble)
    case 'wait':
      delivery.trouble ??= {
        kind: 'rate_limited',
        text: excerpt(word.text),
        ...(word.forMs === null ? {} : { until: new Date(delivery.now().getTime() + word.forMs) }),
      }
      return unsentFor(delivery.trouble)
  }
}

const unsentFor = (trouble: Trouble): Handover => ({ kind: 'unsent', trouble })

const TROUBLES = {
  not_allowed: 'settings',
  not_sendable: 'settings',
  unreachable: 'unreachable',
  tls: 'tls',
} as const

function failureWord(outcome: Exclude<EgressOutcome, { kind: 'answer' }>): VendorWord {
  if (outcome.kind === 'unanswered') return { kind: 'unknown', text: outcome.text }
  return { kind: 'trouble', trouble: TROUBLES[outcome.reason], text: outcome.text }
}

/** Positions come from the list itself. */
const messageAt = <Message>({ messages }: Delivery<Message>, position: number): Message =>
  messages[position] as Message

async function waitUnlessStopped(ms: number, stop: AbortSignal): Promise<void> {
  for (let waited = 0; waited < ms && !stop.aborted; waited += STOP_CHECK_MS)
    await pause(Math.min(STOP_CHECK_MS, ms - waited))
}

/**
 * Before a message is handed over a second time, its provider is asked whether it has the first: most answers that were
 * lost were lost on their way back. Providers that cannot be asked are handed the message again, as before.
 * Source: design §5 Delivery, I2 of the compliance report
 */
import type { Ctx } from '../../platform/context.ts'
import { NO_OUTCOME, type Handover } from '../channels/outcome.ts'
import { watchSome, type FlightWatch, type LookedUp, type Transport } from '../channels/transport.ts'

/** A hand-over that nobody answered. */
export interface FirstHandover {
  /** It was not before. */
  since: Date
  /** A provider that does not answer when it is asked is waited for until then; afterwards the message leaves again. */
  patientUntil: Date
}

/** So long a provider that takes messages may fail to tell of them. */
const PATIENCE_MS = 3_600_000

/** @param patientFrom an instant that no later trouble moves, near the second hand-over */
export const firstHandover = (since: Date, patientFrom: Date): FirstHandover => ({
  since,
  patientUntil: new Date(patientFrom.getTime() + PATIENCE_MS),
})

interface Untaken<Message> {
  messages: readonly Message[]
  firsts: readonly (FirstHandover | null)[]
  watch: FlightWatch | undefined
  stop: AbortSignal
}

/** Delivers what the provider does not have yet. */
export async function deliverUntaken<Message>(
  ctx: Pick<Ctx, 'now'>,
  transport: Transport<Message>,
  { messages, firsts, watch, stop }: Untaken<Message>,
): Promise<Handover[]> {
  const known = await lookUp(ctx, transport, { messages, firsts, stop })
  if (known === null) return transport.deliver(messages, stop, watch)
  const open = messages.flatMap((_, index) => (known[index] ? [] : index))
  const outcomes = await transport.deliver(
    open.flatMap((index) => messages[index] ?? []),
    stop,
    watchSome(watch, open),
  )
  outcomes.forEach((outcome, position) => (known[open[position] ?? position] = outcome))
  return known.map((outcome) => outcome ?? NO_OUTCOME)
}

/** What need not be delivered, or not now; null when there is nothing to ask, or nobody. */
async function lookUp<Message>(
  ctx: Pick<Ctx, 'now'>,
  transport: Transport<Message>,
  { messages, firsts, stop }: Omit<Untaken<Message>, 'watch'>,
): Promise<(Handover | null)[] | null> {
  const asked = firsts.flatMap((first, index) => (first === null ? [] : { first, index }))
  const since = asked.reduce<Date | null>(
    (oldest, { first }) => (oldest && oldest < first.since ? oldest : first.since),
    null,
  )
  if (since === null || !transport.lookUp) return null
  const words = await transport.lookUp(
    asked.flatMap(({ index }) => messages[index] ?? []),
    since,
    stop,
  )
  const known = messages.map((): Handover | null => null)
  asked.forEach(({ first, index }, position) => {
    const outcome = outcomeOf(words[position], ctx.now() < first.patientUntil)
    // Whoever stopped the asking has no trouble with the provider.
    known[index] = outcome?.kind === 'unsent' && stop.aborted ? STOPPED : outcome
  })
  return known
}

const STOPPED: Handover = { kind: 'unsent', trouble: null }

function outcomeOf(word: LookedUp | undefined, isPatient: boolean): Handover | null {
  if (word?.kind === 'taken') return { kind: 'sent', reply: { code: 200, enhanced: null, text: word.id } }
  if (word?.kind === 'unanswered' && isPatient)
    return { kind: 'unsent', trouble: { kind: 'unreachable', text: word.text } }
  return null
}

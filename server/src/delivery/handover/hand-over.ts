/** Handing a sub-batch to its transport, and taking back what has not begun when it shall stop. */
import { monotonicMs, pause } from '../../platform/clock.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Handover } from '../channels/outcome.ts'
import type { FlightWatch, Transport } from '../channels/transport.ts'
import { deliverUntaken, type FirstHandover } from './look-up.ts'

/** How often a hand-over under way looks whether it shall stop: pause stops new hand-overs within 1 s. */
const STOP_CHECK_MS = 300
/** A look that comes this late was kept from coming: about half a lease. */
const SLEPT_MS = 10_000

/** What is handed over, and how its end is told. */
interface Load<Message> {
  messages: readonly Message[]
  /** Of messages whose first hand-over nobody answered: the first hand-over; null for all others. */
  firsts: readonly (FirstHandover | null)[]
  hasEnded: () => Promise<boolean>
  watch: FlightWatch | undefined
}

/** Hands over, and takes back what has not begun when `hasEnded` says so or the process has slept. */
export async function handOver<Message>(
  ctx: Ctx,
  transport: Transport<Message>,
  { messages, firsts, hasEnded, watch }: Load<Message>,
): Promise<Handover[]> {
  const stop = new AbortController()
  const outcomes = deliverUntaken(ctx, transport, { messages, firsts, watch, stop: stop.signal })
  const ended = outcomes.then(() => true)
  let lookedMs = monotonicMs()
  while (!(await Promise.race([ended, pause(STOP_CHECK_MS).then(() => false)]))) {
    // A process that slept may have lost its lease: what it has not begun belongs to another by now.
    if (monotonicMs() - lookedMs > SLEPT_MS) stop.abort()
    lookedMs = monotonicMs()
    if (await hasEnded()) stop.abort()
  }
  return outcomes
}

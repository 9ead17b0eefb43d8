/** The port to the world: something that takes prepared messages and says what came of each. */
import type { Handover } from './outcome.ts'

/** Told by a transport as it goes; must not throw. */
export interface FlightWatch {
  /** Called before the first byte leaves from which the provider could make these messages. */
  begun(indexes: readonly number[]): void
  ended(index: number, outcome: Handover): void
}

/** The watch of some of the messages, given their positions among all. */
export const watchSome = (
  watch: FlightWatch | undefined,
  positions: readonly number[],
): FlightWatch | undefined =>
  watch && {
    begun: (indexes) => watch.begun(indexes.map((index) => positions[index] ?? index)),
    ended: (index, outcome) => watch.ended(positions[index] ?? index, outcome),
  }

/** Hands prepared messages over. Never throws for what the outside world may do. */
export interface Transport<Message> {
  /** True when `watch` is told of each message; otherwise everything that was given may have left. */
  readonly tellsBegin: boolean
  /**
   * Outcomes come in the order of the messages. When `stop` fires, messages that no connection has begun come back
   * `unsent` at once; those under way are waited for.
   */
  deliver(messages: readonly Message[], stop: AbortSignal, watch?: FlightWatch): Promise<Handover[]>
  /**
   * Asks, in the order of the messages, which of them the other side has had since an instant; absent where it cannot be
   * asked. Hands nothing over.
   */
  lookUp?(messages: readonly Message[], since: Date, stop: AbortSignal): Promise<LookedUp[]>
}

/**
 * What a provider that is asked about a message says: only `taken` is proof, since what it took a moment ago may not be
 * listed yet. `unanswered`: asking later may help.
 */
export type LookedUp =
  | { kind: 'taken'; id: string }
  | { kind: 'not_listed' }
  | { kind: 'unanswered'; text: string }

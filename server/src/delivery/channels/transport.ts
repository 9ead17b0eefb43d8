/** The port to the world: something that takes prepared messages and says what came of each. */
import type { Handover } from './outcome.ts'

/** Hands prepared messages over. Never throws for what the outside world may do. */
export interface Transport<Message> {
  /**
   * Outcomes come in the order of the messages. When `stop` fires, messages that no connection has begun come back
   * `unsent` at once; those under way are waited for.
   */
  deliver(messages: readonly Message[], stop: AbortSignal): Promise<Handover[]>
}

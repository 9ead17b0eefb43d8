/** A message of a channel other than e-mail, ready to be handed over. */
import type { RenderedMessage } from '../../content/index.ts'
import type { ContactId } from '../../platform/ids.ts'

/** What adapters are given. */
export interface OutboundMessage {
  /**
   * Names the message, 40 characters: the idempotency key for providers that take one, and what their later events are
   * known by.
   */
  token: string
  contactId: ContactId
  /** A telephone number in E.164; null where the channel needs no address of the person's. */
  to: string | null
  content: RenderedMessage
}

/** What providers tell of messages, in one language. */
import type { Verdict } from '../../channels/outcome.ts'

/** Something that happened to a message of ours. */
export interface VendorEvent {
  what: 'sent' | 'delivered' | 'bounced' | 'failed' | 'complained' | 'unsubscribed'
  /** Unique at the provider; null when it gives none. */
  eventId: string | null
  /** Names the message; null when the event carries none, and nothing can be done with it. */
  token: string | null
  /** As the event has it; null when it names none. */
  address: string | null
  at: Date
  /** Why, for what bounced or failed. */
  verdict: Verdict | null
  /** In the provider's or the receiving server's words. */
  text: string
}

/** Something that a person wrote to a number of the organization's. */
export interface InboundText {
  eventId: string
  /** E.164. */
  from: string
  text: string
  at: Date
  /** It was tapped: the words are those of whoever made the button. Told of SMS, where a bare yes may be a word of its own. */
  isButton?: boolean
}

/** What a person told the provider itself about the organization's marketing. */
export interface MarketingWish {
  /** E.164. */
  from: string
  wish: 'stop' | 'resume'
  /** In the provider's words. */
  text: string
  at: Date
}

/** What one call of a provider holds. */
export interface ReadEvents {
  events: readonly VendorEvent[]
  inbound: readonly InboundText[]
  wishes: readonly MarketingWish[]
  /** Types that we do not know, with an example of each. */
  unknown: readonly { type: string; example: string }[]
}

export const NO_EVENTS: ReadEvents = { events: [], inbound: [], wishes: [], unknown: [] }

/** Collects what a call holds. */
export class EventCollector {
  readonly events: VendorEvent[] = []
  readonly inbound: InboundText[] = []
  readonly wishes: MarketingWish[] = []
  readonly unknown: { type: string; example: string }[] = []

  add(event: Partial<VendorEvent> & Pick<VendorEvent, 'what' | 'at'>): void {
    this.events.push({ eventId: null, token: null, address: null, verdict: null, text: '', ...event })
  }

  addUnknown(type: string, example: unknown): void {
    this.unknown.push({
      type: type.slice(0, 100),
      example: JSON.stringify(example).slice(0, EXAMPLE_CHARS_MAX),
    })
  }
}
const EXAMPLE_CHARS_MAX = 4_000

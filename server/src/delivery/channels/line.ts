/** A way out: what turns people into messages of one channel and content, and brings them to whoever takes them. */
import type { ContactFields } from '../../content/index.ts'
import type { MessageLinks } from '../../tracking/index.ts'
import type { Addressee } from '../handover/addressee.ts'
import type { ProviderId } from '../providers/provider.ts'
import type { Trouble } from './outcome.ts'
import type { Transport } from './transport.ts'

/** Who takes messages, and the largest sub-batch that suits: what is in flight at a crash is unknown afterwards. */
export interface Outlet<Message> {
  transport: Transport<Message>
  batchMax: number
  /** The provider that is asked first; absent where there is none. */
  providerId?: ProviderId
  /** Who takes what that provider cannot; absent where there is nobody. */
  standIn?: StandIn
}

/** A provider that stands in for another, under a limit of its own. */
export interface StandIn {
  providerId: ProviderId
  /** Has it lately been given what the first could not take? */
  isAsked(): boolean
}

/** One message to be written: to whom, under which links. */
export interface Letter {
  person: Addressee
  links: MessageLinks
  /** Tells a message that somebody asked to send again from the one before; null for the first. */
  again?: number | null
  /** What the caller of a single message gave with it, or what the event said that set it off. */
  data?: Readonly<Record<string, unknown>> | undefined
}

/** An outlet with the words that go out over it. */
export interface Line<Message = unknown> extends Outlet<Message> {
  /** Links of the content: what a signer must know. */
  linkCount: number
  /** What the content reads of a person. */
  contactFields: ContactFields
  /** The sending domain that its mails are signed for; absent where there is none. */
  senderDomain?: string
  compose<L extends Letter>(letters: readonly L[]): Promise<ComposedBatch<Message, L>>
}

/** A sub-batch as messages; whoever's message cannot be made stands in nobody's way. */
export interface ComposedBatch<Message = unknown, L extends Letter = Letter> {
  composed: { letter: L; message: Message }[]
  failed: { letter: L; reason: string }[]
  /** Whose messages were not begun, because those before them took all the time that a sub-batch has. */
  late: L[]
  /** Why there are late ones, when the content is to blame. */
  trouble: Trouble | null
}

/** What keeps a line from being made, for people to put right. */
export type NoLine = { trouble: Trouble }

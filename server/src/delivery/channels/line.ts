/** A way out: what turns the people of a run into messages of one channel, and brings them to whoever takes them. */
import type { Addressee } from '../handover/addressee.ts'
import type { Trouble } from './outcome.ts'
import type { Transport } from './transport.ts'

/** Who takes messages, and the largest sub-batch that suits: what is in flight at a crash is unknown afterwards. */
export interface Outlet<Message> {
  transport: Transport<Message>
  batchMax: number
}

/** An outlet with the words that go out over it. */
export interface Line<Message = unknown> extends Outlet<Message> {
  compose(people: readonly Addressee[]): Promise<ComposedBatch<Message>>
}

/** A sub-batch as messages; whoever's message cannot be made stands in nobody's way. */
export interface ComposedBatch<Message = unknown> {
  composed: { person: Addressee; message: Message }[]
  failed: { person: Addressee; reason: string }[]
}

/** What keeps a line from being made, for people to put right. */
export type NoLine = { trouble: Trouble }

/** A transport that takes everything and sends nothing: for rehearsals and for measuring everything but the network. */
import type { Transport } from './transport.ts'

const TAKEN = { kind: 'sent', reply: { code: 250, enhanced: '2.0.0', text: 'discarded' } } as const

/** Answers at once that each message was sent. */
export const discardTransport: Transport<unknown> = {
  tellsBegin: true,
  deliver: (messages) => Promise.resolve(messages.map(() => TAKEN)),
}

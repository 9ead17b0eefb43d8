/** The key under which a received message is remembered. */
import { hash } from 'node:crypto'

const HEX_DIGITS = 32

/**
 * 128 bits of a SHA-256 over source and message id, in hex: the uuid under which it is stored, without its hyphens. Ids
 * are the sender's: two sources may use the same.
 */
export function receiptKey(sourceId: string, messageId: string): string {
  return hash('sha256', `${sourceId}\0${messageId}`, 'hex').slice(0, HEX_DIGITS)
}

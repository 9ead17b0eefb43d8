/** The key under which a received message is remembered. */
import { createHash } from 'node:crypto'

/**
 * 128 bits of a SHA-256 over source and message id, written as a uuid. Ids are the sender's: two sources may use the
 * same.
 */
export function receiptKey(sourceId: string, messageId: string): string {
  const hex = createHash('sha256').update(`${sourceId}\0${messageId}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

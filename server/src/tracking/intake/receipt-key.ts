/** The key under which a received message is remembered. */
import { hash } from 'node:crypto'

/**
 * 128 bits of a SHA-256 over source and message id, written as a uuid. Ids are the sender's: two sources may use the
 * same.
 */
export function receiptKey(sourceId: string, messageId: string): string {
  const hex = hash('sha256', `${sourceId}\0${messageId}`, 'hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

/** What the record forgets of a person. */
import type { EraseStep } from '../platform/room.ts'

/**
 * The ledger's rows stay: they say of a number that a message went out, and past counts do not change. The contact
 * that gave the number its name is erased by the room contacts, so that nothing here leads to a person any more.
 * Source: design §5 Erasure; PC-45
 */
export const keepNumbers: EraseStep = async () => {}

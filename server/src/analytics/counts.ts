/** Counts by the names of figures, and what left us by them. Pure. */
import type { LedgerState } from '../tracking/index.ts'

/** Counts by name, over whatever was summed. */
export type Counts = ReadonlyMap<string, number>

/** States of messages that left us: accepted, returned, refused or unanswered. Failed messages never left. */
const HANDED_OVER = ['sent', 'delivered', 'bounced', 'unknown'] as const satisfies readonly LedgerState[]

/** Sums counts over what the key leaves open. */
export function countsFrom(rows: readonly { name: string; n: number }[]): Counts {
  const counts = new Map<string, number>()
  for (const { name, n } of rows) counts.set(name, (counts.get(name) ?? 0) + n)
  return counts
}

/** A state of the ledger with all its reasons. */
export function countOfState(counts: Counts, state: LedgerState): number {
  let sum = 0
  const withReason = `${state}.`
  for (const [name, n] of counts) if (name === state || name.startsWith(withReason)) sum += n
  return sum
}

/** What left us. */
export const handedOverIn = (counts: Counts): number =>
  HANDED_OVER.reduce((sum, state) => sum + countOfState(counts, state), 0)

/** What left us and was not returned. */
export const deliveredIn = (counts: Counts): number =>
  countOfState(counts, 'sent') + countOfState(counts, 'delivered')

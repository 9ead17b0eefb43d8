/**
 * What is due, read once for the claims of a moment. With a thousand campaigns under way the list has a thousand parts,
 * and to read it anew for each claim took longer than the claim.
 */
import { monotonicMs } from '../clock.ts'
import type { ClaimedJob } from './queries.ts'
import type { DueWork, Turns } from './turns.ts'

export interface DueList {
  /** Claims in turns until something is claimed. @returns nothing when nothing is due, or others have it */
  claim(take: (due: DueWork) => Promise<ClaimedJob[]>): Promise<ClaimedJob[]>
}

/**
 * @param read  what is due now; an entry that nobody can claim is not tried twice
 * @param freshMs  how long a reading serves: what became due meanwhile waits so long behind what is listed
 */
export function createDueList(read: () => Promise<DueWork[]>, turns: Turns, freshMs: number): DueList {
  let due = new Set<DueWork>()
  let readAtMs = -Infinity
  let reading: Promise<void> | null = null
  const refresh = (): Promise<void> =>
    (reading ??= read()
      .then((found) => {
        due = new Set(found)
        readAtMs = monotonicMs()
      })
      .finally(() => {
        reading = null
      }))
  return {
    claim: async (take) => {
      let hasRead = false
      for (;;) {
        if (!hasRead && (due.size === 0 || monotonicMs() - readAtMs > freshMs)) {
          await refresh()
          hasRead = true
        }
        const list = due
        const next = turns.next(list)
        if (next === undefined) return []
        // Before it is claimed: another slot that asks meanwhile takes the next one.
        turns.served(next)
        const claimed = await take(next)
        if (claimed.length > 0) return claimed
        list.delete(next)
      }
    },
  }
}

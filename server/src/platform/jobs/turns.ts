/** Whose turn it is: lanes first, then the organization, and within it the part, that was served longest ago. */
import type { OrgId } from '../ids.ts'
import { keepLatest } from '../kept.ts'

/** Due work that may be claimed: of an organization, a lane and a part of it. */
export interface DueWork {
  orgId: OrgId
  lane: number
  /** What shares a turn, such as a run: a small one beside a large one has every other turn. */
  part: string
  /** Somebody held it, and the lease has run out. */
  isLapsed: boolean
}

export interface Turns {
  /** Whose turn it is among what is due. */
  next<W extends DueWork>(due: Iterable<W>): W | undefined
  served(work: DueWork): void
}

/** Parts remembered: runs end, and their turns with them. */
const REMEMBERED_MAX = 10_000

/** The turns of one worker. Counted, not timed: two turns within a millisecond are still one after the other. */
export function createTurns(): Turns {
  const organizations = new Map<OrgId, number>()
  const parts = new Map<string, number>()
  let turn = 0
  const partOf = ({ orgId, part }: DueWork): string => `${orgId}:${part}`
  const compare = (a: DueWork, b: DueWork): number =>
    a.lane - b.lane ||
    (organizations.get(a.orgId) ?? 0) - (organizations.get(b.orgId) ?? 0) ||
    (parts.get(partOf(a)) ?? 0) - (parts.get(partOf(b)) ?? 0)
  return {
    next: <W extends DueWork>(due: Iterable<W>) => {
      let first: W | undefined
      for (const work of due) if (first === undefined || compare(work, first) < 0) first = work
      return first
    },
    served: (work) => {
      turn += 1
      organizations.set(work.orgId, turn)
      keepLatest(parts, partOf(work), turn, REMEMBERED_MAX)
    },
  }
}

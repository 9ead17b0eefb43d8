/** How guessing is slowed. Source: compliance report §4.9 no. 2; ASVS 6.3.1 */

/** A subject of counting: after `free` failures each further one makes the next attempt wait. */
export interface ThrottleRule {
  name: 'account_from_address' | 'account' | 'address'
  free: number
}

/**
 * One person at one place mistypes at most a few times; many places at one account, or one place at many accounts,
 * are an attack. The wide limits are wide, so that a stranger cannot easily lock somebody out.
 */
export const THROTTLE_RULES: readonly ThrottleRule[] = [
  { name: 'account_from_address', free: 10 },
  { name: 'account', free: 50 },
  { name: 'address', free: 100 },
]

/** Without a failure for that long, counting starts anew. */
export const THROTTLE_MEMORY_MS = 24 * 3_600_000
const FIRST_WAIT_MS = 30_000
const LONGEST_WAIT_MS = 15 * 60_000

/** How long the next attempt must wait after so many failures: 30 s, doubled each time, 15 minutes at most. */
export function throttleWaitMs(failures: number, free: number): number {
  if (failures <= free) return 0
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures - free - 1, 10))
}

import { type Installation, taken } from '../platform.ts'

const RUNS = 3

/** The quickest of three runs, and what was counted. */
export interface Best {
  count: number
  ms: number
  cpuMs: number
  /** Both, in words. */
  text: string
}

/** Runs something three times that counts the same each time. */
export async function best(installation: Installation, run: () => Promise<number>): Promise<Best> {
  let found: Best | undefined
  for (let n = 0; n < RUNS; n++) {
    let count = 0
    const { seconds, cpuMicros } = await taken(installation, async () => (count = await run()))
    const [ms, cpuMs] = [seconds * 1_000, cpuMicros / 1_000]
    if (found === undefined || ms < found.ms)
      found = { count, ms, cpuMs, text: `${Math.round(ms)} ms (CPU ${Math.round(cpuMs)} ms)` }
  }
  if (found === undefined) throw new Error('nothing was run')
  return found
}

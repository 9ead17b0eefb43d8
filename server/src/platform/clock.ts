/** The only clock, dice and timers. Everything else gets them through `ctx` or the platform. */

/** Time as the rest of the code knows it; simulated in tests. */
export interface Clock {
  now(): Date
}

/** Uniform in [0, 1). */
export type Dice = () => number

export const systemClock: Clock = { now: () => new Date() }

export const systemDice: Dice = Math.random

/** A timer that does not keep the process alive. */
export interface Timer {
  stop(): void
}

/** Runs `action` every `intervalMs`, never twice at once; `action` must not throw. */
export function every(intervalMs: number, action: () => Promise<void> | void): Timer {
  let stopped = false
  let handle: NodeJS.Timeout
  const tick = async (): Promise<void> => {
    await action()
    if (!stopped) handle = setTimeout(() => void tick(), intervalMs).unref()
  }
  handle = setTimeout(() => void tick(), intervalMs).unref()
  return {
    stop: () => {
      stopped = true
      clearTimeout(handle)
    },
  }
}

/** Runs `action` once after `delayMs`. The process stays for it unless `keepsAlive` is false. */
export function after(delayMs: number, action: () => void, { keepsAlive = true } = {}): Timer {
  const handle = setTimeout(action, delayMs)
  if (!keepsAlive) handle.unref()
  return { stop: () => clearTimeout(handle) }
}

/** Resolves after `delayMs`. For back-off towards the outside world, never for waiting on our own state. */
export function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs))
}

/** Lets input and output that are ready go first: for long work that others in this process wait beside. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** Milliseconds from an arbitrary origin, for measuring durations only. */
export function monotonicMs(): number {
  return performance.now()
}

/** A bell that a loop waits for, with a longest wait. A ring while nobody waits is kept for the next waiter. */
export interface Signal {
  raise(): void
  wait(timeoutMs: number): Promise<void>
}

export function createSignal(): Signal {
  let raised = false
  const waiting = new Set<() => void>()
  return {
    raise: () => {
      raised = waiting.size === 0
      for (const wake of waiting) wake()
    },
    wait: (timeoutMs) =>
      new Promise((resolve) => {
        if (raised) {
          raised = false
          resolve()
          return
        }
        const wake = (): void => {
          clearTimeout(timer)
          waiting.delete(wake)
          resolve()
        }
        const timer = setTimeout(wake, timeoutMs)
        waiting.add(wake)
      }),
  }
}

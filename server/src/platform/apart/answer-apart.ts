/** What a process apart runs (process-apart.ts). */
import type { Serializable } from 'node:child_process'

/**
 * Answers each question of the process that began this one, and ends with it. `answer` must not throw: that ends it.
 * A terminal’s Ctrl-C reaches it as well, and is left to the process that began it, which may still have to ask.
 */
export function answerApart(answer: (question: string) => Promise<Serializable>): void {
  const reply = async (question: unknown): Promise<void> => {
    if (typeof question === 'string') process.send?.(await answer(question))
  }
  process.on('message', (question) => void reply(question))
  process.on('disconnect', () => process.exit())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
}

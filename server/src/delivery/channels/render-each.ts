/**
 * Rendering a sub-batch within bounds: one person's values hold up nobody, others in the process have their turn, and no
 * template holds its worker longer than its lease.
 * Source: NFR-002.3; compliance report §4.4
 */
import { monotonicMs, nextTurn } from '../../platform/clock.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Letter } from './line.ts'
import type { Trouble } from './outcome.ts'

/** A sub-batch renders no longer: a lease lasts 20 s, and the message that is begun may take 2 s more. */
export const RENDER_MS_MAX = 5_000
/** After so long others have their turn: heartbeats of leases, answers of providers. */
const TURN_MS = 25
/** A message that takes so long is slow for its template's sake, however busy the machine. */
const SLOW_MS = 250

/** What came of each letter; those beyond the time were not begun. */
export interface RenderedLetters<L, Message> {
  rendered: { letter: L; message: Message }[]
  failed: { letter: L; reason: string }[]
  late: L[]
  /** Why there are late ones; null when the machine was busy and the template is not to blame. */
  trouble: Trouble | null
}

/**
 * Renders letter by letter; the first is always rendered, so that whoever comes back gets on.
 * @param clockMs  measures durations
 */
export async function renderEach<L extends Letter, Message>(
  ctx: Pick<Ctx, 'log'>,
  letters: readonly L[],
  render: (letter: L) => Message,
  clockMs: () => number = monotonicMs,
): Promise<RenderedLetters<L, Message>> {
  const result: RenderedLetters<L, Message> = { rendered: [], failed: [], late: [], trouble: null }
  const startedMs = clockMs()
  let turnMs = startedMs
  let usedMs = 0
  for (const [at, letter] of letters.entries()) {
    const beganMs = clockMs()
    if (at > 0 && beganMs - startedMs >= RENDER_MS_MAX) {
      result.late = letters.slice(at)
      if (usedMs / at >= SLOW_MS) result.trouble = slowTrouble(usedMs, at)
      return result
    }
    try {
      result.rendered.push({ letter, message: render(letter) })
    } catch (error) {
      // One contact whose values break the message must not hold up the others.
      ctx.log.warn({ error, contactId: letter.person.id }, 'a message could not be rendered')
      result.failed.push({
        letter,
        reason: clockMs() - beganMs >= SLOW_MS ? 'render_too_slow' : 'render_failed',
      })
    }
    const endedMs = clockMs()
    usedMs += endedMs - beganMs
    if (endedMs - turnMs < TURN_MS) continue
    await nextTurn()
    turnMs = clockMs()
  }
  return result
}

const slowTrouble = (usedMs: number, count: number): Trouble => ({
  kind: 'slow_content',
  text: `${count} messages took ${(usedMs / 1_000).toFixed(1)} s`,
})

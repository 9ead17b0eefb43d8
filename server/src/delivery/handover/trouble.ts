/** Trouble with the provider or its settings: hand-over rests, nothing is lost, and it goes on by itself. */
import type { Ctx } from '../../platform/context.ts'
import { campaignsMoved } from '../../platform/screens.ts'
import type { Trouble } from '../channels/outcome.ts'
import { setTrouble } from '../runs/queries.ts'
import type { Run, RunChannel } from '../runs/run.ts'

const PAUSE_FIRST_MS = 5_000
const PAUSE_MAX_MS = 5 * 60_000
/** A provider that is back is used again within 30 s; that its server is down is nobody's to mend here. */
const PAUSE_MAX_MS_UNREACHABLE = 25_000
/** Up to so much of a pause is left out by chance: runs that one outage stopped do not come back at one instant. */
const JITTER = 0.2

/**
 * Notes on the run why nothing leaves, for people to read.
 * @returns when hand-over is tried again: after 5 s at most, doubling up to 5 min, or 25 s while the provider is only not
 *   reached; not before its own word. Source: compliance report §5.4 F9
 */
export async function noteTrouble(ctx: Ctx, run: Run, channel: RunChannel, trouble: Trouble): Promise<Date> {
  const before = run.troubles[channel]
  const times = (before?.times ?? 0) + 1
  const pauseMaxMs = trouble.kind === 'unreachable' ? PAUSE_MAX_MS_UNREACHABLE : PAUSE_MAX_MS
  const wholeMs = Math.min(PAUSE_FIRST_MS * 2 ** Math.min(times - 1, 10), pauseMaxMs)
  const pauseMs = wholeMs * (1 - JITTER * ctx.random())
  const retryAt = new Date(Math.max(ctx.now().getTime() + pauseMs, trouble.until?.getTime() ?? 0))
  await setTrouble(ctx, run.id, channel, {
    kind: trouble.kind,
    text: trouble.text,
    since: before?.since ?? ctx.now().toISOString(),
    retryAt: retryAt.toISOString(),
    times,
  })
  ctx.log.warn(
    { runId: run.id, channel, trouble: trouble.kind, detail: trouble.text, times },
    'hand-over rests',
  )
  campaignsMoved(ctx, [run.campaignId])
  return retryAt
}

/** The lines of runs, kept for seconds per process, so that a chunk pays for none of them. */
import type { Ctx } from '../../platform/context.ts'
import { AppError, assert } from '../../platform/errors.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Run, RunChannel, RunContent } from '../runs/run.ts'
import { mailLine } from './email/mail-line.ts'
import type { Line, NoLine } from './line.ts'
import { messageLine } from './message-line.ts'

/** Changed settings reach a running campaign within this time. */
const KEPT_MS = 5_000
const KEPT_LINES_MAX = 200

interface KeptLine {
  line: Promise<Line | NoLine>
  madeAt: number
}
const kept = new WeakMap<Platform, Map<string, KeptLine>>()

/** The line of one channel and variant of a run, or what keeps it from being made. */
export function lineOf(
  ctx: Ctx,
  run: Run,
  { channel, variant }: { channel: RunChannel; variant: number },
): Promise<Line | NoLine> {
  const content = run.contents.find(
    (candidate) => candidate.channel === channel && candidate.variant === variant,
  )
  assert(content, 'a chunk belongs to a content of its run')
  const lines = kept.get(ctx.platform) ?? new Map<string, KeptLine>()
  kept.set(ctx.platform, lines)
  const key = `${run.id}:${channel}:${variant}`
  const known = lines.get(key)
  const now = ctx.now().getTime()
  if (known && now - known.madeAt < KEPT_MS) return known.line
  const line = lineOrTrouble(ctx, run, content)
  lines.delete(key)
  lines.set(key, { line, madeAt: now })
  line.catch(() => lines.delete(key))
  const [oldest] = lines.keys()
  if (lines.size > KEPT_LINES_MAX && oldest !== undefined) lines.delete(oldest)
  return line
}

/** A secret that cannot be read or a version that is gone is for people to put right: it is said on the run, not retried in silence. */
async function lineOrTrouble(ctx: Ctx, run: Run, content: RunContent): Promise<Line | NoLine> {
  try {
    return content.channel === 'email'
      ? await mailLine(ctx, run, content)
      : await messageLine(ctx, run, content)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { trouble: { kind: 'settings', text: error.message } }
  }
}

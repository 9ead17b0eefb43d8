/** The lines of contents, kept for seconds per process, so that a chunk pays for none of them. */
import type { Ctx } from '../../platform/context.ts'
import { AppError } from '../../platform/errors.ts'
import type { MailVersionId } from '../../platform/ids.ts'
import { keepLatest } from '../../platform/kept.ts'
import type { Platform } from '../../platform/platform.ts'
import type { Purpose, RunChannel } from '../runs/run.ts'
import { mailLine } from './email/mail-line.ts'
import type { Line, NoLine } from './line.ts'
import { messageLine } from './message-line.ts'

/** What is said on a channel, why, and under which name receivers report about it. */
export interface LineContent {
  channel: RunChannel
  versionId: MailVersionId
  purpose: Purpose
  /** The campaign or template: what feedback loops name. */
  sourceId: string
}

/** Changed settings reach a running campaign within this time. */
const KEPT_MS = 5_000
const KEPT_LINES_MAX = 200

interface KeptLine {
  line: Promise<Line | NoLine>
  madeAt: number
}
const kept = new WeakMap<Platform, Map<string, KeptLine>>()

/** The line of a content, or what keeps it from being made. */
export function lineOf(ctx: Ctx, content: LineContent): Promise<Line | NoLine> {
  const lines = kept.get(ctx.platform) ?? new Map<string, KeptLine>()
  kept.set(ctx.platform, lines)
  const key = `${ctx.orgId}:${content.versionId}:${content.purpose}:${content.sourceId}`
  const known = lines.get(key)
  const now = ctx.now().getTime()
  if (known && now - known.madeAt < KEPT_MS) return known.line
  const line = lineOrTrouble(ctx, content)
  keepLatest(lines, key, { line, madeAt: now }, KEPT_LINES_MAX)
  line.catch(() => lines.delete(key))
  return line
}

/** A secret that cannot be read or a version that is gone is for people to put right: it is said, not retried in silence. */
async function lineOrTrouble(ctx: Ctx, content: LineContent): Promise<Line | NoLine> {
  try {
    return content.channel === 'email' ? await mailLine(ctx, content) : await messageLine(ctx, content)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { trouble: { kind: 'settings', text: error.message } }
  }
}

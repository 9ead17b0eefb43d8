/** The line of a run on one of its channels, with the signer of its links. */
import type { Ctx } from '../../platform/context.ts'
import { assert } from '../../platform/errors.ts'
import { keepLatest } from '../../platform/kept.ts'
import type { Platform } from '../../platform/platform.ts'
import { linkSigner, type LinkSigner } from '../../tracking/index.ts'
import type { Line, NoLine } from '../channels/line.ts'
import { lineOf } from '../channels/lines.ts'
import type { Run, RunChannel } from '../runs/run.ts'

export interface RunLine extends Line {
  signer: LinkSigner
  /** Do its messages name what the event said that set them off? */
  namesEvent: boolean
}

/** Signers kept per process; a run has one per channel and variant. */
const KEPT_SIGNERS_MAX = 200
const kept = new WeakMap<Platform, Map<string, LinkSigner>>()

/** The line of one channel and variant of a run, or what keeps it from being made. */
export async function runLine(
  ctx: Ctx,
  run: Run,
  { channel, variant }: { channel: RunChannel; variant: number },
): Promise<RunLine | NoLine> {
  const content = run.contents.find(
    (candidate) => candidate.channel === channel && candidate.variant === variant,
  )
  assert(content, 'a chunk belongs to a content of its run')
  const { versionId } = content
  const line = await lineOf(ctx, { channel, versionId, purpose: run.purpose, sourceId: run.campaignId })
  if ('trouble' in line) return line
  const signers = kept.get(ctx.platform) ?? new Map<string, LinkSigner>()
  kept.set(ctx.platform, signers)
  const key = `${run.id}:${channel}:${variant}`
  const { campaignId, month } = run
  const signer =
    signers.get(key) ??
    (await linkSigner(ctx, { campaignId, runId: run.id, versionId, channel, month }, line.linkCount))
  keepLatest(signers, key, signer, KEPT_SIGNERS_MAX)
  return { ...line, signer, namesEvent: (content.eventProperties ?? []).length > 0 }
}

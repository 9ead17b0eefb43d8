/** Starting a run, and knowing beforehand what it would do. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId, type CampaignId, type MailVersionId, type RunId } from '../../platform/ids.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import type { Audience } from '../../segments/index.ts'
import { estimateAudience } from '../resolve/queries.ts'
import { resolveRun } from '../work.ts'
import { insertRun } from './queries.ts'
import type { Purpose, RunChannel } from './run.ts'

export interface StartRun {
  campaignId: CampaignId
  channel: RunChannel
  purpose: Purpose
  /** Frozen here: later changes of the campaign do not reach this run. */
  audience: Audience
  versionId: MailVersionId
  plannedAt: Date
}

/** Starts a run: its row and the job that resolves its audience, in the caller's transaction. */
export function startRun(ctx: Ctx, plan: StartRun): Promise<{ id: RunId }> {
  return inTransaction(ctx, async (ctx) => {
    const id = newId<'run'>(ctx.now())
    await insertRun(ctx, { ...plan, id, month: monthOf(plan.plannedAt) })
    await enqueue(ctx, resolveRun, { runId: id }, { key: id })
    return { id }
  })
}

/** Who would get a message and who not. */
export interface RunEstimate {
  /** People whom the audience names. */
  matching: number
  recipients: number
  withheld: { reason: string; people: number }[]
}

/** What a run of this audience would do now: the same statement as resolving, without its effects. */
export async function estimateRun(
  ctx: Ctx,
  question: Pick<StartRun, 'audience' | 'channel' | 'purpose'>,
): Promise<RunEstimate> {
  const groups = await estimateAudience(ctx, question)
  const withheld = groups.flatMap(({ reason, people }) => (reason === null ? [] : [{ reason, people }]))
  const recipients = groups.find(({ reason }) => reason === null)?.people ?? 0
  return { matching: groups.reduce((sum, { people }) => sum + people, 0), recipients, withheld }
}

/** The month that a run is booked in: of its planned instant, in UTC, whenever its messages leave. */
const monthOf = (plannedAt: Date): string => `${plannedAt.toISOString().slice(0, 7)}-01`

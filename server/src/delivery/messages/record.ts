/** Recording what came of messages that were sent one by one: ledger, figures, bounce events and queue commit together. */
import { appendDeltas, type MetricDelta } from '../../analytics/index.ts'
import { pause } from '../../platform/clock.ts'
import type { Ctx } from '../../platform/context.ts'
import { afterCommit, inTransaction } from '../../platform/db/index.ts'
import { AppError, AssertionError } from '../../platform/errors.ts'
import type { CampaignId, RunId } from '../../platform/ids.ts'
import type { Lease } from '../../platform/jobs/index.ts'
import { recordSingles, type LedgerRun, type SingleRow } from '../../tracking/index.ts'
import { settleSingles } from '../caps/cap-queries.ts'
import { withdrawOptOuts } from '../handover/opt-outs.ts'
import { SECOND_HANDOVER_PAUSE_MS } from '../handover/second-handover.ts'
import { announceBounces } from '../handover/announce-bounces.ts'
import { judge, PASS_PAUSES_MS, type Attempt, type Judgement } from '../handover/verdicts.ts'
import { countName } from '../runs/run.ts'
import { moveOn, type DirectMessage, type Next } from './queries.ts'

/** A message and what came of handing it over. */
export interface Outcome {
  message: DirectMessage
  attempt: Attempt
}

/** Trouble with a provider is tried again after so long, doubling. */
const TROUBLE_FIRST_MS = 5_000
const TROUBLE_MAX_MS = 5 * 60_000
const ATTEMPT_MAX = 30_000
/** While the database is away, what we know is kept and tried again: about as long as the lease. */
const TRIES_MAX = 30
const TRY_PAUSE_MS = 500

/** @throws jobs.lease_lost when another worker holds the job by now: nothing is written */
export async function recordOutcomes(ctx: Ctx, lease: Lease, outcomes: readonly Outcome[]): Promise<void> {
  if (outcomes.length === 0) return
  for (let tries = 1; ; tries++) {
    try {
      return await recordOnce(ctx, lease, outcomes)
    } catch (error) {
      // Refusals and broken promises of our own code do not pass by waiting. A repetition after a lost answer is harmless.
      if (error instanceof AppError || error instanceof AssertionError || tries >= TRIES_MAX) throw error
      ctx.log.warn({ error, tries }, 'outcomes of messages could not be recorded; trying again')
      await pause(TRY_PAUSE_MS)
    }
  }
}

function recordOnce(ctx: Ctx, lease: Lease, outcomes: readonly Outcome[]): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    await lease.fence(ctx)
    const judged = outcomes.map(({ message, attempt }) => {
      const judgement = judge([attempt], message.attempt >= PASS_PAUSES_MS.length)
      return { message, judgement, rows: rowsOf(message, judgement) }
    })
    const written = await recordSingles(
      ctx,
      judged.flatMap(({ rows }) => rows),
    )
    // A row whose report came in this very moment moved with it, and was counted with it.
    const counted = judged.map(({ rows, ...other }) => ({
      ...other,
      rows: rows.filter(({ run }) => written.has(run.runId)),
    }))
    await moveOn(
      ctx,
      judged.map(({ message, judgement }) => nextOf(ctx, message, judgement)),
    )
    await appendDeltas(
      ctx,
      counted.flatMap(({ message, judgement, rows }) => deltasOf(ctx, message, judgement, rows)),
    )
    const marketing = judged.filter(({ message }) => message.purpose === 'marketing')
    if (marketing.length > 0)
      await settleSingles(
        ctx,
        marketing.map(({ message: { id, channel, contactId }, judgement }) => ({
          runId: id as string as RunId,
          channel,
          contactId,
          // What the ledger tells of is counted there; whatever waits gives its place to others meanwhile.
          hasEnded: judgement.rows.length > 0,
        })),
      )
    await withdrawOptOuts(
      ctx,
      judged.flatMap(({ message: { channel }, judgement }) =>
        judgement.optOuts.map((optOut) => ({ ...optOut, channel, campaignId: null })),
      ),
    )
    for (const { message, judgement } of judged)
      await announceBounces(
        ctx,
        {
          campaignId: message.sourceId as CampaignId,
          runId: message.id as string as RunId,
          channel: message.channel,
        },
        judgement.bounces,
      )
    afterCommit(ctx, () => {
      for (const { run, state, reason } of counted.flatMap(({ rows }) => rows))
        ctx.platform.metrics.handedOver(run.channel, countName(state, reason ?? ''), 1)
    })
  })
}

/** A second unknown outcome says nothing new. */
function rowsOf(message: DirectMessage, { rows }: Judgement): SingleRow[] {
  return rows.flatMap(({ contactId, state, reason }) =>
    message.isSecond && (state === 'unknown' || state === 'skipped')
      ? []
      : [{ run: runOf(message), contactId, state, reason }],
  )
}

/** Each message is a run of its own, counted under what it was made of. */
const runOf = ({ id, sourceId, channel, month }: DirectMessage): LedgerRun => ({
  runId: id as string as RunId,
  campaignId: sourceId as CampaignId,
  channel,
  month,
})

function nextOf(ctx: Ctx, message: DirectMessage, judgement: Judgement): Next {
  const { id, attempt, isSecond } = message
  const later = (ms: number): Date => new Date(ctx.now().getTime() + ms)
  const again = Math.min(attempt + 1, ATTEMPT_MAX)
  const ended: Next = { id, state: 'ended', attempt, isSecond, dueAt: ctx.now() }
  if (judgement.unknownIds.length > 0)
    return isSecond
      ? ended
      : {
          id,
          state: 'queued',
          attempt,
          isSecond: true,
          dueAt: later(SECOND_HANDOVER_PAUSE_MS[message.channel]),
        }
  const [postponed] = judgement.postponed
  if (postponed) return { id, state: 'queued', attempt, isSecond, dueAt: postponed.until }
  if (judgement.deferredIds.length > 0)
    return { id, state: 'queued', attempt: again, isSecond, dueAt: later(PASS_PAUSES_MS[attempt] ?? 0) }
  if (judgement.againAt) return { id, state: 'queued', attempt, isSecond, dueAt: judgement.againAt }
  if (judgement.unsentIds.length > 0) {
    const pauseMs =
      judgement.trouble === null
        ? 0
        : Math.min(TROUBLE_FIRST_MS * 2 ** Math.min(troubleAge(ctx, message), 10), TROUBLE_MAX_MS)
    const until = judgement.trouble?.until?.getTime() ?? 0
    return {
      id,
      state: 'queued',
      attempt,
      isSecond,
      dueAt: new Date(Math.max(later(pauseMs).getTime(), until)),
    }
  }
  return ended
}

/** How often a message has been in trouble, as its age tells: 5 s, 10 s, 20 s … */
const troubleAge = (ctx: Ctx, { createdAt }: DirectMessage): number =>
  Math.max(0, Math.floor(Math.log2((ctx.now().getTime() - createdAt.getTime()) / TROUBLE_FIRST_MS + 1)))

function deltasOf(
  ctx: Ctx,
  message: DirectMessage,
  judgement: Judgement,
  rows: readonly SingleRow[],
): MetricDelta[] {
  const delta = (name: string, n: number): MetricDelta => ({
    campaignId: message.sourceId as CampaignId,
    // One line of figures per template and content, not one per message.
    runId: message.sourceId as RunId,
    channel: message.channel,
    name,
    n,
    at: ctx.now(),
  })
  const priced = rows.length === 0 ? [] : Object.entries(judgement.billed).map(([name, n]) => delta(name, n))
  return priced.concat(
    rows.flatMap(({ state, reason }) => [
      // An answer at the second hand-over takes a message out of the unknown ones.
      ...(message.isSecond ? [delta('unknown.outcome_unknown', -1)] : [delta('audience', 1)]),
      delta(countName(state, message.isSecond ? 'outcome_unknown' : (reason ?? '')), 1),
      ...(judgement.measured > 0 ? [delta('measured', judgement.measured)] : []),
    ]),
  )
}

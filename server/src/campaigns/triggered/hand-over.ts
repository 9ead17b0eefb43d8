/**
 * Handing those who are due over to delivery, in batches: each batch is one transaction that looks at the audience again,
 * adds people to the campaign's run and settles their enrolments. A worker that dies in between has done none of it.
 * Source: FR-004.3, FR-004.4
 */
import { closeRun, FEED_MAX, feedRun, openRunIds, startRun } from '../../delivery/index.ts'
import type { EventData } from '../../content/index.ts'
import { addRunTo, experimentOf, noteAssigned, type Experiment, type Split } from '../../experiments/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { CampaignId, ContactId, RunId } from '../../platform/ids.ts'
import { defineJob, type JobOutcome, type Lease } from '../../platform/jobs/index.ts'
import { audienceAmong } from '../../segments/index.ts'
import { lockCampaign, type CampaignRow } from '../queries.ts'
import { runTiming } from '../rules.ts'
import { handOverTriggered } from '../work.ts'
import { wakeFor } from './follow-events.ts'
import {
  campaignsWithDue,
  holdDue,
  isInRun,
  nextDue,
  propertiesOf,
  readTrigger,
  setFedRun,
  settle,
  type Due,
  type TriggerRow,
} from './queries.ts'
import { oncePerPerson } from './rules.ts'

/** Batches of one turn; then others have theirs. */
const BATCHES_MAX = 50

/** Hands over everybody who is due, of every campaign that is switched on. */
export const handOverTriggeredJob = defineJob({
  ...handOverTriggered,
  handle: async (ctx, _payload, lease): Promise<JobOutcome> => {
    // Whoever is enrolled from here on has a job of its own, which begins after they were written.
    await lease.releaseKey(ctx)
    for (let batch = 0; batch < BATCHES_MAX; batch++) {
      const campaignIds = await campaignsWithDue(ctx)
      if (campaignIds.length === 0) {
        const next = await nextDue(ctx)
        if (next) await wakeFor(ctx, next)
        return
      }
      for (const campaignId of campaignIds) {
        if (lease.stopping) return { again: ctx.now() }
        await handOverBatch(ctx, lease, campaignId)
      }
    }
    return { again: ctx.now() }
  },
})

function handOverBatch(ctx: Ctx, lease: Lease, campaignId: CampaignId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    await lease.fence(ctx)
    const campaign = await lockCampaign(ctx, campaignId)
    const trigger = await readTrigger(ctx, campaignId)
    if (campaign?.status !== 'active' || !trigger) return
    const due = oncePerPerson(await holdDue(ctx, campaignId, FEED_MAX))
    const { useful, expired } = byUsefulness(campaign, due, ctx.now())
    const inside = await audienceAmong(
      ctx,
      campaign.audience,
      useful.map(({ contactId }) => contactId),
    )
    const reached = useful.filter(({ contactId }) => inside.has(contactId))
    const left = useful.filter(({ contactId }) => !inside.has(contactId))
    if (expired.length > 0) await settle(ctx, campaignId, seqs(expired), { reason: 'expired' })
    if (left.length > 0) await settle(ctx, campaignId, seqs(left), { reason: 'left_audience' })
    if (reached.length === 0) return
    const contactIds = reached.map(({ contactId }) => contactId)
    const runId = await runFor(ctx, campaign, trigger, contactIds)
    const eventData = await eventDataFor(ctx, trigger, reached)
    await feedRun(ctx, runId, { contactIds, usefulUntil: usefulUntil(campaign, reached), eventData })
    await settle(ctx, campaignId, seqs(reached), { runId })
  })
}

/** What the events said that set these off, as far as the contents name it: nothing else is kept with the messages. */
async function eventDataFor(
  ctx: Ctx,
  { contents }: TriggerRow,
  due: readonly Due[],
): Promise<{ contactId: ContactId; data: EventData }[]> {
  const names = new Set(contents.flatMap(({ eventProperties = [] }) => eventProperties))
  if (names.size === 0) return []
  const said = await propertiesOf(ctx, seqs(due))
  return due.map(({ eventSeq, contactId }) => {
    const properties = Object.entries(said.get(eventSeq) ?? {})
    return { contactId, data: Object.fromEntries(properties.filter(([name]) => names.has(name))) }
  })
}

const seqs = (due: readonly Due[]): string[] => due.map(({ eventSeq }) => eventSeq)

/** What a pause or a downtime has made useless does not leave late. */
function byUsefulness(
  { timing: { usefulHours } }: CampaignRow,
  due: readonly Due[],
  now: Date,
): { useful: Due[]; expired: Due[] } {
  if (usefulHours === null) return { useful: [...due], expired: [] }
  const isUseful = ({ dueAt }: Due): boolean => now.getTime() - dueAt.getTime() < usefulHours * HOUR_MS
  return { useful: due.filter(isUseful), expired: due.filter((one) => !isUseful(one)) }
}

/** After that the last of a batch is of no use; quiet hours hold nobody longer. */
function usefulUntil({ timing: { usefulHours } }: CampaignRow, due: readonly Due[]): Date | null {
  if (usefulHours === null) return null
  return new Date(Math.max(...due.map(({ dueAt }) => dueAt.getTime())) + usefulHours * HOUR_MS)
}

const HOUR_MS = 3_600_000

/** The run that these people are added to: one a day, and another when one of them is in the present one already. */
async function runFor(
  ctx: Ctx,
  campaign: CampaignRow,
  { runId, runDay, contents }: TriggerRow,
  contactIds: readonly ContactId[],
): Promise<RunId> {
  const { id } = campaign
  const test = await testIn(ctx, id, contents)
  const isOpen =
    runId !== null &&
    // Shares that have moved hold for another run: each keeps those its people were given by.
    (test === null || test.splitRunId === runId) &&
    runDay === dayOf(ctx.now()) &&
    (await openRunIds(ctx, id)).includes(runId) &&
    !(await isInRun(ctx, id, runId, contactIds))
  if (isOpen) {
    if (test) await noteAssigned(ctx, test, runId, contactIds)
    return runId
  }
  if (runId !== null) await closeRun(ctx, runId)
  const openedId = await openFedRun(ctx, campaign, contents, test?.split ?? null)
  if (test?.split) {
    await addRunTo(ctx, test.id, openedId, test.split)
    await noteAssigned(ctx, test, openedId, contactIds)
  }
  return openedId
}

/** The test whose variants are said now; null where nothing is compared. */
export const testIn = async (
  ctx: Ctx,
  id: CampaignId,
  contents: TriggerRow['contents'],
): Promise<Experiment | null> => (contents.some(({ variant }) => variant > 0) ? experimentOf(ctx, id) : null)

/** Starts the run that people are added to from now on. */
export async function openFedRun(
  ctx: Ctx,
  campaign: CampaignRow,
  contents: TriggerRow['contents'],
  split: Split | null,
): Promise<RunId> {
  const { id, reach, topic, audience } = campaign
  const plannedAt = ctx.now()
  const run = await startRun(ctx, {
    campaignId: id,
    contents,
    reach,
    topic,
    // Each person’s message has its own time: how long it is of use is said as they are added.
    timing: { ...runTiming(campaign, plannedAt, null), usefulUntil: null },
    purpose: 'marketing',
    audience,
    plannedAt,
    isFed: true,
    split,
  })
  await setFedRun(ctx, id, { id: run.id, day: dayOf(plannedAt) })
  return run.id
}

/** The day of a run, in UTC. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

/** Starting a run, and knowing beforehand what it would do. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId, type CampaignId, type RunId } from '../../platform/ids.ts'
import type { Split } from '../../experiments/index.ts'
import { assert } from '../../platform/errors.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import type { Audience } from '../../segments/index.ts'
import { estimateAudience } from '../resolve/queries.ts'
import { hindranceOf, type Hindered } from './hindered.ts'
import { wholeTiming, type RunTiming } from '../timing/run-timing.ts'
import { resolveRun } from '../work.ts'
import { insertRun } from './queries.ts'
import type { Purpose, Reach, RunChannel, RunContent } from './run.ts'

export interface StartRun {
  campaignId: CampaignId
  /** What is said on each channel, in the order in which channels are tried. */
  contents: readonly RunContent[]
  reach: Reach
  purpose: Purpose
  /** Key of the topic that the messages are about; about anything unless said. */
  topic?: string | null
  /** Frozen here: later changes of the campaign do not reach this run. */
  audience: Audience
  /** Who gets which variant of the contents; without one everybody gets variant 0. */
  split?: Split | null
  plannedAt: Date
  /** Its campaign's hours, limits and caps; what is left out does not hold. */
  timing?: Partial<RunTiming>
  /** True: nobody is resolved; people are added as they come (`feedRun`), until it is closed (`closeRun`). */
  isFed?: boolean
}

/** Starts a run: its row and the job that resolves its audience, in the caller's transaction. */
export function startRun(ctx: Ctx, plan: StartRun): Promise<{ id: RunId }> {
  return inTransaction(ctx, async (ctx) => {
    assert(plan.contents.length > 0, 'a run says something on some channel')
    const id = newId<'run'>(ctx.now())
    await insertRun(ctx, {
      ...plan,
      id,
      month: monthOf(plan.plannedAt),
      timing: wholeTiming(plan.timing ?? {}),
    })
    if (!plan.isFed) await enqueue(ctx, resolveRun, { runId: id }, { key: id })
    return { id }
  })
}

/** Who would get a message and who not. */
export interface RunEstimate {
  /** People whom the audience names. */
  matching: number
  /** Of those, who would get something on some channel. */
  recipients: number
  /** Why the others would not: on the channel that was asked about, or on the first. */
  withheld: { reason: string; people: number }[]
  /** The same per channel, in the campaign's order: who would get a message on it, and why the others not. */
  channels: {
    channel: RunChannel
    recipients: number
    withheld: { reason: string; people: number }[]
  }[]
  /** Of those who would get something: whom hours and frequency caps would keep from it, or from getting it at once. */
  hindered: Hindered[]
}

/** What a run of this audience would do now: the same statement as resolving, without its effects. */
export async function estimateRun(
  ctx: Ctx,
  question: {
    audience: Audience
    channels: readonly RunChannel[]
    reach: Reach
    purpose: Purpose
    topic?: string | null
    /** When and how it would leave; without it hours and caps are not asked. */
    leaving?: { at: Date; timing: Partial<RunTiming> }
  },
): Promise<RunEstimate> {
  const { channels, purpose, leaving, topic = null } = question
  const hindrance = leaving
    ? await hindranceOf(ctx, {
        channels,
        purpose,
        topic,
        at: leaving.at,
        timing: wholeTiming(leaving.timing),
      })
    : null
  const { groups, sample } = await estimateAudience(ctx, {
    ...question,
    topic,
    sampleSize: hindrance?.sampleSize ?? 0,
  })
  const sum = (some: typeof groups): number => some.reduce((total, { people }) => total + people, 0)
  const reached = groups.filter(({ chosen }) => chosen.length > 0)
  const nowhere = groups.filter(({ chosen }) => chosen.length === 0)
  return {
    matching: sum(groups),
    recipients: sum(reached),
    withheld: byReason(nowhere.map(({ reasons, people }) => ({ reason: reasons[0] ?? '', people }))),
    channels: question.channels.map((channel, at) => ({
      channel,
      recipients: sum(groups.filter(({ chosen }) => chosen.includes(at))),
      withheld: byReason(
        (question.reach === 'all' ? groups : nowhere).flatMap(({ reasons, people }) => {
          const reason = reasons[at]
          return reason === null || reason === undefined ? [] : [{ reason, people }]
        }),
      ),
    })),
    hindered: hindrance ? await hindrance.among(sample, sum(groups)) : [],
  }
}

/** Sums by reason, most people first. */
function byReason(
  groups: readonly { reason: string; people: number }[],
): { reason: string; people: number }[] {
  const people = new Map<string, number>()
  for (const group of groups) people.set(group.reason, (people.get(group.reason) ?? 0) + group.people)
  return [...people]
    .map(([reason, n]) => ({ reason, people: n }))
    .toSorted((a, b) => b.people - a.people || (a.reason < b.reason ? -1 : 1))
}

/** The month that a run is booked in: of its planned instant, in UTC, whenever its messages leave. */
const monthOf = (plannedAt: Date): string => `${plannedAt.toISOString().slice(0, 7)}-01`

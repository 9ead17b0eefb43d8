/** Where those stand for whom events have set a campaign off, and what a trigger would have done lately. */
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { audienceAmong, readEventTests, type Audience } from '../../segments/index.ts'
import { errors } from '../errors.ts'
import { readCampaign } from '../queries.ts'
import { refuseGiven } from '../service/given-questions.ts'
import { enrolmentCounts, nextDue, passedOverCounts, readTrigger } from './queries.ts'
import { canTrigger, dueAt, withinLimit, type Candidate } from './rules.ts'
import type { Trigger, TriggerStatus, TriggerTest } from './schema.ts'
import { namesOf, recentEntries, recentEvents } from './recent-queries.ts'
import { triggerSentence } from './words.ts'

/** Days and events that a trigger is tried on. */
const TEST_DAYS = 7
const TEST_EVENTS_MAX = 5_000
const TEST_PEOPLE_SHOWN = 10

/** Where a campaign's enrolments stand. @throws campaigns.not_found */
export async function triggerStatus(ctx: Ctx, id: CampaignId): Promise<TriggerStatus> {
  const campaign = await readCampaign(ctx, id)
  if (!campaign) throw errors.not_found({ id })
  const row = await readTrigger(ctx, id)
  const counts = await enrolmentCounts(ctx, id)
  const sum = (state: string): number =>
    counts.reduce((total, count) => total + (count.state === state ? count.people : 0), 0)
  return {
    sentence: campaign.trigger && (await triggerSentence(ctx, campaign.trigger)),
    armedAt: row?.armedAt ?? null,
    enrolled: counts.reduce((total, { people }) => total + people, 0),
    waiting: sum('waiting'),
    handedOver: sum('handed_over'),
    skipped: counts.flatMap(({ state, reason, people }) =>
      state === 'skipped' ? [{ reason: reason ?? '', people }] : [],
    ),
    passedOver: await passedOverCounts(ctx, id),
    nextDueAt: await nextDue(ctx, id),
  }
}

/**
 * What a trigger would have done in the last seven days, by the newest events of its kind. Who is in the audience is asked
 * as of now: who was at the time nobody knows any more.
 * @throws segments.rule_invalid, segments.audience_broken, segments.property_personal
 */
export async function testTrigger(
  ctx: Ctx,
  { trigger, audience }: { trigger: Trigger; audience: Audience },
): Promise<TriggerTest> {
  await refuseGiven(ctx, { trigger, audience })
  const since = new Date(ctx.now().getTime() - TEST_DAYS * 24 * 3_600_000)
  const { looked, candidates } = await lately(ctx, trigger, since)
  const inside = await audienceAmong(ctx, audience, [...new Set(candidates.map((one) => one.contactId))])
  const within = candidates.filter(({ contactId }) => inside.has(contactId))
  const { counted, limited } = withinLimit(within, trigger.limit, new Map())
  const shown = counted.toReversed().slice(0, TEST_PEOPLE_SHOWN)
  const names = await namesOf(
    ctx,
    shown.map(({ contactId }) => contactId),
  )
  return {
    sentence: await triggerSentence(ctx, trigger),
    days: TEST_DAYS,
    looked,
    isPartial: looked === TEST_EVENTS_MAX,
    matched: candidates.length,
    enrolled: counted.length,
    passedOver: [
      { reason: 'outside_audience', events: candidates.length - within.length },
      { reason: 'limited', events: limited.length },
    ].filter(({ events }) => events > 0),
    people: shown.map(({ contactId, at }) => ({
      contactId,
      name: names.get(contactId) ?? '',
      at,
      dueAt: dueAt(trigger, at),
    })),
  }
}

async function lately(
  ctx: Ctx,
  { source }: Trigger,
  since: Date,
): Promise<{ looked: number; candidates: Candidate[] }> {
  const campaignId = '' as CampaignId // no campaign: nothing is written
  if (source.kind === 'segment') {
    const entries = await recentEntries(ctx, source.segmentId, since, TEST_EVENTS_MAX)
    return {
      looked: entries.length,
      candidates: entries.map(({ contactId, at }) => ({ campaignId, eventSeq: '0', contactId, at })),
    }
  }
  const [test] = await readEventTests(ctx, [source])
  if (test?.kind !== 'ready') throw errors.trigger_invalid({}, { problems: test?.problems ?? [] })
  const { matches } = test.value
  const events = await recentEvents(ctx, source.event, since, TEST_EVENTS_MAX)
  return {
    looked: events.length,
    candidates: events.flatMap((one) =>
      one.contactId !== null && canTrigger(one, since) && matches(one)
        ? [{ campaignId, eventSeq: one.seq, contactId: one.contactId, at: one.at }]
        : [],
    ),
  }
}

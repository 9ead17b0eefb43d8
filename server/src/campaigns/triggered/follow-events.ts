/**
 * Reading the log for events that set campaigns off. A batch of events is matched against everything that is switched on
 * in a few statements; what it writes and the cursor of the log commit together, so that each event counts exactly once.
 * Source: FR-004.3, CS-004.2, CS-004.5, CS-004.7, NFR-001.4
 */
import { contactsMerged } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { defineConsumer, type LogEvent } from '../../platform/events/index.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import type { CampaignId, ContactId } from '../../platform/ids.ts'
import { audiencesAmong, readEventTests, segmentEntered } from '../../segments/index.ts'
import { INCOMING_TYPES, messageClicked, messageOpened } from '../../tracking/index.ts'
import { handOverTriggered } from '../work.ts'
import {
  armedTriggers,
  countPassedOver,
  insertEnrolments,
  lastCounted,
  moveEnrolments,
  type ArmedTrigger,
  type Enrolment,
  type PassedOverCount,
} from './queries.ts'
import { canTrigger, dueAt, isTooLate, withinLimit, type Candidate } from './rules.ts'
import type { Trigger } from './schema.ts'

/** Events that can set a campaign off. */
export const TRIGGERING_TYPES = [
  ...INCOMING_TYPES,
  messageOpened.type,
  messageClicked.type,
  segmentEntered.type,
  'pages.form_submitted',
  'pages.subscription_confirmed',
]

/** Enrols people for whom an event sets a campaign off. */
export const followTriggers = defineConsumer({
  name: 'campaigns.follow_triggers',
  types: [...TRIGGERING_TYPES, contactsMerged.type],
  isUrgent: true,
  // Most events of the outside set nothing off: they are not even fetched.
  heeds: async (ctx) => [
    contactsMerged.type,
    ...(await armedTriggers(ctx)).map(({ trigger }) => typeOf(trigger)),
  ],
  handle: async (ctx, events) => {
    // One after the other: a profile may be merged on in the same batch.
    for (const event of events)
      if (event.type === contactsMerged.type)
        await moveEnrolments(ctx, contactsMerged.payload.parse(event.payload))
    const types = new Set(events.map(({ type }) => type))
    const armed = (await armedTriggers(ctx)).filter(({ trigger }) => types.has(typeOf(trigger)))
    if (armed.length > 0) await enrol(ctx, armed, events)
  },
})

/** The only type of event that a trigger waits for. */
const typeOf = ({ source }: Trigger): string => (source.kind === 'event' ? source.event : segmentEntered.type)

async function enrol(ctx: Ctx, armed: readonly ArmedTrigger[], events: readonly LogEvent[]): Promise<void> {
  const tests = await testsOf(ctx, armed)
  const passed: PassedOverCount[] = []
  const asked: Asked[] = []
  for (const trigger of armed) {
    const { campaignId, armedAt } = trigger
    const matched = events.filter((event) => canTrigger(event, armedAt) && tests.get(campaignId)?.(event))
    const inTime = matched.filter((event) => !isTooLate(event))
    passed.push({ campaignId, outcome: 'too_late', events: matched.length - inTime.length })
    if (inTime.length > 0) asked.push({ trigger, candidates: candidatesOf(campaignId, inTime) })
  }
  const reached = await withinAudiences(ctx, asked)
  const last = await lastPerCampaign(
    ctx,
    reached.flatMap(({ candidates }) => candidates),
  )
  const enrolments = reached.flatMap(({ trigger, candidates, outside }): Enrolment[] => {
    const { campaignId } = trigger
    const { counted, limited } = withinLimit(
      candidates,
      trigger.trigger.limit,
      last.get(campaignId) ?? new Map(),
    )
    passed.push(
      { campaignId, outcome: 'outside_audience', events: outside },
      { campaignId, outcome: 'limited', events: limited.length },
    )
    return counted.map((candidate) => ({ ...candidate, dueAt: dueAt(trigger.trigger, candidate.at) }))
  })
  const counts = passed.filter((count) => count.events > 0)
  if (counts.length > 0) await countPassedOver(ctx, counts)
  if (enrolments.length === 0) return
  await insertEnrolments(ctx, enrolments)
  await wakeFor(ctx, new Date(Math.min(...enrolments.map((enrolment) => enrolment.dueAt.getTime()))))
}

/** Asks for the hand-over of those who are due at an instant, or now. */
export function wakeFor(ctx: Ctx, at: Date): Promise<void> {
  return at <= ctx.now()
    ? enqueue(ctx, handOverTriggered, {}, { key: 'due' })
    : enqueue(ctx, handOverTriggered, {}, { key: `due:${at.toISOString()}`, dueAt: at })
}

type Test = (event: LogEvent) => boolean

/** Whether an event is meant, per campaign; one whose conditions no longer hold together means none. */
async function testsOf(ctx: Ctx, armed: readonly ArmedTrigger[]): Promise<ReadonlyMap<CampaignId, Test>> {
  const tests = new Map<CampaignId, Test>()
  const byEvent = armed.flatMap(({ campaignId, trigger: { source } }) => {
    if (source.kind === 'event') return [{ campaignId, source }]
    tests.set(campaignId, entersSegment(source.segmentId))
    return []
  })
  const read = await readEventTests(
    ctx,
    byEvent.map(({ source }) => source),
  )
  for (const [at, outcome] of read.entries()) {
    const campaignId = byEvent[at]?.campaignId
    if (campaignId === undefined) continue
    if (outcome.kind === 'ready') tests.set(campaignId, outcome.value.matches)
    else ctx.log.warn({ campaignId, problems: outcome.problems }, 'the trigger of a campaign cannot be read')
  }
  return tests
}

const entersSegment =
  (segmentId: string): Test =>
  ({ type, payload }) =>
    type === segmentEntered.type && segmentEntered.payload.parse(payload).segmentId === segmentId

const candidatesOf = (campaignId: CampaignId, events: readonly LogEvent[]): Candidate[] =>
  events.flatMap(({ seq, contactId, at }) =>
    contactId === null ? [] : [{ campaignId, eventSeq: seq, contactId, at }],
  )

/** A trigger, and those for whom an event asks for it. */
interface Asked {
  trigger: ArmedTrigger
  candidates: Candidate[]
}

/** Those who are in their campaign's audience as the event is read, and how many are not. Source: CS-004.7 */
async function withinAudiences(ctx: Ctx, asked: readonly Asked[]): Promise<(Asked & { outside: number })[]> {
  const audiences = await audiencesAmong(
    ctx,
    asked.map(({ trigger: { audience }, candidates }) => ({
      audience,
      ids: [...new Set(candidates.map(({ contactId }) => contactId))],
    })),
  )
  return asked.map(({ trigger, candidates }, at) => {
    const audience = audiences[at]
    if (audience?.kind === 'ready') {
      const inside = candidates.filter(({ contactId }) => audience.value.has(contactId))
      return { trigger, candidates: inside, outside: candidates.length - inside.length }
    }
    // A segment that is gone is no reason to hold up every other campaign: logged and passed over.
    const { campaignId } = trigger
    ctx.log.warn(
      { campaignId, problems: audience?.problems },
      'the audience of a triggered campaign cannot be read',
    )
    return { trigger, candidates: [], outside: candidates.length }
  })
}

async function lastPerCampaign(
  ctx: Ctx,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<CampaignId, ReadonlyMap<ContactId, Date>>> {
  if (candidates.length === 0) return new Map()
  const rows = await lastCounted(
    ctx,
    [...new Set(candidates.map(({ campaignId }) => campaignId))],
    [...new Set(candidates.map(({ contactId }) => contactId))],
  )
  const last = new Map<CampaignId, Map<ContactId, Date>>()
  for (const { campaignId, contactId, at } of rows)
    last.set(campaignId, (last.get(campaignId) ?? new Map<ContactId, Date>()).set(contactId, at))
  return last
}

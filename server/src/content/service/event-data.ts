/**
 * What the event that set a message off said, as far as the message names it: kept with the message, for its hand-over,
 * for whoever looks at it again, and for its links.
 */
import { latestEvent, personalProperties, type TokenMessage } from '../../tracking/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { actorHolds } from '../../platform/http/index.ts'
import { defineSchedule } from '../../platform/jobs/index.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'
import { insertEventData, pruneEventData, selectEventData } from '../queries.ts'
import { EXAMPLES } from '../rules/samples.ts'
import type { PreviewEvent } from '../schema.ts'
import { eventProperties } from './catalogue.ts'

/** Properties of an event, by name. */
export type EventData = Readonly<Record<string, unknown>>

/** Links of a message lead where they led for as long; afterwards the fallbacks of its text stand for the values. */
const KEPT_DAYS = 180
const PRUNE_ROWS = 10_000
const HOUR_MS = 3_600_000

/** Keeps what events said with the messages that they set off, in the caller's transaction. */
export const keepEventData = (
  ctx: Ctx,
  runId: RunId,
  data: readonly { contactId: ContactId; data: EventData }[],
): Promise<unknown> => insertEventData(ctx, runId, data)

/** What the events said that set off the messages of a run, for some of its people. */
export async function eventDataOf(
  ctx: Ctx,
  runId: RunId,
  contactIds: readonly ContactId[],
): Promise<ReadonlyMap<ContactId, EventData>> {
  return new Map(
    (await selectEventData(ctx, runId, contactIds)).map(({ contactId, data }) => [contactId, data]),
  )
}

/** The same for a message that somebody looks at again, or follows a link of; undefined when none is kept. */
export const eventDataOfMessage = async (
  ctx: Ctx,
  { runId, contactId }: Pick<TokenMessage, 'runId' | 'contactId'>,
): Promise<EventData | undefined> => (await eventDataOf(ctx, runId, [contactId])).get(contactId)

/**
 * What a preview shows for `event.…`: the latest such event, of the person if there is one, or sample values. These also
 * stand for what the dictionary marks as personal, where the caller may not see it: a text would print it.
 */
export async function eventForPreview(
  ctx: Ctx,
  event: string | null,
  contactId: ContactId | null,
): Promise<{ data: EventData | undefined; shown: PreviewEvent | null }> {
  if (event === null) return { data: undefined, shown: null }
  const own = contactId === null ? null : await latestEvent(ctx, event, contactId)
  const latest = own ?? (await latestEvent(ctx, event, null))
  if (!latest) return { data: await sampleValues(ctx, event), shown: { values: 'sample', at: null } }
  return {
    data: await withoutPersonal(ctx, event, latest.properties),
    shown: { values: own ? 'own' : 'latest', at: latest.at },
  }
}

async function withoutPersonal(ctx: Ctx, event: string, properties: EventData): Promise<EventData> {
  if (actorHolds(ctx.actor, 'tracking.personal')) return properties
  const personal = (await personalProperties(ctx)).get(event)
  if (personal === undefined) return properties
  const samples = await sampleValues(ctx, event)
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, personal.has(name) ? samples[name] : value]),
  )
}

const sampleValues = async (ctx: Ctx, event: string): Promise<EventData> =>
  Object.fromEntries((await eventProperties(ctx, event)).map(({ name, type }) => [name, EXAMPLES[type]]))

/** Forgets what events said of messages that nobody follows any more. */
export const pruneOldEventData = defineSchedule({
  name: 'content.prune_event_data',
  everyMs: HOUR_MS,
  perOrganization: true,
  handle: async (ctx) =>
    void (await pruneEventData(ctx, new Date(ctx.now().getTime() - KEPT_DAYS * 24 * HOUR_MS), PRUNE_ROWS)),
})

/**
 * Keeping profiles current from the log: sums are added, what adding cannot decide (orders, refunds, people who became
 * one) is made anew from the log up to the same position. Exactly once: writes and cursor commit together.
 */
import { whoIsSeenElsewhere, zonesOf } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { defineConsumer, type LogEvent } from '../../platform/events/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { presentContactIds, rememberMergers } from '../../tracking/index.ts'
import { deleteGone, selectWithHistory, selectWithHours } from './people-queries.ts'
import { PROFILE_PARTS, type ProfilePart } from './events.ts'
import { addActivity } from './fold-queries.ts'
import { openFrame, type Frame } from './frame.ts'
import { isPresent, takeOver } from './present.ts'
import { recountReceived } from './received.ts'
import { announceChanged, refigureLater, refigureWhole, REFIGURE_SLICE } from './refigure.ts'
import { refigureEngagement, refigureMoney } from './refigure-queries.ts'
import { learnZones } from './zones.ts'
import { addChanges, PROFILE_CONSUMER } from './setting-queries.ts'
import { PROFILE_TYPES, sortEvents, type SortedEvents } from './sort-events.ts'

/** Keeps what contacts have become in step with the log. Source: CB-3.1, FR-002, DS-SegmentationService */
export const followProfiles = defineConsumer({
  name: PROFILE_CONSUMER,
  types: PROFILE_TYPES,
  handle: async (ctx, events) => {
    const frame = await presentFrame(ctx)
    const sorted = sortEvents(events, frame.roles)
    await rememberMergers(ctx, sorted.mergers)
    // The ledger names people as they were called when they were written to.
    sorted.received = new Set(await presentContactIds(ctx, [...sorted.received]))
    await deleteGone(ctx, [...sorted.gone])
    const moved = await whoIsSeenElsewhere(ctx, [...sorted.seen.values()])
    for (const id of await learnZones(ctx, { contactIds: moved, until: lastSeq(events) }))
      sorted.rezoned.add(id)
    const readers = new Set(sorted.activities.flatMap((row) => (row.isReading ? [row.contactId] : [])))
    await addActivity(ctx, frame, sorted.activities, await zonesOf(ctx, [...readers], frame.timeZone))
    await refigure(ctx, frame, sorted, lastSeq(events))
    for (const [parts, people] of changedIn(sorted)) announceChanged(ctx, people, parts)
  },
})

/** The frame, after what the organization has changed meanwhile was taken over. */
async function presentFrame(ctx: Ctx): Promise<Frame> {
  const frame = await openFrame(ctx)
  return isPresent(frame) ? frame : takeOver(ctx, frame)
}

async function refigure(ctx: Ctx, frame: Frame, sorted: SortedEvents, until: string): Promise<void> {
  for (const id of await selectWithHistory(ctx, [...sorted.created])) sorted.whole.add(id)
  for (const id of await selectWithHours(ctx, [...sorted.rezoned])) sorted.whole.add(id)
  const whole = [...sorted.whole]
  // Those beyond what one transaction should carry are made anew by jobs; until then they are as they were.
  await refigureWhole(ctx, frame, { contactIds: whole.slice(0, REFIGURE_SLICE), until })
  await refigureLater(ctx, whole.slice(REFIGURE_SLICE))
  const rest = (ids: ReadonlySet<ContactId>): ContactId[] => [...ids].filter((id) => !sorted.whole.has(id))
  const [paying, engaged, received] = [rest(sorted.money), rest(sorted.engaged), rest(sorted.received)]
  if (paying.length > 0) await refigureMoney(ctx, frame, { contactIds: paying, until })
  if (engaged.length > 0) await refigureEngagement(ctx, frame, { contactIds: engaged, until })
  await recountReceived(ctx, received)
  if (paying.length + whole.length > 0) await addChanges(ctx, paying.length + whole.length)
}

/** Everybody whose figures may read otherwise now, by which of them. */
function changedIn(sorted: SortedEvents): [ProfilePart[], ContactId[]][] {
  const moved: Readonly<Record<ProfilePart, ReadonlySet<ContactId>>> = {
    activity: new Set([...sorted.activities.map(({ contactId }) => contactId), ...sorted.whole]),
    money: new Set([...sorted.money, ...sorted.whole]),
    messages: new Set([...sorted.engaged, ...sorted.received, ...sorted.whole]),
  }
  const partsOf = (id: ContactId): ProfilePart[] => PROFILE_PARTS.filter((part) => moved[part].has(id))
  const everybody = new Set(PROFILE_PARTS.flatMap((part) => [...moved[part]]))
  const byParts = Map.groupBy(everybody, (id) => partsOf(id).join())
  return [...byParts.values()].map((people) => [partsOf(people[0] as ContactId), people]) // groups hold someone
}

/** Events behind it are of no interest to profiles, or come with a later batch. */
const lastSeq = (events: readonly LogEvent[]): string => events.at(-1)?.seq ?? '0'

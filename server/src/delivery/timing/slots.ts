/**
 * Slots: people of a run who leave at the same time under the same hours. Decided per place, never per person: a place is
 * what records say of zone, country, number and state.
 */
import { placeFactsOf, placeOf, type PlaceFacts, type PlaceRow } from '../../contacts/index.ts'
import { organizationOf } from '../../team/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { placesOfContacts, placesOfSlice, readSendingHours } from './hours-queries.ts'
import type { DropReason } from './drop-reasons.ts'
import type { Hindrance } from './hours.ts'
import { dueFor, questionOf, type ChunkPlace, type OrganizationHours, type RunTiming } from './run-timing.ts'
import { constraintsOf, hasHours, type TimedChannel } from './sending-hours.ts'
import { whenFrom } from './when-to-send.ts'

/** What of a run the question of time needs. */
export interface TimedRun {
  purpose: 'marketing' | 'transactional'
  timing: RunTiming
}

/** When people of one kind leave, or why not at all. */
export interface Slot {
  dueAt: Date
  /** Null where no hours hold on the channel. */
  place: ChunkPlace | null
  held: Hindrance | null
  dropped: DropReason | null
}

/** A place as records say it, on one channel (counted from 1), and its slot. */
export interface SlotOfPlace extends PlaceRow {
  channelNo: number
  slotNo: number
}

export interface Slots {
  slots: Slot[]
  places: SlotOfPlace[]
}

/** The organization's side of the question, read once per transaction or job. */
export async function organizationHours(ctx: Ctx): Promise<OrganizationHours> {
  const [{ hours }, { timeZone }] = await Promise.all([readSendingHours(ctx), organizationOf(ctx)])
  return { hours, timeZone }
}

/** Whom a statement looks at: everybody between two numbers, or a few people by name. */
export type Looked = { after: string; through: string } | { contactIds: readonly ContactId[] }

/**
 * The slots of a slice of contacts, or of a few, for the channels of a run.
 * @returns null when nobody of it can be held: everybody leaves at once
 */
export async function slotsOfSlice(
  ctx: Ctx,
  run: TimedRun,
  channels: readonly TimedChannel[],
  looked: Looked,
): Promise<Slots | null> {
  const organization = await organizationHours(ctx)
  const timed = channels.flatMap((channel, at) =>
    isTimed(run, channel, organization, ctx.now()) ? [{ channel, channelNo: at + 1 }] : [],
  )
  if (timed.length === 0) return null
  const rows =
    'contactIds' in looked ? await placesOfContacts(ctx, looked.contactIds) : await placesOfSlice(ctx, looked)
  const found = slotBook()
  const places = timed.flatMap(({ channel, channelNo }) => {
    const decide = decider(run, channel, organization, ctx.now())
    return rows.map((row) => {
      const { timeZone, country, phone, region } = row
      return {
        timeZone,
        country,
        phone,
        region,
        channelNo,
        slotNo: found.numberOf(decide(placeFactsOf(row))),
      }
    })
  })
  return { slots: found.slots, places }
}

/** The same for people named by id, on one channel: who leaves when. */
export async function slotsOfContacts(
  ctx: Ctx,
  run: TimedRun,
  channel: TimedChannel,
  ids: readonly ContactId[],
): Promise<{ slot: Slot; contactIds: ContactId[] }[]> {
  const organization = await organizationHours(ctx)
  const now = ctx.now()
  if (!isTimed(run, channel, organization, now))
    return [{ slot: { dueAt: now, place: null, held: null, dropped: null }, contactIds: [...ids] }]
  const decide = decider(run, channel, organization, now)
  const found = slotBook()
  const people: ContactId[][] = []
  for (const { contactIds, ...row } of await placesOfContacts(ctx, ids)) {
    const slotNo = found.numberOf(decide(placeFactsOf(row)))
    people[slotNo] = [...(people[slotNo] ?? []), ...contactIds]
  }
  return found.slots.map((slot, slotNo) => ({ slot, contactIds: people[slotNo] ?? [] }))
}

/** When people at a chunk's place may leave now: the hand-over asks before every sub-batch. */
export function slotNow(
  run: TimedRun,
  channel: TimedChannel,
  place: ChunkPlace | null,
  organization: OrganizationHours,
  now: Date,
): { slot: Slot; constraints: ReturnType<typeof constraintsOf> } {
  const question = questionOf(run, channel, organization, now)
  const constraints = place ? constraintsOf(question, { ...place, key: '', zoneFrom: 'own' }) : []
  return { slot: slotFrom(whenFrom(question, constraints), place, now), constraints }
}

/** Could anybody of a run be held on a channel? */
export async function mayBeTimed(ctx: Ctx, run: TimedRun, channel: TimedChannel): Promise<boolean> {
  return isTimed(run, channel, await organizationHours(ctx), ctx.now())
}

const isTimed = (run: TimedRun, channel: TimedChannel, organization: OrganizationHours, now: Date): boolean =>
  run.timing.recipientWall !== null || hasHours(questionOf(run, channel, organization, now))

/** Decides for the records of a place; places of one key and due instant are decided once. */
function decider(
  run: TimedRun,
  channel: TimedChannel,
  organization: OrganizationHours,
  now: Date,
): (facts: PlaceFacts) => Slot {
  const question = questionOf(run, channel, organization, now)
  const decided = new Map<string, Slot>()
  const zone = { timeZone: organization.timeZone, unknownZone: organization.hours.unknownZone }
  const isHeld = hasHours(question)
  return (facts) => {
    const place = placeOf(facts, zone)
    const dueAt = dueFor(run.timing, facts, organization.timeZone, now)
    const key = `${isHeld ? place.key : ''}@${dueAt.getTime()}`
    const known = decided.get(key)
    if (known) return known
    const chunkPlace = isHeld
      ? { zones: place.zones, countries: place.countries, region: place.region }
      : null
    const when = whenFrom({ ...question, dueAt }, isHeld ? constraintsOf(question, place) : [])
    const slot = slotFrom(when, chunkPlace, dueAt)
    decided.set(key, slot)
    return slot
  }
}

function slotFrom(when: ReturnType<typeof whenFrom>, place: ChunkPlace | null, dueAt: Date): Slot {
  const held = when.because[0] ?? null
  return when.kind === 'leaves'
    ? { dueAt: when.at, place, held, dropped: null }
    : { dueAt, place, held, dropped: when.reason }
}

/** Numbers slots as they are met, from 0. */
function slotBook(): { slots: Slot[]; numberOf(slot: Slot): number } {
  const slots: Slot[] = []
  const numbers = new Map<Slot, number>()
  return {
    slots,
    numberOf: (slot) => {
      const known = numbers.get(slot)
      if (known !== undefined) return known
      numbers.set(slot, slots.length)
      return slots.push(slot) - 1
    },
  }
}

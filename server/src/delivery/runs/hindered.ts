/**
 * Whom sending hours and frequency caps would keep from a message, or from getting it at once, before it is sent: asked of
 * a sample by the same rules that hold at the hand-over. Without hours and caps nobody is looked at.
 */
import { readFrequencyCaps, roomlessIn } from '../caps/cap-queries.ts'
import {
  CAPPED,
  capsFor,
  DEFER_HOURS_MAX,
  rankOf,
  verdictOn,
  type FrequencyCap,
} from '../caps/frequency-caps.ts'
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { SampledGroup } from '../resolve/queries.ts'
import type { HoursReason } from '../timing/hours.ts'
import type { RunTiming } from '../timing/run-timing.ts'
import { mayBeTimed, slotsOfContacts } from '../timing/slots.ts'
import type { DropReason } from '../timing/drop-reasons.ts'
import type { Purpose, RunChannel } from './run.ts'

/** People of an audience to whom the same would happen on a channel. */
export interface Hindered {
  channel: RunChannel
  /** `skipped`: they would get nothing; `delayed`: they would get it later than it starts. */
  outcome: 'skipped' | 'delayed'
  reason: DropReason | HoursReason | 'capped' | 'frequency_cap'
  people: number
  /** So far the truth may lie off, 19 times of 20; 0 when everybody was looked at. */
  margin: number
  /** When the last of them would get it; null when they get nothing. */
  until: Date | null
}

/** Audiences up to this size are looked at whole; of larger ones so many: a tenth is then told to within 0.8 %. */
const SAMPLE_SIZE = 5_000
/** People whose places are counted in one statement: about a sub-batch. */
const COUNTED_AT_ONCE = 1_000
const HOUR_MS = 3_600_000
/** Of a normal distribution, 95 % lies within so many deviations. */
const DEVIATIONS_95 = 1.96

interface Leaving {
  channels: readonly RunChannel[]
  purpose: Purpose
  /** What it is about; null: about anything. */
  topic: string | null
  at: Date
  timing: RunTiming
}

/** How people of an audience would be hindered. */
interface Hindrance {
  /** People to look at. */
  sampleSize: number
  /** @param matching people of the whole audience, of whom the sample is a part */
  among(sample: readonly SampledGroup[], matching: number): Promise<Hindered[]>
}

type Fate = Pick<Hindered, 'outcome' | 'reason' | 'until'>

/** @returns null when neither hours nor caps can hinder anybody */
export async function hindranceOf(ctx: Ctx, leaving: Leaving): Promise<Hindrance | null> {
  // Windows and hours are those of the start, not of the moment in which somebody asks.
  const then: Ctx = leaving.at > ctx.now() ? { ...ctx, now: () => leaving.at } : ctx
  const { caps } = await readFrequencyCaps(ctx)
  const asked = await Promise.all(
    leaving.channels.map(async (channel) => ({
      channel,
      caps: capsFor(caps, { channel, purpose: leaving.purpose, topic: leaving.topic }),
      isTimed: await mayBeTimed(then, leaving, channel),
    })),
  )
  if (asked.every((one) => one.caps.length === 0 && !one.isTimed)) return null
  return {
    sampleSize: SAMPLE_SIZE,
    among: async (sample, matching) => {
      const sampled = sample.reduce((total, { contactIds }) => total + contactIds.length, 0)
      const hindered: Hindered[] = []
      for (const [at, one] of asked.entries()) {
        const fates = new Map<ContactId, Fate>()
        for (const [earlier, ids] of peopleOn(sample, at, leaving.channels)) {
          if (one.isTimed) await addHeld(then, leaving, one.channel, ids, fates)
          if (one.caps.length > 0) await addCapped(then, leaving, { ...one, ids, earlier }, fates)
        }
        hindered.push(...summedUp(one.channel, [...fates.values()], { sampled, matching }))
      }
      return hindered
    },
  }
}

/** Who would get something on a channel, by how many messages of the same run they would have had before it. */
function peopleOn(
  sample: readonly SampledGroup[],
  at: number,
  channels: readonly RunChannel[],
): Map<number, ContactId[]> {
  const people = new Map<number, ContactId[]>()
  for (const { chosen, contactIds } of sample) {
    if (!chosen.includes(at)) continue
    const earlier = chosen.filter((other) => other < at && channels[other] !== 'webhook').length
    people.set(earlier, [...(people.get(earlier) ?? []), ...contactIds])
  }
  return people
}

async function addHeld(
  ctx: Ctx,
  { purpose, timing, at }: Leaving,
  channel: RunChannel,
  ids: readonly ContactId[],
  fates: Map<ContactId, Fate>,
): Promise<void> {
  for (const { slot, contactIds } of await slotsOfContacts(ctx, { purpose, timing }, channel, ids)) {
    const fate = fateOf(slot, at)
    if (fate) for (const id of contactIds) fates.set(id, fate)
  }
}

/** Whose own clock shows the planned time later is not hindered by it. */
function fateOf(
  { dropped, held, dueAt }: Awaited<ReturnType<typeof slotsOfContacts>>[number]['slot'],
  at: Date,
): Fate | null {
  if (dropped !== null) return { outcome: 'skipped', reason: dropped, until: null }
  return held !== null && dueAt > at ? { outcome: 'delayed', reason: held.reason, until: dueAt } : null
}

/** A person without room gets nothing, or gets it later; whom the hours skip anyway needs no room. */
async function addCapped(
  ctx: Ctx,
  { timing }: Leaving,
  asked: { channel: RunChannel; caps: readonly FrequencyCap[]; ids: readonly ContactId[]; earlier: number },
  fates: Map<ContactId, Fate>,
): Promise<void> {
  const ids = asked.ids.filter((id) => fates.get(id)?.outcome !== 'skipped')
  const { channel, caps, earlier } = asked
  const giveUpAt = new Date(ctx.now().getTime() + DEFER_HOURS_MAX * HOUR_MS)
  for (let from = 0; from < ids.length; from += COUNTED_AT_ONCE) {
    const some = ids.slice(from, from + COUNTED_AT_ONCE)
    const full = await roomlessIn(ctx, { channel, priority: rankOf(timing.priority), earlier }, some, caps)
    for (const [contactId, found] of Map.groupBy(full, (one) => one.contactId)) {
      const verdict = verdictOn(caps, found, ctx.now())
      fates.set(
        contactId,
        verdict.kind === 'deferred' && verdict.until <= giveUpAt
          ? { outcome: 'delayed', reason: 'frequency_cap', until: verdict.until }
          : { outcome: 'skipped', reason: CAPPED, until: null },
      )
    }
  }
}

/** What holds for a sample, of the whole audience: first who gets nothing, then who waits. */
function summedUp(
  channel: RunChannel,
  fates: readonly Fate[],
  { sampled, matching }: { sampled: number; matching: number },
): Hindered[] {
  const groups = Map.groupBy(fates, ({ outcome, reason }) => `${outcome} ${reason}`)
  return [...groups.values()]
    .flatMap((group): Hindered[] => {
      const [first] = group
      if (!first) return []
      const { outcome, reason } = first
      const untilMs = Math.max(...group.map(({ until }) => until?.getTime() ?? 0))
      const until = outcome === 'delayed' ? new Date(untilMs) : null
      return [{ channel, outcome, reason, ...scaled(group.length, sampled, matching), until }]
    })
    .toSorted((a, b) => (a.outcome === b.outcome ? b.people - a.people : a.outcome === 'skipped' ? -1 : 1))
}

/** A count in a sample that was drawn without putting back, as a count of the whole. */
export function scaled(
  found: number,
  sampled: number,
  matching: number,
): Pick<Hindered, 'people' | 'margin'> {
  if (sampled >= matching || sampled === 0) return { people: found, margin: 0 }
  const share = found / sampled
  const left = (matching - sampled) / (matching - 1)
  const deviation = Math.sqrt(((share * (1 - share)) / sampled) * left)
  return {
    people: Math.round(share * matching),
    margin: Math.ceil(DEVIATIONS_95 * deviation * matching),
  }
}

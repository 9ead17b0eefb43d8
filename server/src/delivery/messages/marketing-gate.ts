/**
 * What marketing messages that were asked for one by one must pass, as those of campaigns do: hours and frequency caps.
 * Transactional ones pass none of it.
 * Source: design §5 Quiet hours, Throttle, Frequency caps; CS-018.3
 */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'
import type { Lease } from '../../platform/jobs/index.ts'
import { claimPlaces, readFrequencyCaps, type Claims } from '../caps/cap-queries.ts'
import { CAPPED, capsFor, rankOf } from '../caps/frequency-caps.ts'
import { takePlaces } from '../caps/take-places.ts'
import type { Addressee } from '../handover/addressee.ts'
import type { Attempt } from '../handover/verdicts.ts'
import { allowedUntil } from '../timing/hours.ts'
import { NO_TIMING } from '../timing/run-timing.ts'
import { organizationHours, slotNow, slotsOfContacts, type TimedRun } from '../timing/slots.ts'
import type { DirectMessage } from './queries.ts'

/** Messages one by one say nothing of hours of their own. */
export const MARKETING: TimedRun = { purpose: 'marketing', timing: NO_TIMING }

/** Why a message does not leave now. */
export type Detained = Extract<Attempt['result'], { kind: 'skipped' | 'postponed' }>

export interface WithinHours {
  detained: ReadonlyMap<ContactId, Detained>
  /** When hand-over must stop; null: never. */
  closesAt: Date | null
}

/** Who of a group may not be written to at this hour. */
export async function withinHours(ctx: Ctx, group: readonly DirectMessage[]): Promise<WithinHours> {
  const detained = new Map<ContactId, Detained>()
  const channel = group[0]?.channel ?? 'email'
  const now = ctx.now()
  const organization = await organizationHours(ctx)
  let closesAt: Date | null = null
  const ids = group.map(({ contactId }) => contactId)
  for (const { slot, contactIds } of await slotsOfContacts(ctx, MARKETING, channel, ids)) {
    const result: Detained | null =
      slot.dropped !== null
        ? { kind: 'skipped', reason: slot.dropped }
        : slot.dueAt > now
          ? { kind: 'postponed', until: slot.dueAt }
          : null
    if (result) for (const id of contactIds) detained.set(id, result)
    else if (slot.place) {
      const { constraints } = slotNow(MARKETING, channel, slot.place, organization, now)
      const end = allowedUntil(constraints, now)
      if (end && (closesAt === null || end < closesAt)) closesAt = end
    }
  }
  return { detained, closesAt }
}

/** Takes places under frequency caps for those who are still to be written to. Second hand-overs have theirs. */
export async function withinCaps(
  ctx: Ctx,
  lease: Lease,
  group: readonly DirectMessage[],
  people: ReadonlyMap<ContactId, Addressee>,
): Promise<ReadonlyMap<ContactId, Detained>> {
  const detained = new Map<ContactId, Detained>()
  const [first] = group
  if (!first) return detained
  const caps = capsFor((await readFrequencyCaps(ctx)).caps, first)
  const asked = group.filter(({ contactId, isSecond }) => !isSecond && people.get(contactId)?.reason === null)
  if (caps.length === 0 || asked.length === 0) return detained
  const claims: Claims = {
    channel: first.channel,
    priority: rankOf('normal'),
    contactIds: asked.map(({ contactId }) => contactId),
    runIds: asked.map(runIdOf),
  }
  await claimPlaces(ctx, claims)
  const since = new Date(Math.min(...asked.map(({ createdAt }) => createdAt.getTime())))
  const excess = await inTransaction(ctx, async (ctx) => {
    await lease.fence(ctx)
    return takePlaces(ctx, caps, claims, since)
  })
  for (const [contactId, found] of excess)
    detained.set(
      contactId,
      found.kind === 'dropped'
        ? { kind: 'skipped', reason: CAPPED }
        : { kind: 'postponed', until: found.until },
    )
  return detained
}

/** Each message is a run of its own. */
const runIdOf = ({ id }: DirectMessage): RunId => id as string as RunId

/** What a run keeps of its campaign's timing, and the question that follows for one of its channels. Pure. */
import { planningZone, type Place, type PlaceFacts } from '../../contacts/index.ts'
import { instantOf } from './recurrence.ts'
import {
  NO_CAMPAIGN_HOURS,
  type CampaignHours,
  type SendingHours,
  type TimedChannel,
} from './sending-hours.ts'
import type { WhenQuestion } from './when-to-send.ts'
import type { Priority } from '../caps/frequency-caps.ts'

/** Messages a minute and an hour; null: no limit of its own. */
export interface RunLimits {
  perMinute: number | null
  perHour: number | null
}

export interface RunTiming {
  hours: CampaignHours
  /** ISO instant after which its messages are of no use; null: never. */
  usefulUntil: string | null
  /** The wall time that each recipient's own clock must show; null: everybody is due at once. */
  recipientWall: string | null
  limits: RunLimits
  /** Whose message wins where a frequency cap has room for one. */
  priority: Priority
  /** What its campaign may cost, in minor units; null: whatever it costs. */
  budgetMinor: number | null
}

export const NO_TIMING: RunTiming = {
  hours: NO_CAMPAIGN_HOURS,
  usefulUntil: null,
  recipientWall: null,
  limits: { perMinute: null, perHour: null },
  priority: 'normal',
  budgetMinor: null,
}

/** Runs of the previous version have no timing. */
export const wholeTiming = (timing: Partial<RunTiming>): RunTiming => ({ ...NO_TIMING, ...timing })

/** What an organization brings to the question. */
export interface OrganizationHours {
  hours: SendingHours
  timeZone: string
}

/** The question for one channel of a run, at an instant. */
export function questionOf(
  run: { purpose: 'marketing' | 'transactional'; timing: RunTiming },
  channel: TimedChannel,
  organization: OrganizationHours,
  now: Date,
): WhenQuestion {
  const { hours, usefulUntil } = run.timing
  return {
    channel,
    purpose: run.purpose,
    hours: organization.hours,
    campaign: hours,
    dueAt: now,
    now,
    usefulUntil: usefulUntil === null ? null : new Date(usefulUntil),
    organizationZone: organization.timeZone,
  }
}

/** When a contact is due: when its own clock shows the planned time, or now. */
export function dueFor(
  timing: Pick<RunTiming, 'recipientWall'>,
  facts: PlaceFacts,
  organizationZone: string,
  now: Date,
): Date {
  if (timing.recipientWall === null) return now
  const { zone } = planningZone(facts, organizationZone)
  const due = instantOf(timing.recipientWall, zone)
  return due > now ? due : now
}

/** A place as it lies beside a chunk. */
export type ChunkPlace = Pick<Place, 'zones' | 'countries' | 'region'>

/** Pure decisions: which state allows what, when a plan starts, what a copy is called. */
import type { CampaignAction, CampaignStatus, Schedule } from './schema.ts'

/** How far ahead a planned start must lie. Source: CS-008.4 */
export const SCHEDULE_LEAD_MS = 5 * 60_000
/** How long a deleted campaign can be brought back. Source: CS-016.4 */
export const RECOVERABLE_DAYS = 30
/** Saves by one person within this time share a row of the history. */
export const REVISION_SPAN_MS = 10 * 60_000

/** What each state allows. Deleted campaigns allow only what `allowedActions` says. Source: design §2, CS-009, CS-016 */
const ALLOWED: Readonly<Record<CampaignStatus, readonly CampaignAction[]>> = {
  draft: ['edit', 'schedule', 'launch', 'delete', 'duplicate'],
  scheduled: ['schedule', 'launch', 'pause', 'cancel', 'delete', 'duplicate'],
  active: ['pause', 'cancel', 'duplicate'],
  running: ['pause', 'cancel', 'duplicate'],
  paused: ['edit', 'resume', 'cancel', 'delete', 'duplicate'],
  completed: ['archive', 'delete', 'duplicate'],
  cancelled: ['archive', 'delete', 'duplicate'],
  failed: ['archive', 'delete', 'duplicate'],
}

export interface CampaignState {
  status: CampaignStatus
  pausedFrom: CampaignStatus | null
  deletedAt: Date | null
  archivedAt: Date | null
}

/** Everything that a campaign's state allows now. */
export function allowedActions(state: CampaignState): CampaignAction[] {
  if (state.deletedAt) return ['restore', 'duplicate']
  const actions = [...ALLOWED[state.status]]
  // A plan that waits may be moved; what has begun to leave keeps its audience and content.
  if (state.status === 'paused' && state.pausedFrom === 'scheduled') actions.push('schedule')
  return state.archivedAt ? [...actions.filter((action) => action !== 'archive'), 'unarchive'] : actions
}

/**
 * The instant of a wall time in a zone: a time that a clock change skips moves forward, one that it repeats is the first.
 * Source: design §5 Time
 */
export function resolveSchedule(schedule: Schedule): Date {
  const zoned = Temporal.PlainDateTime.from(schedule.at).toZonedDateTime(schedule.timeZone, {
    disambiguation: 'compatible',
  })
  return new Date(zoned.epochMilliseconds)
}

/** The name of a copy. Source: CS-015.3 */
export function copyName(name: string): string {
  return `Copy of ${name}`.slice(0, 200)
}

/** Minor units of an amount given in major units, for currencies of any number of decimals. */
export function toMinor(amount: number | null, currency: string): number | null {
  return amount === null ? null : Math.round(amount * 10 ** decimalsOf(currency))
}

/** Major units of an amount held in minor units. */
export function toMajor(amountMinor: number | null, currency: string): number | null {
  return amountMinor === null ? null : amountMinor / 10 ** decimalsOf(currency)
}

function decimalsOf(currency: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  )
}

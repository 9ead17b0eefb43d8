/** Pure decisions: which state allows what, when a plan starts, what a copy is called. */
import type { Locale } from '../platform/context.ts'
import type { MessageSource } from '../content/index.ts'
import {
  instantOf,
  occurrencesAfter,
  startZone,
  type CampaignTiming,
  type Occurrence,
  type RunTiming,
} from '../delivery/index.ts'
import type { Trigger } from './triggered/schema.ts'
import type { CampaignAction, CampaignStatus, Channel, Content, Schedule } from './schema.ts'

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
  active: ['schedule', 'pause', 'cancel', 'duplicate'],
  running: ['pause', 'cancel', 'duplicate'],
  paused: ['edit', 'resume', 'cancel', 'delete', 'duplicate'],
  completed: ['archive', 'delete', 'duplicate'],
  cancelled: ['archive', 'delete', 'duplicate'],
  failed: ['archive', 'delete', 'duplicate'],
}

export interface CampaignState {
  delivery: 'scheduled' | 'triggered'
  status: CampaignStatus
  pausedFrom: CampaignStatus | null
  /** Why it is paused when nobody paused it. */
  statusReason: string | null
  deletedAt: Date | null
  archivedAt: Date | null
}

/** Is nothing more to come of it by itself? */
export const isEnded = (status: CampaignStatus): boolean =>
  status === 'completed' || status === 'cancelled' || status === 'failed'

/** Everything that a campaign's state allows now. */
export function allowedActions(state: CampaignState): CampaignAction[] {
  if (state.deletedAt) return ['restore', 'duplicate']
  // Events set it off as soon as it is switched on: there is no start to plan. Source: CS-004.6
  const actions = ALLOWED[state.status].filter(
    (action) => action !== 'schedule' || state.delivery === 'scheduled',
  )
  if (state.status === 'paused' && state.delivery === 'scheduled' && isPlanWaiting(state))
    actions.push('schedule')
  return state.archivedAt ? [...actions.filter((action) => action !== 'archive'), 'unarchive'] : actions
}

/**
 * Does a paused campaign wait for its plan? Then that may be moved; what has begun to leave keeps its audience and content.
 * One that a breaker or a budget stopped between its runs first goes on by their rules: a plan would pass them by.
 */
const isPlanWaiting = ({ pausedFrom, statusReason }: CampaignState): boolean =>
  pausedFrom === 'scheduled' || (pausedFrom === 'active' && statusReason === null)

/** Runs of a plan that are shown ahead. */
export const NEXT_RUNS_SHOWN = 5
/**
 * After a downtime a campaign that repeats catches up with the last instant it missed, if that is not older than this;
 * all earlier ones are listed as missed.
 */
export const CATCH_UP_MS = 24 * 3_600_000

/** The next start of a plan after an instant; null when there is none. */
export const nextStart = (schedule: Schedule, after: Date): Occurrence | null =>
  occurrencesAfter(schedule, after, 1)[0] ?? null

/**
 * The first start of a plan, at least five minutes ahead, by the clock of its zone. Where each recipient's clock is meant,
 * the first clocks anywhere may have passed it already: then it begins in five minutes, and reaches those people late. Five
 * minutes here, too, because whoever plans must be able to look at what will leave, to move it, and to cancel it.
 * @param begunWall the wall time of the latest run, which people elsewhere may still await: it does not begin once more
 * @returns null when the plan has no start ahead
 * Source: CS-008.4
 */
export function firstStart(
  schedule: Schedule,
  now: Date,
  begunWall: string | null = null,
): Occurrence | null {
  const soonest = new Date(now.getTime() + SCHEDULE_LEAD_MS)
  const ahead = occurrencesAfter({ ...schedule, clock: 'zone' }, new Date(soonest.getTime() - 1), 2)
  if (schedule.clock === 'zone') return ahead[0] ?? null
  const own = ahead.find(({ wall }) => wall !== begunWall)
  if (!own) return null
  const first = instantOf(own.wall, startZone(schedule))
  return { wall: own.wall, at: first > soonest ? first : soonest }
}

/** The type of the event that sets a campaign off, whose properties its texts may name; null where none does. */
export const eventOf = ({
  delivery,
  trigger,
}: {
  delivery: 'scheduled' | 'triggered'
  trigger: Trigger | null
}): string | null =>
  delivery === 'triggered' && trigger?.source.kind === 'event' ? trigger.source.event : null

/** What a campaign says on a channel other than e-mail, as content takes it. */
export function messageOf(content: Content, channel: Exclude<Channel, 'email'>): MessageSource {
  switch (channel) {
    case 'sms':
      return { channel, ...content.sms }
    case 'whatsapp':
      return { channel, ...content.whatsapp }
    case 'in_app':
      return { channel, ...content.in_app }
    case 'webhook':
      return { channel, ...content.webhook }
  }
}

/** Does more come of it after the runs under way: another planned run, or whatever sets it off? */
export const willRepeat = (campaign: {
  delivery: 'scheduled' | 'triggered'
  schedule: Schedule | null
  scheduledAt: Date | null
}): boolean =>
  campaign.delivery === 'triggered' ||
  ((campaign.schedule?.repeat ?? null) !== null && campaign.scheduledAt !== null)

/**
 * How a campaign waits for a plan that was just made or moved. A paused one waits again, too: moving its plan is the wish
 * that it leaves. Only what repeats rests between runs; whatever is to run once waits for its start.
 * Source: CS-008.5, design §2
 */
export const waitsAs = (
  { status, pausedFrom }: Pick<CampaignState, 'status' | 'pausedFrom'>,
  schedule: Schedule,
): 'active' | 'scheduled' =>
  schedule.repeat !== null && (status === 'active' || pausedFrom === 'active') ? 'active' : 'scheduled'

/** What a run keeps of its campaign's timing. */
export function runTiming(
  { timing, budgetMinor }: { timing: CampaignTiming; budgetMinor: string | null },
  plannedAt: Date,
  recipientWall: string | null,
): RunTiming {
  const {
    window,
    skipsWeekends,
    skipsHolidays,
    conflict,
    coversTransactional,
    usefulHours,
    perMinute,
    perHour,
    priority,
  } = timing
  return {
    hours: { window, skipsWeekends, skipsHolidays, conflict, coversTransactional },
    usefulUntil:
      usefulHours === null ? null : new Date(plannedAt.getTime() + usefulHours * 3_600_000).toISOString(),
    recipientWall,
    limits: { perMinute, perHour },
    priority,
    budgetMinor: budgetMinor === null ? null : Number(budgetMinor),
  }
}

/** Starts of a plan that went by between two instants, oldest first. */
export function startsBetween(schedule: Schedule, from: Date, until: Date): Occurrence[] {
  return occurrencesAfter(schedule, new Date(from.getTime() - 1), MISSED_MAX).filter(({ at }) => at <= until)
}

/** How many missed instants are listed at most: a hundred of an hourly plan are four days. */
const MISSED_MAX = 100

/** The name of a copy, in the language of whoever makes it. Source: CS-015.3 */
export function copyName(locale: Locale, name: string): string {
  return `${locale === 'fr' ? 'Copie de' : 'Copy of'} ${name}`.slice(0, 200)
}

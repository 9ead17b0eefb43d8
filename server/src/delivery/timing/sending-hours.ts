/**
 * An organization's sending hours and a campaign's own, and the rules that follow for one place, channel and purpose. Pure.
 */
import type { Place, UnknownZone } from '../../contacts/index.ts'
import type { Constraint, HoursRule } from './hours.ts'
import { holidayOn } from './holidays.ts'
import { holidayCountry, legalHoursOf, type UsHours } from './legal-hours.ts'
import { DAY_MINUTES, fromClock, WHOLE_DAY, without, type Span } from './spans.ts'

/** Channels that have hours. */
export const TIMED_CHANNELS = ['email', 'sms', 'whatsapp', 'in_app', 'webhook'] as const
export type TimedChannel = (typeof TIMED_CHANNELS)[number]

/** What happens to a message that falls into forbidden hours. */
export const CONFLICTS = ['hold', 'earlier', 'drop'] as const
export type Conflict = (typeof CONFLICTS)[number]

/** Hours in which nothing leaves: `{ from: '21:00', to: '08:00' }` runs over midnight. */
export interface QuietHours {
  from: string
  to: string
  /** Weekdays on which they begin, 1 Monday … 7 Sunday; absent: every day. */
  weekdays?: readonly number[] | undefined
}

/** What an organization keeps on one channel. */
export interface ChannelHours {
  /** Its own quiet hours; empty: none. */
  quiet: readonly QuietHours[]
  /** The hours of law and operators, by the contact's place. */
  keepsLegalHours: boolean
  skipsWeekends: boolean
  /** Public holidays of the contact's country, besides those that legal hours skip. */
  skipsHolidays: boolean
}

/** An organization's sending hours. */
export interface SendingHours {
  channels: Readonly<Record<TimedChannel, ChannelHours>>
  us: UsHours
  unknownZone: UnknownZone
  conflict: Conflict
  /** Days of its own on which nothing leaves, `YYYY-MM-DD`. */
  closedDays: readonly string[]
  /** Countries whose public holidays are not kept. */
  ignoredHolidays: readonly string[]
}

/** What a campaign says about its own hours; null: as the organization. */
export interface CampaignHours {
  /** Hours of the day in which it leaves, by the contact's clock. Source: CS-010.3 */
  window: { from: string; to: string } | null
  /** Source: CS-010.4 */
  skipsWeekends: boolean | null
  /** Runs of the version before say nothing of it. */
  skipsHolidays?: boolean | null
  conflict: Conflict | null
  /** Transactional messages keep the hours, too. */
  coversTransactional: boolean
}

const NO_HOURS: ChannelHours = {
  quiet: [],
  keepsLegalHours: false,
  skipsWeekends: false,
  skipsHolidays: false,
}
const LEGAL: ChannelHours = { ...NO_HOURS, keepsLegalHours: true }

/** What holds until somebody decides: the law's hours for text messages, no limit for mail. */
export const DEFAULT_SENDING_HOURS: SendingHours = {
  channels: { email: NO_HOURS, sms: LEGAL, whatsapp: LEGAL, in_app: NO_HOURS, webhook: NO_HOURS },
  us: 'states',
  unknownZone: 'intersect',
  conflict: 'hold',
  closedDays: [],
  ignoredHolidays: [],
}

/** The quiet hours that screens offer first. */
export const USUAL_QUIET_HOURS: QuietHours = { from: '21:00', to: '08:00' }

export const NO_CAMPAIGN_HOURS: CampaignHours = {
  window: null,
  skipsWeekends: null,
  skipsHolidays: null,
  conflict: null,
  coversTransactional: false,
}

export interface HoursQuestion {
  channel: TimedChannel
  purpose: 'marketing' | 'transactional'
  hours: SendingHours
  campaign: CampaignHours
}

/** Could any contact be held by these? False spares a run the whole question. */
export function hasHours({ channel, purpose, hours, campaign }: HoursQuestion): boolean {
  if (purpose === 'transactional' && !campaign.coversTransactional) return false
  const own = hours.channels[channel]
  return (
    own.keepsLegalHours ||
    own.quiet.length > 0 ||
    (campaign.skipsHolidays ?? own.skipsHolidays) ||
    (campaign.skipsWeekends ?? own.skipsWeekends) ||
    campaign.window !== null ||
    hours.closedDays.length > 0
  )
}

/** What a place's clocks must show before something leaves: one constraint per zone that the contact may be in. */
export function constraintsOf(question: HoursQuestion, place: Place): Constraint[] {
  if (!hasHours(question)) return []
  const rules = rulesOf(question, place)
  return rules.length === 0 ? [] : place.zones.map((zone) => ({ zone, rules }))
}

function rulesOf({ channel, hours, campaign }: HoursQuestion, place: Place): HoursRule[] {
  const own = hours.channels[channel]
  const rules: HoursRule[] = own.quiet.map(quietRule)
  if (own.keepsLegalHours) rules.push(...legalRules(hours, place))
  if (campaign.skipsHolidays ?? own.skipsHolidays)
    rules.push(...place.countries.map((country) => holidayRule(hours, country, place.region)))
  if (campaign.skipsWeekends ?? own.skipsWeekends) rules.push(WEEKENDS)
  if (hours.closedDays.length > 0) rules.push(closedRule(new Set(hours.closedDays)))
  if (campaign.window) rules.push(windowRule(campaign.window))
  return rules
}

const nothingMore = (): null => null

/** Quiet hours that begin on a day run into the next one when they end before they begin. */
export function quietRule({ from, to, weekdays }: QuietHours): HoursRule {
  const [begin, end] = [fromClock(from), fromClock(to)]
  const beginsOn = (weekday: number): boolean => weekdays === undefined || weekdays.includes(weekday)
  const onDay = memoByWeekday((weekday) => {
    const before = weekday === 1 ? 7 : weekday - 1
    const quiet: Span[] = []
    if (begin < end && beginsOn(weekday)) quiet.push({ from: begin, to: end })
    if (begin >= end && beginsOn(weekday)) quiet.push({ from: begin, to: DAY_MINUTES })
    if (begin >= end && beginsOn(before)) quiet.push({ from: 0, to: end })
    return without(WHOLE_DAY, quiet)
  })
  return { reason: 'quiet_hours', detail: nothingMore, allowedOn: (day) => onDay(day.dayOfWeek) }
}

/** A window over midnight, such as 18:00–02:00, is open at both ends of each day. */
export function windowRule({ from, to }: { from: string; to: string }): HoursRule {
  const [begin, end] = [fromClock(from), to === '24:00' ? DAY_MINUTES : fromClock(to)]
  const open: readonly Span[] =
    begin < end
      ? [{ from: begin, to: end }]
      : [
          { from: 0, to: end },
          { from: begin, to: DAY_MINUTES },
        ].filter((span) => span.to > span.from)
  return { reason: 'send_window', detail: nothingMore, allowedOn: () => open }
}

const NOTHING: readonly Span[] = []

const WEEKENDS: HoursRule = {
  reason: 'weekend',
  detail: nothingMore,
  allowedOn: (day) => (day.dayOfWeek >= 6 ? NOTHING : WHOLE_DAY),
}

/** Where nothing is known of a contact's country, the hours of everywhere else hold. */
function legalRules(hours: SendingHours, place: Place): HoursRule[] {
  const countries = place.countries.length > 0 ? place.countries : ['']
  return countries.flatMap((country) => {
    const legal = legalHoursOf(country, place.region, hours.us)
    const rule: HoursRule = {
      reason: 'legal_hours',
      detail: () => legal.place,
      allowedOn: (day) => legal.week[day.dayOfWeek - 1] ?? NOTHING,
    }
    return legal.skipsHolidays ? [holidayRule(hours, country, place.region), rule] : [rule]
  })
}

function holidayRule(hours: SendingHours, country: string, region: string | null): HoursRule {
  const keeps = holidayCountry(country)
  const isIgnored = hours.ignoredHolidays.includes(keeps)
  const holiday = (day: Temporal.PlainDate): string | null =>
    isIgnored ? null : holidayOn(keeps, region, day.toString())
  return {
    reason: 'holiday',
    detail: holiday,
    allowedOn: (day) => (holiday(day) === null ? WHOLE_DAY : NOTHING),
  }
}

const closedRule = (days: ReadonlySet<string>): HoursRule => ({
  reason: 'holiday',
  detail: nothingMore,
  allowedOn: (day) => (days.has(day.toString()) ? NOTHING : WHOLE_DAY),
})

function memoByWeekday(spansOf: (weekday: number) => Span[]): (weekday: number) => readonly Span[] {
  const week = [1, 2, 3, 4, 5, 6, 7].map(spansOf)
  return (weekday) => week[weekday - 1] ?? WHOLE_DAY
}

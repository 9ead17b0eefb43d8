/** Sending hours: reading and setting them, and saying when a message to one contact would leave. */
import type { z } from 'zod'
import { getContact, placesOf, type PlaceFacts } from '../../contacts/index.ts'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { organizationOf } from '../../team/index.ts'
import { errors } from '../errors.ts'
import { HOLIDAYS, holidaysOf } from './holidays.ts'
import { readSendingHours, writeSendingHours } from './hours-queries.ts'
import { LEGAL_HOURS } from './legal-hours.ts'
import { dueFor } from './run-timing.ts'
import type { CampaignTiming, holidayYear, sendingHoursPage, WhenAnswer } from './schema.ts'
import { TIMED_CHANNELS, type SendingHours, type TimedChannel } from './sending-hours.ts'
import { toClock } from './spans.ts'
import { whenToSend } from './when-to-send.ts'
import { holidayName, whenInWords } from './when-words.ts'

type HoursPage = z.output<typeof sendingHoursPage>

/** The organization's hours with everything that they rest on. */
export async function sendingHoursOf(ctx: Ctx): Promise<HoursPage> {
  const { hours, updatedAt } = await readSendingHours(ctx)
  return {
    hours: structuredClone(hours) as HoursPage['hours'], // the row was written from this very shape
    updatedAt,
    legalHours: LEGAL_HOURS.map((legal) => ({
      ...legal,
      week: legal.week.map((day) => day.map(({ from, to }) => ({ from: toClock(from), to: toClock(to) }))),
    })),
    holidayCountries: Object.entries(HOLIDAYS).map(([country, { source, reviewedOn }]) => ({
      country,
      source,
      reviewedOn,
    })),
  }
}

/**
 * Sets the organization's hours. What is under way keeps them from its next sub-batch on.
 * @throws delivery.reason_needed when legal hours are loosened without saying why
 * Source: CS-018.3, FR-004.7, MA-5.2
 */
export function setSendingHours(ctx: Ctx, hours: SendingHours, reason: string | null): Promise<HoursPage> {
  return inTransaction(ctx, async (ctx) => {
    const { hours: before } = await readSendingHours(ctx)
    if (isLoosened(before, hours) && reason === null)
      throw errors.reason_needed(
        {},
        {
          problems: [
            {
              path: 'reason',
              message: 'Say why these hours need not be kept. The reason is kept in the log.',
            },
          ],
        },
      )
    await writeSendingHours(ctx, hours, `${ctx.actor.kind}:${ctx.actor.id}`)
    audit(
      ctx,
      'sending_hours.changed',
      { kind: 'organization', id: ctx.orgId },
      { before, after: hours, ...(reason === null ? {} : { reason }) },
    )
    return sendingHoursOf(ctx)
  })
}

/** Does somebody hereby stop keeping what law or operators ask? */
function isLoosened(before: SendingHours, after: SendingHours): boolean {
  return (
    TIMED_CHANNELS.some(
      (channel) => before.channels[channel].keepsLegalHours && !after.channels[channel].keepsLegalHours,
    ) ||
    (before.us === 'states' && after.us === 'federal') ||
    (before.unknownZone === 'intersect' && after.unknownZone === 'organization') ||
    after.ignoredHolidays.some((country) => !before.ignoredHolidays.includes(country))
  )
}

/** Public holidays, by day. */
export function holidaysIn(ctx: Ctx, country: string, year: number): Promise<z.output<typeof holidayYear>> {
  const days = [...holidaysOf(country, null, year)]
    .map(([on, name]) => ({ on, name: holidayName(name, ctx.locale) }))
    .toSorted((a, b) => (a.on < b.on ? -1 : 1))
  return Promise.resolve({ country, year, source: HOLIDAYS[country]?.source ?? null, days })
}

export interface WhenAsked {
  contactId: ContactId
  channel: TimedChannel
  purpose: 'marketing' | 'transactional'
  /** When it is due; null: now. */
  at: Date | null
  /** The wall time that the contact's own clock must show; null: it is due at `at`. */
  recipientWall?: string | null
  timing: CampaignTiming
}

/**
 * When a message to a contact would leave: what the hand-over will do, said beforehand.
 * @throws contacts.not_found
 */
export async function whenWouldLeave(ctx: Ctx, asked: WhenAsked): Promise<WhenAnswer> {
  const { id } = await getContact(ctx, asked.contactId)
  const [{ hours }, { timeZone }, [place]] = await Promise.all([
    readSendingHours(ctx),
    organizationOf(ctx),
    placesOf(ctx, [id]),
  ])
  const facts = place?.facts ?? NOWHERE
  const startsAt = asked.at ?? ctx.now()
  const recipientWall = asked.recipientWall ?? null
  const dueAt = dueFor({ recipientWall }, facts, timeZone, startsAt)
  const { usefulHours, window, skipsWeekends, skipsHolidays, conflict, coversTransactional } = asked.timing
  const when = whenToSend(
    {
      channel: asked.channel,
      purpose: asked.purpose,
      hours,
      campaign: { window, skipsWeekends, skipsHolidays, conflict, coversTransactional },
      dueAt,
      now: ctx.now(),
      usefulUntil: usefulHours === null ? null : new Date(startsAt.getTime() + usefulHours * HOUR_MS),
      organizationZone: timeZone,
    },
    facts,
  )
  return {
    leavesAt: when.kind === 'leaves' ? when.at : null,
    dropped: when.kind === 'dropped' ? when.reason : null,
    because: [...when.because],
    zones: [...when.place.zones],
    zoneFrom: when.place.zoneFrom,
    countries: [...when.place.countries],
    region: when.place.region,
    sentence: whenInWords(when, when.place, ctx.locale),
  }
}

const HOUR_MS = 3_600_000

/** Of who was deleted while somebody asked. */
const NOWHERE: PlaceFacts = { timeZone: null, seenTimeZone: null, country: null, phone: null, region: null }

/** A good hour for a campaign: the one in which more of its audience read than in any other, by their own clocks. */
import type { z } from 'zod'
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { organizationOf } from '../../team/index.ts'
import { selectReadingHours } from '../best-hours-queries.ts'
import { errors } from '../errors.ts'
import { readCampaign } from '../queries.ts'
import type { routes } from '../schema.ts'

/** Of fewer people no hour is proposed: a handful would decide by chance. */
const PEOPLE_MIN = 30
/** Time to look at everything once more. */
const AHEAD_MS = 3_600_000

/** What is known of an audience's hours. */
export type BestHours = z.output<(typeof routes)['GET /api/campaigns/:id/best-hours']['ok']>

/**
 * Counts by hour, and the hour to propose: the earliest of those in which most people read, none where too few are known.
 *
 * @throws campaigns.not_found, segments.audience_broken
 * Source: CB-6.2
 */
export async function bestHours(ctx: Ctx, id: CampaignId): Promise<BestHours> {
  const campaign = await readCampaign(ctx, id)
  if (!campaign) throw errors.not_found({ id })
  const { people, hours } = await selectReadingHours(ctx, campaign.audience)
  const known = { people, peopleMin: PEOPLE_MIN, hours }
  if (people < PEOPLE_MIN) return { ...known, best: null }
  const hour = hours.indexOf(Math.max(...hours))
  const { timeZone } = await organizationOf(ctx)
  return { ...known, best: { hour, next: nextAt(hour, ctx.now(), timeZone) } }
}

/** The next wall time at an hour of a zone that leaves its author an hour. */
function nextAt(hour: number, now: Date, timeZone: string): string {
  const earliest = Temporal.Instant.fromEpochMilliseconds(now.getTime() + AHEAD_MS)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
  const sameDay = earliest.toPlainDate().toPlainDateTime({ hour })
  const next = Temporal.PlainDateTime.compare(sameDay, earliest) < 0 ? sameDay.add({ days: 1 }) : sameDay
  return next.toString({ smallestUnit: 'minute' })
}

/** Figures over time. */
import { deliveredIn, handedOverIn, hoursWithin, organizationModel } from '../analytics/index.ts'
import type { Ctx } from '../platform/context.ts'
import { toMajor } from '../platform/money.ts'
import { organizationOf } from '../team/index.ts'
import { periodOf } from './period.ts'
import type { Trends } from './schema.ts'

/** Periods that nobody named: so many days up to today. */
const USUAL_DAYS = { day: 31, week: 183, month: 731 } as const

/** Source: CB-15.5, MA-7.4, DS-CampaignAnalyticsService.getPerformanceTrends @throws reports.period_invalid */
export async function performanceTrends(
  ctx: Ctx,
  { step, from, to }: { step: Trends['step']; from?: string | undefined; to?: string | undefined },
): Promise<Trends> {
  const { currency, timeZone } = await organizationOf(ctx)
  const period = await periodOf(ctx, { from, to }, USUAL_DAYS[step])
  const [first, last] = [Temporal.PlainDate.from(period.fromOn), Temporal.PlainDate.from(period.toOn)]
  const rows = await hoursWithin(ctx, period, await organizationModel(ctx))
  const points = new Map<string, Omit<Trends['points'][number], 'on'>>()
  for (let on = stepOf(first, step); Temporal.PlainDate.compare(on, last) <= 0; on = next(on, step))
    points.set(on.toString(), {
      sent: 0,
      delivered: 0,
      opened: 0,
      clicked: 0,
      converted: 0,
      unsubscribed: 0,
      revenue: 0,
    })
  const weekdays = slots(7)
  const hours = slots(24)
  for (const { hour, counts } of rows) {
    const local = Temporal.Instant.fromEpochMilliseconds(hour.getTime()).toZonedDateTimeISO(timeZone)
    const point = points.get(stepOf(local.toPlainDate(), step).toString())
    if (!point) continue
    const [sent, clicked] = [handedOverIn(counts), counts.get('clicked') ?? 0]
    point.sent += sent
    point.delivered += deliveredIn(counts)
    for (const name of ['opened', 'clicked', 'converted', 'unsubscribed', 'revenue'] as const)
      point[name] += counts.get(name) ?? 0
    for (const slot of [weekdays[local.dayOfWeek - 1], hours[local.hour]]) {
      if (!slot) continue
      slot.sent += sent
      slot.clicked += clicked
    }
  }
  return {
    currency,
    step,
    points: [...points].map(([on, point]) => ({
      on,
      ...point,
      revenue: toMajor(point.revenue, currency) ?? 0,
    })),
    weekdays: weekdays.map((slot, at) => ({ weekday: at + 1, ...slot, clickRate: rateOf(slot) })),
    hours: hours.map((slot, at) => ({ hour: at, ...slot, clickRate: rateOf(slot) })),
  }
}

const slots = (count: number): { sent: number; clicked: number }[] =>
  Array.from({ length: count }, () => ({ sent: 0, clicked: 0 }))
const rateOf = ({ sent, clicked }: { sent: number; clicked: number }): number | null =>
  sent === 0 ? null : clicked / sent

/** The first day of the day, week (Monday) or month that a day lies in. */
function stepOf(on: Temporal.PlainDate, step: Trends['step']): Temporal.PlainDate {
  if (step === 'week') return on.subtract({ days: on.dayOfWeek - 1 })
  return step === 'month' ? on.with({ day: 1 }) : on
}

const next = (on: Temporal.PlainDate, step: Trends['step']): Temporal.PlainDate =>
  on.add(step === 'day' ? { days: 1 } : step === 'week' ? { weeks: 1 } : { months: 1 })

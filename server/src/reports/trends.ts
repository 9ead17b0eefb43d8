/** Figures over time. */
import type { Ctx } from '../platform/context.ts'
import { toMajor } from '../platform/money.ts'
import { organizationOf } from '../team/index.ts'
import { errors } from './errors.ts'
import { selectHours } from './queries.ts'
import type { Trends } from './schema.ts'

/** Periods that nobody named: so many days up to today. */
const USUAL_DAYS = { day: 30, week: 182, month: 730 } as const
const PERIOD_DAYS_MAX = 5 * 366
const HANDED_OVER = new Set(['sent', 'delivered', 'bounced', 'unknown'])

/** Source: CB-15.5, MA-7.4, DS-CampaignAnalyticsService.getPerformanceTrends @throws reports.period_invalid */
export async function performanceTrends(
  ctx: Ctx,
  { step, from, to }: { step: Trends['step']; from?: string | undefined; to?: string | undefined },
): Promise<Trends> {
  const { currency, timeZone } = await organizationOf(ctx)
  const today = Temporal.Instant.fromEpochMilliseconds(ctx.now().getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
  const last = to === undefined ? today : Temporal.PlainDate.from(to)
  const first = from === undefined ? last.subtract({ days: USUAL_DAYS[step] }) : Temporal.PlainDate.from(from)
  const days = first.until(last).days
  if (days < 0 || days > PERIOD_DAYS_MAX) throw errors.period_invalid({ from, to })
  const rows = await selectHours(ctx, {
    from: startOf(first, timeZone),
    to: startOf(last.add({ days: 1 }), timeZone),
  })
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
  for (const { hour, name, n } of rows) {
    const local = Temporal.Instant.fromEpochMilliseconds(hour.getTime()).toZonedDateTimeISO(timeZone)
    const point = points.get(stepOf(local.toPlainDate(), step).toString())
    if (!point) continue
    if (HANDED_OVER.has(name)) point.sent += n
    if (name === 'sent' || name === 'delivered') point.delivered += n
    if (name === 'opened' || name === 'clicked' || name === 'converted' || name === 'unsubscribed')
      point[name] += n
    if (name === 'revenue') point.revenue += n
    for (const slot of [weekdays[local.dayOfWeek - 1], hours[local.hour]]) {
      if (!slot) continue
      if (HANDED_OVER.has(name)) slot.sent += n
      if (name === 'clicked') slot.clicked += n
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

const startOf = (on: Temporal.PlainDate, timeZone: string): Date =>
  new Date(on.toZonedDateTime(timeZone).epochMilliseconds)

/** The first day of the day, week (Monday) or month that a day lies in. */
function stepOf(on: Temporal.PlainDate, step: Trends['step']): Temporal.PlainDate {
  if (step === 'week') return on.subtract({ days: on.dayOfWeek - 1 })
  return step === 'month' ? on.with({ day: 1 }) : on
}

const next = (on: Temporal.PlainDate, step: Trends['step']): Temporal.PlainDate =>
  on.add(step === 'day' ? { days: 1 } : step === 'week' ? { weeks: 1 } : { months: 1 })

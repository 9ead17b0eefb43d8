/** Figures over time. */
import { deliveredIn, handedOverIn, hoursWithin, organizationModel, stepsWithin } from '../analytics/index.ts'
import type { Ctx } from '../platform/context.ts'
import { toMajor } from '../platform/money.ts'
import { organizationOf } from '../team/index.ts'
import { periodOf, startOf, type Period } from './period.ts'
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
  const weekdays = slots(7)
  const hours = slots(24)
  for (const { hour, counts } of await hoursWithin(ctx, period, await organizationModel(ctx))) {
    const local = Temporal.Instant.fromEpochMilliseconds(hour.getTime()).toZonedDateTimeISO(timeZone)
    const [sent, clicked] = [handedOverIn(counts), counts.get('clicked') ?? 0]
    for (const slot of [weekdays[local.dayOfWeek - 1], hours[local.hour]]) {
      if (!slot) continue
      slot.sent += sent
      slot.clicked += clicked
    }
  }
  return {
    currency,
    step,
    points: await trendPoints(ctx, period, step),
    weekdays: weekdays.map((slot, at) => ({ weekday: at + 1, ...slot, clickRate: rateOf(slot) })),
    hours: hours.map((slot, at) => ({ hour: at, ...slot, clickRate: rateOf(slot) })),
  }
}

/** The days, weeks or months of a period, oldest first; those without anything, too. The first may begin before it. */
export async function trendPoints(
  ctx: Ctx,
  { from, to, fromOn, toOn }: Period,
  step: Trends['step'],
): Promise<Trends['points']> {
  const { currency, timeZone } = await organizationOf(ctx)
  const last = Temporal.PlainDate.from(toOn)
  const steps: Temporal.PlainDate[] = []
  for (
    let on = stepOf(Temporal.PlainDate.from(fromOn), step);
    Temporal.PlainDate.compare(on, last) <= 0;
    on = next(on, step)
  )
    steps.push(on)
  const starts = steps.map((on) => startOf(on, timeZone))
  const sums = await stepsWithin(ctx, { from, to, starts }, await organizationModel(ctx))
  return steps.map((on, at) => {
    const counts = sums.get(at) ?? new Map<string, number>()
    const of = (name: string): number => counts.get(name) ?? 0
    return {
      on: on.toString(),
      sent: handedOverIn(counts),
      delivered: deliveredIn(counts),
      opened: of('opened'),
      clicked: of('clicked'),
      converted: of('converted'),
      unsubscribed: of('unsubscribed'),
      revenue: toMajor(of('revenue'), currency) ?? 0,
    }
  })
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

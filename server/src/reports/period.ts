/** Periods of whole days in the organization's zone. Pure but for the clock of its ctx. */
import type { Ctx } from '../platform/context.ts'
import { organizationOf } from '../team/index.ts'
import { errors } from './errors.ts'

const DAYS_MAX = 5 * 366

/** From the beginning of `fromOn` to the end of `toOn`. */
export interface Period {
  from: Date
  to: Date
  fromOn: string
  toOn: string
}

/**
 * The days asked for, up to today unless said otherwise.
 * @param usualDays  how long a period is whose beginning nobody named
 * @throws reports.period_invalid
 */
export async function periodOf(
  ctx: Ctx,
  { from, to }: { from?: string | undefined; to?: string | undefined },
  usualDays: number,
): Promise<Period> {
  const { timeZone } = await organizationOf(ctx)
  const last = to === undefined ? todayIn(ctx, timeZone) : Temporal.PlainDate.from(to)
  const first = from === undefined ? last.subtract({ days: usualDays - 1 }) : Temporal.PlainDate.from(from)
  const days = first.until(last).days
  if (days < 0 || days > DAYS_MAX) throw errors.period_invalid({ from, to })
  return periodBetween(first, last, timeZone)
}

/** As many days, just before. */
export async function periodBefore(ctx: Ctx, { fromOn, toOn }: Period): Promise<Period> {
  const { timeZone } = await organizationOf(ctx)
  const first = Temporal.PlainDate.from(fromOn)
  const { days } = first.until(Temporal.PlainDate.from(toOn))
  return periodBetween(first.subtract({ days: days + 1 }), first.subtract({ days: 1 }), timeZone)
}

/** The present day of a zone. */
export const todayIn = (ctx: Ctx, timeZone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(ctx.now().getTime()).toZonedDateTimeISO(timeZone).toPlainDate()

function periodBetween(first: Temporal.PlainDate, last: Temporal.PlainDate, timeZone: string): Period {
  return {
    from: startOf(first, timeZone),
    to: startOf(last.add({ days: 1 }), timeZone),
    fromOn: first.toString(),
    toOn: last.toString(),
  }
}

/** The first instant of a day in a zone. */
export const startOf = (on: Temporal.PlainDate, timeZone: string): Date =>
  new Date(on.toZonedDateTime(timeZone).epochMilliseconds)

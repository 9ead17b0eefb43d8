/** Days of a warm-up on which too many messages bounced, or were complained about, are no step forward. */
import { countsFrom } from '../../analytics/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { HELD_AT, type WarmupPlan } from '../limits/warmup.ts'
import { listWarmups, noteJudged } from '../limits/warmup-queries.ts'
import { isWithin } from '../sending/dmarc.ts'
import { addSamples, sampleOf } from './breaker.ts'
import { figuresOfRuns, watchedRuns } from './breaker-queries.ts'
import { directByDomain } from './direct-figures.ts'
import { byDomain } from './watch-runs.ts'

/** Runs that sent yesterday began at most so long ago, or are still under way. */
const RUNS_SINCE_MS = 7 * 86_400_000

/** Judges the day that has ended in each plan's zone, once. */
export async function judgeWarmups(ctx: Ctx): Promise<void> {
  const plans = await listWarmups(ctx)
  const due = plans.flatMap((plan) => {
    const day = yesterdayOf(plan, ctx.now())
    return day.on >= plan.startedOn && (plan.judgedOn === null || plan.judgedOn < day.on)
      ? [{ plan, day }]
      : []
  })
  if (due.length === 0) return
  const runs = await watchedRuns(ctx, new Date(ctx.now().getTime() - RUNS_SINCE_MS))
  const domains = await byDomain(ctx, runs)
  for (const { plan, day } of due) {
    const isOwn = (domain: string): boolean => isWithin(domain, plan.domain)
    const own = [...domains].flatMap(([domain, ofDomain]) => (isOwn(domain) ? ofDomain : []))
    const direct = [...(await directByDomain(ctx, day))].flatMap(([domain, sample]) =>
      isOwn(domain) ? [sample] : [],
    )
    const figures = own.length === 0 ? [] : await figuresOfRuns(ctx, own, day)
    const { handedOver, hard, complained, delivered } = addSamples([
      sampleOf(countsFrom(figures.filter(({ channel }) => channel === 'email'))),
      ...direct,
    ])
    const isHeld =
      hard * 10_000 >= HELD_AT.hardBps * Math.max(1, handedOver) ||
      complained * 10_000 >= HELD_AT.complaintBps * Math.max(1, delivered)
    await noteJudged(ctx, plan.domain, day.on, isHeld)
  }
}

function yesterdayOf({ timeZone }: WarmupPlan, now: Date): { on: string; from: Date; until: Date } {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
  const yesterday = today.subtract({ days: 1 })
  return {
    on: yesterday.toString(),
    from: new Date(yesterday.toZonedDateTime(timeZone).epochMilliseconds),
    until: new Date(today.toZonedDateTime(timeZone).epochMilliseconds),
  }
}

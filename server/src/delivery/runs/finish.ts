/** When the last message of a run will have left, by the limit that takes longest. */
import type { Ctx } from '../../platform/context.ts'
import { senderDomains } from '../intake/alerts/queries.ts'
import type { PresentLimits } from '../limits/limit-queries.ts'
import { campaignLimits, perMinuteOf } from '../limits/sending-limits.ts'
import { allowanceAt, type WarmupPlan } from '../limits/warmup.ts'
import { listWarmups } from '../limits/warmup-queries.ts'
import { PROVIDER_CHANNELS } from '../providers/kinds.ts'
import { rankedProviders } from '../providers/queries.ts'
import type { RunLimits } from '../timing/run-timing.ts'
import { waitingParts, type WaitingPart } from './queries.ts'
import type { BoundScope } from './run-words.ts'
import type { Run } from './run.ts'

/** A limit, with the people that it holds and the instant at which the last of them leaves. */
export interface Bound {
  scope: BoundScope
  /** The channel, the provider's name, the receiver, the sending domain; empty for campaign and organization. */
  name: string
  people: number
  finishAt: Date
}

/** The limit whose people leave last; null when none holds any. Source: design §5 Throttle */
export async function slowestBound(ctx: Ctx, run: Run, present: PresentLimits): Promise<Bound | null> {
  const parts = await waitingParts(ctx, run.id)
  if (parts.length === 0) return null
  const { organization: all } = present
  const of = (isIn: (part: WaitingPart) => boolean): number =>
    parts.reduce((sum, part) => sum + (isIn(part) ? part.people : 0), 0)
  const bound = (
    scope: Bound['scope'],
    name: string,
    limits: RunLimits | undefined,
    people: number,
  ): Bound[] => {
    const perMinute = limits ? perMinuteOf(limits) : null
    if (perMinute === null || people === 0) return []
    return [{ scope, name, people, finishAt: new Date(ctx.now().getTime() + (people / perMinute) * 60_000) }]
  }
  const everybody = of(() => true)
  const bounds = [
    ...bound('campaign', '', campaignLimits(present.run, all), everybody),
    ...bound('organization', '', all.organization, everybody),
    ...all.receivers.flatMap((limits) =>
      bound(
        'receiver',
        limits.receiver,
        limits,
        of(({ receiver }) => receiver === limits.receiver),
      ),
    ),
    ...(await warmupBound(
      ctx,
      run,
      present.warmups,
      of(({ channel }) => channel === 'email'),
    )),
  ]
  for (const channel of new Set(parts.map((part) => part.channel))) {
    const people = of((part) => part.channel === channel)
    bounds.push(...bound('channel', channel, all.channels[channel], people))
    const asked = PROVIDER_CHANNELS.find((candidate) => candidate === channel)
    if (all.providers.length === 0 || asked === undefined) continue
    const [first] = await rankedProviders(ctx, asked)
    const limits = all.providers.find(({ providerId }) => providerId === first?.id)
    bounds.push(...bound('provider', first?.name ?? '', limits, people))
  }
  return bounds.reduce<Bound | null>(
    (latest, one) => (latest === null || one.finishAt > latest.finishAt ? one : latest),
    null,
  )
}

async function warmupBound(
  ctx: Ctx,
  { contents }: Run,
  warmups: PresentLimits['warmups'],
  people: number,
): Promise<Bound[]> {
  if (warmups === null || people === 0) return []
  const versions = contents.flatMap(({ channel, versionId }) => (channel === 'email' ? [versionId] : []))
  const domains = new Set((await senderDomains(ctx, versions)).values())
  const plan = (await listWarmups(ctx)).find(({ domain }) => domains.has(domain))
  if (!plan) return []
  const today = allowanceAt(plan, ctx.now())
  const taken = today && plan.countedOn === today.on ? plan.counted : 0
  return [
    { scope: 'sender', name: plan.domain, people, finishAt: warmedUpAt(plan, taken, people, ctx.now()) },
  ]
}

/** The end of the day whose allowance holds the last of them; now, for a plan that is over. Pure. */
export function warmedUpAt(plan: WarmupPlan, taken: number, people: number, now: Date): Date {
  let waiting = people + taken
  let at = now
  for (let today = allowanceAt(plan, at); today !== null; today = allowanceAt(plan, at)) {
    waiting -= today.messages
    at = today.endsAt
    if (waiting <= 0) return at
  }
  return at
}

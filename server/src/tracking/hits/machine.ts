/**
 * Whether a hit is a person's or a program's. Programs fetch what is in a mail to protect or to preload it; counted as
 * people they would make every figure a lie. Pure.
 * Source: compliance report §1.6; FR-006.2, PC-24, PC-25
 */
import type { MachineReason } from '../events.ts'
import { agentFamily, SCANNER } from './agent.ts'

/** A person needs longer than this from arrival to the first click or open. */
export const TOO_FAST_MS = 5_000
/** So many different links within this time are nobody's reading. */
export const MANY_LINKS = 3
export const MANY_LINKS_WINDOW_MS = 10_000

/** What is known about a hit when it arrives. */
export interface Hit {
  method: string
  userAgent: string
  /** `Sec-Purpose`, `Purpose` or `X-Moz`, whichever came. */
  purpose: string
  at: Date
  /** When the message was handed over; null while its row is not written yet, which is sooner than anybody reads. */
  handedOverAt: Date | null
}

/** Everything about a hit, taken alone, that gives a program away. */
export function machineReasons(hit: Hit): MachineReason[] {
  const reasons: MachineReason[] = []
  if (hit.method === 'HEAD') reasons.push('head_request')
  const family = agentFamily(hit.userAgent)
  // Apple's mail privacy protection fetches everything through proxies that name no more than this; no browser does.
  if (hit.userAgent.trim() === 'Mozilla/5.0') reasons.push('apple_privacy')
  else if (family === SCANNER || family === 'none') reasons.push('user_agent')
  if (/prefetch|preview|prerender/i.test(hit.purpose)) reasons.push('prefetch')
  if (hit.handedOverAt === null || hit.at.getTime() - hit.handedOverAt.getTime() < TOO_FAST_MS)
    reasons.push('too_fast')
  return reasons
}

/** A click as the rule about many links sees it. */
export interface LinkClick {
  linkNo: number
  at: Date
}

/**
 * The clicks of one message that belong to a burst over many links, seen from the latest one.
 * @param clicks  all clicks of the message in the last `MANY_LINKS_WINDOW_MS`, the latest among them
 */
export function burstOf<Click extends LinkClick>(clicks: readonly Click[], latest: Click): Click[] {
  const since = latest.at.getTime() - MANY_LINKS_WINDOW_MS
  const near = clicks.filter(
    (click) => click.at.getTime() >= since && click.at.getTime() <= latest.at.getTime(),
  )
  return new Set(near.map((click) => click.linkNo)).size >= MANY_LINKS ? near : []
}

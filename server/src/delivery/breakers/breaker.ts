/**
 * Circuit breakers: too many addresses that do not exist, or too many complaints, stop a run before receivers stop
 * listening to its domain. Pure.
 * Source: compliance report §1.3: after 500 messages at 5 % hard bounces or 0.3 % complaints
 */
import type { Counts } from '../../analytics/index.ts'
import { deliveredIn, handedOverIn } from '../../analytics/index.ts'
import type { RunChannel } from '../runs/run.ts'

/** Fewer messages say nothing yet. */
export const SAMPLE_MIN = 500
/** Limits in basis points. */
export const BREAKER_BPS = { bounces: 500, complaints: 30 } as const
export type BreakerKind = keyof typeof BREAKER_BPS

/** Reasons of bounces that say that an address does not exist: a list with many of them is bought or old. */
const HARD_REASONS: ReadonlySet<string> = new Set([
  'invalid_recipient',
  'inactive_mailbox',
  'invalid_domain',
  'moved',
  'accepts_no_mail',
  'landline',
  'ported',
])

/** What a breaker looks at. */
export interface Sample {
  handedOver: number
  hard: number
  complained: number
  /** What complaints are a part of. */
  delivered: number
}

const NOTHING: Sample = { handedOver: 0, hard: 0, complained: 0, delivered: 0 }

/** Of figures by name. */
export function sampleOf(counts: Counts): Sample {
  let hard = 0
  for (const [name, n] of counts)
    if (name.startsWith('bounced.') && HARD_REASONS.has(name.slice('bounced.'.length))) hard += n
  return {
    handedOver: handedOverIn(counts),
    hard,
    complained: counts.get('complained') ?? 0,
    delivered: deliveredIn(counts),
  }
}

/** Several samples together. */
export const addSamples = (samples: readonly Sample[]): Sample =>
  samples.reduce(
    (sum, sample) => ({
      handedOver: sum.handedOver + sample.handedOver,
      hard: sum.hard + sample.hard,
      complained: sum.complained + sample.complained,
      delivered: sum.delivered + sample.delivered,
    }),
    NOTHING,
  )

/** What came after an earlier look; what was looked at then and is a day old by now is no less than nothing. */
export const since = (now: Sample, before: Sample | undefined): Sample => ({
  handedOver: Math.max(0, now.handedOver - (before?.handedOver ?? 0)),
  hard: Math.max(0, now.hard - (before?.hard ?? 0)),
  complained: Math.max(0, now.complained - (before?.complained ?? 0)),
  delivered: Math.max(0, now.delivered - (before?.delivered ?? 0)),
})

/** What a person knew of when they let a run go on: its own figures by channel, and everything of its sending domain. */
export type Forgiven = Partial<Record<RunChannel | 'domain', Sample>>

/** A limit that is passed. */
export interface Passed {
  kind: BreakerKind
  part: number
  whole: number
  limitBps: number
}

/** The limit that a sample passes; null when it passes none, or is too small to say. */
export function passedBy({ handedOver, hard, complained, delivered }: Sample): Passed | null {
  if (handedOver < SAMPLE_MIN) return null
  const reached = (kind: BreakerKind, part: number, whole: number): Passed[] => {
    const limitBps = BREAKER_BPS[kind]
    return part * 10_000 >= limitBps * whole && part > 0 ? [{ kind, part, whole, limitBps }] : []
  }
  const [first = null] = [
    ...reached('bounces', hard, handedOver),
    ...reached('complaints', complained, delivered),
  ]
  return first
}

/** Why a run was stopped. */
export interface Trip extends Passed {
  /** Whether the run's own messages passed it, or those of its sending domain over a day. */
  scope: 'run' | 'domain'
  channel: RunChannel
  /** Null for a run's own. */
  domain: string | null
  /** ISO instant: the column is jsonb. */
  at: string
}

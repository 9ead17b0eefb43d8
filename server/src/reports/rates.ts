/** Rates, steps and comparisons from counts by name. Pure. */
import { deliveredIn, handedOverIn, ratesFrom, type Counts } from '../analytics/index.ts'
import { newcombeInterval, READING_CONFIDENCE, shareInterval } from '../experiments/index.ts'
import type { Comparison, Funnel, Rate, RateName, Rates } from './schema.ts'

/** A share with its interval. */
export const rateOf = (part: number, whole: number): Rate => ({
  part,
  whole,
  ratio: whole === 0 ? null : part / whole,
  interval: shareInterval(part, whole),
})

/** The rates that campaigns and channels are compared by: those of the live report, with intervals. Source: KPI-1 to KPI-4 */
export function ratesOf(counts: Counts): Rates {
  const { delivery, open, click, conversion, unsubscribe } = ratesFrom(counts)
  const within = ({ part, whole }: { part: number; whole: number }): Rate => rateOf(part, whole)
  return {
    delivery: within(delivery),
    open: within(open),
    click: within(click),
    conversion: within(conversion),
    unsubscribe: within(unsubscribe),
  }
}

/** People of the ledger at each step, those who were tried and refused among `attempted`. */
export interface PeopleCounts extends StepCounts {
  attempted: number
  unsubscribed: number
}

/**
 * The same rates among people who are told apart in the ledger. It does not say who could be seen opening: with
 * `isMeasured` everybody, without it opens have no rate.
 */
export function ratesOfPeople(people: PeopleCounts, isMeasured: boolean): Rates {
  return {
    delivery: rateOf(people.delivered, people.attempted),
    open: rateOf(people.opened, isMeasured ? people.delivered : 0),
    click: rateOf(people.clicked, people.delivered),
    conversion: rateOf(people.converted, people.sent),
    unsubscribe: rateOf(people.unsubscribed, people.delivered),
  }
}

/**
 * What happened in an hour as shares of the whole campaign, so that those of all hours add up to its rates: of the
 * messages that left in the same hour nothing is known. Delivery has none, because a return is counted when it comes.
 */
export function ratesOfHour(counts: Counts, whole: Rates): Rates {
  const of = (figure: string, name: RateName): Rate => rateOf(counts.get(figure) ?? 0, whole[name].whole)
  return {
    delivery: rateOf(0, 0),
    open: of('opened', 'open'),
    click: of('clicked', 'click'),
    conversion: of('converted', 'conversion'),
    unsubscribe: of('unsubscribed', 'unsubscribe'),
  }
}

type Difference = NonNullable<Comparison['items'][number]['against']>['click']

/** A rate against another, with Newcombe's interval at a confidence that allows for so many comparisons. */
export function differenceOf(first: Rate, other: Rate, comparisons: number): Difference {
  const interval = newcombeInterval(
    { successes: Math.min(first.part, first.whole), total: first.whole },
    { successes: Math.min(other.part, other.whole), total: other.whole },
    1 - (1 - READING_CONFIDENCE) / Math.max(1, comparisons),
  )
  if (first.ratio === null || other.ratio === null || !interval)
    return { difference: null, interval: null, isClear: false }
  return {
    difference: other.ratio - first.ratio,
    interval: { low: interval.lower, high: interval.upper },
    isClear: interval.lower > 0 || interval.upper < 0,
  }
}

/**
 * Who leads by each rate: by the lower end of its interval, in unsubscribing by the upper end. Null while fewer than two
 * have an interval, and where the two in front have the same rate: more people make it surer, not better.
 */
export function bestOf(sides: readonly { id: string; rates: Record<RateName, Rate> }[]): Comparison['best'] {
  const leader = (name: RateName): string | null => {
    const scored = sides.flatMap(({ id, rates }) => {
      const { interval, ratio } = rates[name]
      return interval ? [{ id, ratio, score: name === 'unsubscribe' ? -interval.high : interval.low }] : []
    })
    const [first, second] = scored.toSorted((a, b) => b.score - a.score)
    return first && second && first.score > second.score && first.ratio !== second.ratio ? first.id : null
  }
  return {
    delivery: leader('delivery'),
    open: leader('open'),
    click: leader('click'),
    conversion: leader('conversion'),
    unsubscribe: leader('unsubscribe'),
  }
}

/** People at each step of a message's way. */
export interface StepCounts {
  sent: number
  delivered: number
  opened: number
  clicked: number
  converted: number
}

/** The same, from counts by name. */
export const stepCounts = (counts: Counts): StepCounts => ({
  sent: handedOverIn(counts),
  delivered: deliveredIn(counts),
  opened: counts.get('opened') ?? 0,
  clicked: counts.get('clicked') ?? 0,
  converted: counts.get('converted') ?? 0,
})

/**
 * The way from sent to converted. Opens are seen of those alone who agreed to it: clicks are compared with what was
 * delivered, never with opens. Source: CB-10.4
 */
export function funnelSteps(people: StepCounts): Funnel['steps'] {
  const before: Record<keyof StepCounts, keyof StepCounts | null> = {
    sent: null,
    delivered: 'sent',
    opened: 'delivered',
    clicked: 'delivered',
    converted: 'clicked',
  }
  return (Object.keys(before) as (keyof StepCounts)[]).map((step) => {
    const previous = before[step]
    const whole = previous === null ? null : people[previous]
    return {
      step,
      people: people[step],
      ofPrevious: whole === null || whole === 0 ? null : people[step] / whole,
      ofFirst: people.sent === 0 ? null : people[step] / people.sent,
      lost: whole === null || step === 'opened' ? null : Math.max(0, whole - people[step]),
    }
  })
}

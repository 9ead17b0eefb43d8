import { describe, expect, test } from 'vitest'
import { seededDice } from '../../testing/dice.ts'
import { likelyCause } from './cause.ts'
import { FALSE_ALARMS_PER_RUN, judge, LOOKS } from './rules.ts'

const WORLDS = 150
const dice = seededDice(20_261)
const normal = (): number => Math.sqrt(-2 * Math.log(1 - dice())) * Math.cos(2 * Math.PI * dice())

/** How often something of a chance happens among so many. */
function binomial(whole: number, rate: number): number {
  if (whole * rate > 50)
    return Math.max(
      0,
      Math.min(whole, Math.round(whole * rate + Math.sqrt(whole * rate * (1 - rate)) * normal())),
    )
  let [count, at] = [-1, 0]
  while (at <= whole) {
    at += Math.floor(Math.log(1 - dice()) / Math.log1p(-rate)) + 1
    count++
  }
  return count
}

/** Rates of a world, each run's moved from them at will: a log-normal factor of its own. */
const WORLD = {
  failed: 0.004,
  bounced: 0.012,
  complained: 0.0004,
  unsubscribed: 0.003,
  opened: 0.22,
  clicked: 0.03,
  converted: 0.006,
}
type Planted = Partial<Record<keyof typeof WORLD, number>>

function runOf(spread: number, planted: Planted = {}): Map<string, number> {
  const sent = Math.round(1_000 * Math.exp(2 * dice()))
  const of = (name: keyof typeof WORLD, whole: number): number =>
    binomial(whole, Math.min(0.9, WORLD[name] * Math.exp(spread * normal()) * (planted[name] ?? 1)))
  const bounced = of('bounced', sent)
  const delivered = sent - bounced
  const converted = of('converted', sent)
  return new Map(
    Object.entries({
      failed: of('failed', sent),
      'bounced.inactive_mailbox': bounced,
      delivered,
      measured: delivered,
      complained: of('complained', delivered),
      unsubscribed: of('unsubscribed', delivered),
      opened: of('opened', delivered),
      clicked: of('clicked', delivered),
      converted,
      'revenue.last': Math.round(converted * 4_000 * Math.exp(0.2 * normal())),
    }),
  )
}

const history = (spread: number, runs: number): Map<string, number>[] =>
  Array.from({ length: runs }, () => runOf(spread))

describe('what is unusual', () => {
  test('in quiet worlds a run raises an alarm no more often than is stated, plus three standard errors', () => {
    let alarmed = 0
    for (let world = 0; world < WORLDS; world++) {
      const spread = [0.05, 0.15, 0.3][world % 3] ?? 0
      const peers = history(spread, 8 + (world % 12))
      const isAlarmed = [LOOKS.early, LOOKS.day, LOOKS.days3].some((metrics) => {
        const own = runOf(spread)
        return metrics.some((metric) => judge(metric, own, peers) !== null)
      })
      alarmed += Number(isAlarmed)
    }
    const error = Math.sqrt((FALSE_ALARMS_PER_RUN * (1 - FALSE_ALARMS_PER_RUN)) / WORLDS)
    expect(alarmed / WORLDS).toBeLessThanOrEqual(FALSE_ALARMS_PER_RUN + 3 * error)
  })

  test('planted differences are found, in the direction they were planted', () => {
    const planted: [keyof typeof WORLD, Parameters<typeof judge>[0], number, 'high' | 'low'][] = [
      ['failed', 'failure', 8, 'high'],
      ['bounced', 'bounce', 6, 'high'],
      ['complained', 'complaint', 30, 'high'],
      ['unsubscribed', 'unsubscribe', 8, 'high'],
      ['opened', 'open', 0.3, 'low'],
      ['clicked', 'click', 0.15, 'low'],
      ['converted', 'conversion', 6, 'high'],
    ]
    for (const [name, metric, times, direction] of planted) {
      let found = 0
      for (let world = 0; world < 5; world++)
        found += Number(
          judge(metric, runOf(0.15, { [name]: times }), history(0.15, 20))?.direction === direction,
        )
      expect([metric, found]).toEqual([metric, 5])
    }
  })

  test('fewer than eight comparable runs, or a hundred messages, say nothing', () => {
    const broken = runOf(0.1, { bounced: 30 })
    expect(judge('bounce', broken, history(0.1, 7))).toBeNull()
    const small = new Map([
      ['bounced.inactive_mailbox', 60],
      ['delivered', 30],
    ])
    expect(judge('bounce', small, history(0.1, 20))).toBeNull()
  })

  test('fewer bounces or complaints than usual are no alarm', () => {
    expect(judge('bounce', runOf(0.1, { bounced: 0.01 }), history(0.1, 20))).toBeNull()
  })

  test('a volume far from the earlier ones is unusual, one like them is not', () => {
    const sent = (n: number): Map<string, number> => new Map([['sent', n]])
    const peers = [980, 1_010, 1_000, 1_040, 990, 1_005, 1_020, 1_000].map(sent)
    expect(judge('volume', sent(1_015), peers)).toBeNull()
    expect(judge('volume', sent(400), peers)).toMatchObject({ direction: 'low', peers: 8 })
    expect(judge('volume', sent(2_500), peers)).toMatchObject({ direction: 'high' })
    // However little is left of it.
    expect(judge('volume', sent(3), peers)).toMatchObject({ direction: 'low' })
  })

  test('of days each says how many messages are usual: none is unusual where there were always some, not where there often were none', () => {
    const sent = (n: number): Map<string, number> => new Map([['sent', n]])
    const busy = [48, 55, 40, 61, 52, 45, 50, 58, 47].map(sent)
    expect(judge('volume', new Map(), busy, true)).toMatchObject({ direction: 'low', peers: 9 })
    expect(judge('volume', sent(38), busy, true)).toBeNull()
    const oftenSilent = [48, 0, 40, 61, 0, 45, 50, 0, 47, 52].map(sent)
    expect(judge('volume', new Map(), oftenSilent, true)).toBeNull()
    // Where a few messages a day are usual, none is chance.
    expect(judge('volume', new Map(), [4, 6, 3, 5, 7, 4, 2, 6].map(sent), true)).toBeNull()
  })
})

describe('the likely cause', () => {
  const unusual = {
    metric: 'bounce',
    direction: 'high',
    observed: { part: 120, whole: 1_000 },
    median: 0.01,
    low: 0.005,
    high: 0.02,
    peers: 12,
    p: 1e-9,
  } as const
  const nothing = { parts: [], marks: [], wasPaused: false, isNewContent: false }

  test('is the part without which the rest would be as usual', () => {
    const parts = [
      { kind: 'receiver', label: 'gmail.com', part: 5, whole: 600 },
      { kind: 'receiver', label: 'old.example', part: 112, whole: 150 },
      { kind: 'hour', label: '2026-11-20T08:00:00.000Z', part: 118, whole: 980 },
    ] as const
    expect(likelyCause(unusual, { ...nothing, parts })).toMatchObject({ label: 'old.example' })
  })

  test('is no part when the rest is still unusual; then a shared reason, else that it is spread', () => {
    const parts = [{ kind: 'receiver', label: 'gmail.com', part: 70, whole: 500 }] as const
    expect(likelyCause(unusual, { ...nothing, parts })).toMatchObject({ kind: 'spread' })
    const marks = [{ kind: 'reason', label: 'inactive_mailbox', part: 110, whole: 120 }] as const
    expect(likelyCause(unusual, { ...nothing, parts, marks })).toMatchObject({ label: 'inactive_mailbox' })
    expect(likelyCause(unusual, { ...nothing, wasPaused: true })).toMatchObject({ kind: 'paused' })
  })
})

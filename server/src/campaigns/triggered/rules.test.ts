import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LogEvent } from '../../platform/events/index.ts'
import type { CampaignId, ContactId } from '../../platform/ids.ts'
import { canTrigger, dueAt, isTooLate, withinLimit, type Candidate } from './rules.ts'
import { TRIGGER_LIMITS, trigger, type Trigger } from './schema.ts'

const HOUR_MS = 3_600_000
const START_MS = Date.parse('2027-03-01T00:00:00Z')
const LIMIT_MS = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 168 * HOUR_MS,
  '30d': 720 * HOUR_MS,
  ever: Infinity,
}
const candidate = (person: number, minute: number): Candidate => ({
  campaignId: 'c' as CampaignId,
  eventSeq: `${person}-${minute}`,
  contactId: String(person) as ContactId,
  at: new Date(START_MS + minute * 60_000),
})
const happened = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 60 * 24 * 40 })), {
    maxLength: 40,
  })
  .map((pairs) => pairs.map(([person, minute]) => candidate(person, minute)))
const limit = fc.constantFrom(...TRIGGER_LIMITS)

const event = (more: Partial<LogEvent> = {}): LogEvent => ({
  orgId: '' as LogEvent['orgId'],
  seq: '1',
  recordedAt: new Date(START_MS),
  at: new Date(START_MS),
  type: 'track:Signed Up',
  version: 1,
  contactId: '1' as ContactId,
  campaignId: null,
  runId: null,
  channel: null,
  payload: {},
  ...more,
})

describe('limits', () => {
  test('CS-004.5 FR-004.5 of whatever comes in whatever order, no two that count of one person are closer than the limit', () => {
    fc.assert(
      fc.property(happened, limit, (candidates, chosen) => {
        const { counted, limited } = withinLimit(candidates, chosen, new Map())
        expect(counted.length + limited.length).toBe(candidates.length)
        for (const group of Map.groupBy(counted, ({ contactId }) => contactId).values()) {
          const times = group.map(({ at }) => at.getTime()).toSorted((a, b) => a - b)
          const gaps = times.slice(1).map((time, place) => time - (times[place] ?? 0))
          expect(gaps.filter((gap) => gap < LIMIT_MS[chosen])).toEqual([])
        }
      }),
    )
  })

  test('CS-004.5 read in any number of batches, as many count as in one', () => {
    fc.assert(
      fc.property(happened, limit, fc.nat(40), (candidates, chosen, cut) => {
        const inOrder = candidates.toSorted((a, b) => a.at.getTime() - b.at.getTime())
        const whole = withinLimit(inOrder, chosen, new Map()).counted
        const first = withinLimit(inOrder.slice(0, cut), chosen, new Map()).counted
        const last = new Map(first.map(({ contactId, at }) => [contactId, at]))
        const second = withinLimit(inOrder.slice(cut), chosen, last).counted
        expect([...first, ...second].map(({ eventSeq }) => eventSeq)).toEqual(
          whole.map(({ eventSeq }) => eventSeq),
        )
      }),
    )
  })

  test('CS-004.5 everybody’s first event counts, whatever others did', () => {
    fc.assert(
      fc.property(happened, limit, (candidates, chosen) => {
        const { counted } = withinLimit(candidates, chosen, new Map())
        expect(new Set(counted.map(({ contactId }) => contactId))).toEqual(
          new Set(candidates.map(({ contactId }) => contactId)),
        )
      }),
    )
  })
})

describe('delays', () => {
  const delayed = (count: number, unit: Trigger['delay']['unit']): Date =>
    dueAt({ delay: { count, unit } }, new Date('2027-03-27T01:30:00Z'))

  test('CS-004.3 FR-004.4 a day is 24 hours, also over the night on which clocks change', () => {
    expect(delayed(1, 'days').toISOString()).toBe('2027-03-28T01:30:00.000Z')
    expect(delayed(30, 'days').toISOString()).toBe('2027-04-26T01:30:00.000Z')
    expect(delayed(0, 'minutes').toISOString()).toBe('2027-03-27T01:30:00.000Z')
  })

  test('CS-004.3 a delay is at most thirty days, in any unit', () => {
    const source = { kind: 'event', event: 'track:Signed Up' }
    const isTaken = (count: number, unit: string): boolean =>
      trigger.safeParse({ source, delay: { count, unit } }).success
    expect([isTaken(30, 'days'), isTaken(720, 'hours'), isTaken(43_200, 'minutes')]).toEqual([
      true,
      true,
      true,
    ])
    expect([isTaken(31, 'days'), isTaken(721, 'hours'), isTaken(43_201, 'minutes')]).toEqual([
      false,
      false,
      false,
    ])
    expect([isTaken(-1, 'days'), isTaken(1.5, 'days')]).toEqual([false, false])
  })
})

describe('events', () => {
  const armedAt = new Date(START_MS)

  test('CS-004.6 what happened or came in before the campaign was switched on sets nothing off', () => {
    expect(canTrigger(event(), armedAt)).toBe(true)
    expect(canTrigger(event({ recordedAt: new Date(START_MS - 1) }), armedAt)).toBe(false)
    expect(canTrigger(event({ at: new Date(START_MS - 1) }), armedAt)).toBe(false)
  })

  test('CS-004.1 programs’ opens and clicks, and events of nobody, set nothing off', () => {
    expect(canTrigger(event({ type: 'message.clicked', payload: { machine: true } }), armedAt)).toBe(false)
    expect(canTrigger(event({ type: 'message.clicked', payload: { machine: false } }), armedAt)).toBe(true)
    expect(canTrigger(event({ contactId: null }), armedAt)).toBe(false)
  })

  test('CS-004.1 news of more than a day ago sets nothing off', () => {
    const late = (ms: number): boolean => isTooLate(event({ recordedAt: new Date(START_MS + ms) }))
    expect([late(24 * HOUR_MS), late(24 * HOUR_MS + 1)]).toEqual([false, true])
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isZone, placeOf, planningZone, type PlaceFacts } from '../../contacts/index.ts'
import { hindranceAt, lastAllowed, nextAllowed, allowedUntil, type Constraint } from './hours.ts'
import { holidaysOf } from './holidays.ts'
import {
  DEFAULT_SENDING_HOURS,
  NO_CAMPAIGN_HOURS,
  quietRule,
  windowRule,
  type CampaignHours,
  type ChannelHours,
  type QuietHours,
  type SendingHours,
  type TimedChannel,
} from './sending-hours.ts'
import { whenToSend, type When } from './when-to-send.ts'

const NOBODY: PlaceFacts = { timeZone: null, seenTimeZone: null, country: null, phone: null, region: null }
const QUIET_NIGHTS: ChannelHours = {
  quiet: [{ from: '21:00', to: '08:00' }],
  keepsLegalHours: false,
  skipsWeekends: false,
  skipsHolidays: false,
}

interface Asked {
  at: string
  channel?: TimedChannel
  purpose?: 'marketing' | 'transactional'
  contact?: Partial<PlaceFacts>
  email?: Partial<ChannelHours>
  hours?: Partial<SendingHours>
  campaign?: Partial<CampaignHours>
  usefulUntil?: string
  now?: string
}

const ask = ({
  at,
  channel = 'email',
  purpose = 'marketing',
  contact,
  email,
  hours,
  campaign,
  ...more
}: Asked) =>
  whenToSend(
    {
      channel,
      purpose,
      hours: {
        ...DEFAULT_SENDING_HOURS,
        channels: { ...DEFAULT_SENDING_HOURS.channels, email: { ...QUIET_NIGHTS, ...email } },
        ...hours,
      },
      campaign: { ...NO_CAMPAIGN_HOURS, ...campaign },
      dueAt: new Date(at),
      now: new Date(more.now ?? at),
      usefulUntil: more.usefulUntil === undefined ? null : new Date(more.usefulUntil),
      organizationZone: 'Europe/Paris',
    },
    { ...NOBODY, ...contact },
  )
const leaves = (when: When): string | null => (when.kind === 'leaves' ? when.at.toISOString() : null)

describe('the cases of the report', () => {
  test('PC-29 CS-018.3 a mail due in the night in which clocks go forward leaves when quiet hours end', () => {
    expect(leaves(ask({ at: '2027-03-27T21:30:00Z', contact: { timeZone: 'Europe/Paris' } }))).toBe(
      '2027-03-28T06:00:00.000Z',
    )
  })

  test('PC-30 CS-018.3 a mail due in the night in which clocks go back leaves when quiet hours end', () => {
    expect(leaves(ask({ at: '2027-10-30T20:30:00Z', contact: { timeZone: 'Europe/Paris' } }))).toBe(
      '2027-10-31T07:00:00.000Z',
    )
  })

  test('PC-33 MA-5.2 the federal hours end on the minute', () => {
    const sms = (at: string) =>
      ask({
        at,
        channel: 'sms',
        contact: { timeZone: 'America/New_York', phone: '+12125550100' },
        hours: { us: 'federal' },
      })
    expect(leaves(sms('2027-03-15T00:59:30Z'))).toBe('2027-03-15T00:59:30.000Z')
    expect(leaves(sms('2027-03-15T01:00:00Z'))).toBe('2027-03-15T12:00:00.000Z')
  })

  test('PC-34 MA-5.2 a French marketing text message waits through Sunday and Easter Monday', () => {
    const when = ask({ at: '2027-03-27T21:30:00Z', channel: 'sms', contact: { phone: '+33612345678' } })
    expect(leaves(when)).toBe('2027-03-30T06:00:00.000Z')
    expect(when.because.map(({ reason, detail, on }) => [reason, detail, on])).toEqual([
      ['legal_hours', 'FR', '2027-03-27'],
      ['holiday', 'Easter Monday', '2027-03-29'],
    ])
  })

  test('PC-35 MA-5.2 CS-018.4 on 14 July marketing waits for the next day, transactional leaves at once', () => {
    const due = { at: '2027-07-14T08:00:00Z', channel: 'sms', contact: { country: 'FR' } } as const
    expect(leaves(ask(due))).toBe('2027-07-15T06:00:00.000Z')
    expect(leaves(ask({ ...due, purpose: 'transactional' }))).toBe('2027-07-14T08:00:00.000Z')
  })

  test('PC-36 CS-010.4 a mail due on Friday night leaves on Monday morning when weekends are excluded', () => {
    const when = ask({
      at: '2027-01-08T22:30:00Z',
      contact: { timeZone: 'Europe/Paris' },
      campaign: { skipsWeekends: true },
    })
    expect(leaves(when)).toBe('2027-01-11T07:00:00.000Z')
  })

  test('CS-010.4 a campaign’s own word on public holidays holds before the organization’s, and never before the law’s', () => {
    const due = { at: '2027-07-14T08:00:00Z', contact: { country: 'FR' } } as const
    expect(leaves(ask(due))).toBe('2027-07-14T08:00:00.000Z')
    expect(leaves(ask({ ...due, email: { quiet: [] }, campaign: { skipsHolidays: true } }))).toBe(
      '2027-07-14T22:00:00.000Z',
    )
    const ours = { email: { quiet: [], skipsHolidays: true } }
    expect(leaves(ask({ ...due, ...ours }))).toBe('2027-07-14T22:00:00.000Z')
    expect(leaves(ask({ ...due, ...ours, campaign: { skipsHolidays: false } }))).toBe(
      '2027-07-14T08:00:00.000Z',
    )
    const sms = { ...due, channel: 'sms', campaign: { skipsHolidays: false } } as const
    expect(leaves(ask(sms))).toBe('2027-07-15T06:00:00.000Z')
  })

  test('PC-37 CS-010.3 a number of +1 without zone or state leaves when all of its zones allow', () => {
    const sms = (at: string) =>
      leaves(ask({ at, channel: 'sms', contact: { phone: '+12125550100' }, hours: { us: 'federal' } }))
    expect(sms('2027-01-14T02:00:00Z')).toBe('2027-01-14T18:00:00.000Z')
    expect(sms('2027-01-14T17:59:59Z')).toBe('2027-01-14T18:00:00.000Z')
    expect(sms('2027-01-14T18:00:00Z')).toBe('2027-01-14T18:00:00.000Z')
    expect(sms('2027-01-15T01:59:59Z')).toBe('2027-01-15T01:59:59.000Z')
  })
})

describe('where a contact is', () => {
  const place = (facts: Partial<PlaceFacts>, unknownZone: 'intersect' | 'organization' = 'intersect') =>
    placeOf({ ...NOBODY, ...facts }, { timeZone: 'Europe/Paris', unknownZone })

  test('its own zone comes before its country, that before its number, and all before the organization', () => {
    expect(place({ timeZone: 'Asia/Tokyo', country: 'FR', phone: '+33612345678' })).toMatchObject({
      zones: ['Asia/Tokyo'],
      zoneFrom: 'own',
      countries: ['FR'],
    })
    expect(place({ country: 'JP', phone: '+33612345678' })).toMatchObject({
      zones: ['Asia/Tokyo'],
      zoneFrom: 'country',
    })
    expect(place({ phone: '+81312345678' })).toMatchObject({ zones: ['Asia/Tokyo'], zoneFrom: 'phone' })
    expect(place({})).toMatchObject({ zones: ['Europe/Paris'], zoneFrom: 'organization', countries: [] })
    expect(place({ timeZone: 'Not/AZone', country: 'JP' })).toMatchObject({ zones: ['Asia/Tokyo'] })
  })

  test('zones of one country that show the same time are one zone', () => {
    expect(place({ country: 'DE' }).zones).toHaveLength(1)
    expect(place({ country: 'US' }).zones.length).toBeGreaterThan(6)
    expect(place({ country: 'US' }, 'organization')).toMatchObject({
      zones: ['Europe/Paris'],
      zoneFrom: 'organization',
    })
  })

  test('a number of +1 is taken for the country that holds its area code', () => {
    expect(place({ phone: '+18765550100' }).countries).toEqual(['JM'])
    expect(place({ phone: '+14165550100' }).countries).toEqual(['CA'])
    expect(place({ phone: '+12125550100' }).countries).toEqual(['US'])
    expect(place({ phone: '+447700900123' }).countries).toEqual(['GB'])
    expect(place({ phone: '+262692123456' }).countries.toSorted()).toEqual(['RE', 'YT'])
  })

  test('a state is read with or without its country', () => {
    expect(place({ country: 'US', region: 'tx' }).region).toBe('US-TX')
    expect(place({ phone: '+12125550100', region: 'US-TX' }).region).toBe('US-TX')
    expect(place({ region: 'somewhere' }).region).toBeNull()
  })

  test('a plan in each recipient’s time reads one clock, and says which', () => {
    expect(planningZone({ ...NOBODY, country: 'US' }, 'Europe/Paris')).toEqual({
      zone: 'Europe/Paris',
      from: 'organization',
    })
    expect(planningZone({ ...NOBODY, phone: '+81312345678' }, 'Europe/Paris')).toEqual({
      zone: 'Asia/Tokyo',
      from: 'phone',
    })
    const seen = { ...NOBODY, phone: '+81312345678', seenTimeZone: 'America/Toronto' }
    expect(planningZone(seen, 'Europe/Paris')).toEqual({ zone: 'America/Toronto', from: 'events' })
    expect(planningZone({ ...seen, timeZone: 'Asia/Tokyo' }, 'Europe/Paris')).toEqual({
      zone: 'Asia/Tokyo',
      from: 'own',
    })
  })

  test('names of zones that were renamed are understood', () => {
    expect(place({ timeZone: 'Asia/Kolkata' }).countries).toEqual(['IN'])
    expect(place({ timeZone: 'Europe/Kyiv' }).countries).toEqual(['UA'])
  })
})

describe('legal hours', () => {
  const sms = (contact: Partial<PlaceFacts>, at: string, hours: Partial<SendingHours> = {}) =>
    leaves(ask({ at, channel: 'sms', contact, hours }))

  test('MA-5.2 a state’s hours narrow the federal ones, and an unknown state has what all allow', () => {
    const newYork = { timeZone: 'America/New_York', country: 'US' }
    // Saturday evening, eight o'clock and later.
    expect(sms({ ...newYork, region: 'FL' }, '2027-01-17T01:00:00Z')).toBe('2027-01-17T13:00:00.000Z')
    expect(sms({ ...newYork, region: 'NY' }, '2027-01-17T01:00:00Z')).toBe('2027-01-17T01:00:00.000Z')
    // Without a state: 10 to 18 h, no Sunday.
    expect(sms(newYork, '2027-01-17T01:00:00Z')).toBe('2027-01-18T15:00:00.000Z')
    // Texas on Sundays from noon.
    expect(sms({ timeZone: 'America/Chicago', country: 'US', region: 'TX' }, '2027-01-17T14:00:00Z')).toBe(
      '2027-01-17T18:00:00.000Z',
    )
  })

  test('where nothing is known the choice for everywhere else holds: 9 to 20 h, no Sunday', () => {
    expect(sms({ country: 'JP' }, '2027-01-16T12:00:00Z')).toBe('2027-01-18T00:00:00.000Z')
    expect(sms({}, '2027-01-17T12:00:00Z')).toBe('2027-01-18T08:00:00.000Z')
  })

  test('overseas France keeps the hours of French operators on its own clock', () => {
    expect(sms({ country: 'RE' }, '2027-07-14T06:00:00Z')).toBe('2027-07-15T04:00:00.000Z')
  })

  test('a holiday that an organization does not keep is a day like others', () => {
    expect(sms({ country: 'FR' }, '2027-07-14T08:00:00Z', { ignoredHolidays: ['FR'] })).toBe(
      '2027-07-14T08:00:00.000Z',
    )
  })

  test('holidays that move are found, on the day they are and the day they are kept', () => {
    expect([...holidaysOf('FR', null, 2027).keys()]).toEqual(
      expect.arrayContaining(['2027-03-29', '2027-05-06', '2027-05-17', '2027-11-01']),
    )
    expect(holidaysOf('FR', null, 2028).size).toBe(11)
    expect(holidaysOf('FR', 'FR-67', 2027).get('2027-03-26')).toBe('Good Friday')
    // 2027-07-04 is a Sunday, 2027-12-25 and 2028-01-01 are Saturdays.
    expect(holidaysOf('US', null, 2027).get('2027-07-05')).toBe('Independence Day (observed)')
    expect(holidaysOf('US', null, 2027).get('2027-12-31')).toBe('New Year’s Day (observed)')
    expect(holidaysOf('US', null, 2027).get('2027-11-25')).toBe('Thanksgiving')
    expect(holidaysOf('GB', null, 2027).get('2027-12-27')).toBe('Christmas Day (observed)')
    expect(holidaysOf('GB', null, 2027).get('2027-12-28')).toBe('Boxing Day (observed)')
    expect(holidaysOf('CA', null, 2027).get('2027-05-24')).toBe('Victoria Day')
  })
})

describe('on conflict', () => {
  const night = { at: '2027-01-12T22:00:00Z', contact: { timeZone: 'Europe/Paris' } } as const

  test('CS-018.3 a message is held by default, leaves earlier or is dropped when so chosen', () => {
    expect(leaves(ask(night))).toBe('2027-01-13T07:00:00.000Z')
    expect(leaves(ask({ ...night, campaign: { conflict: 'earlier' }, now: '2027-01-12T10:00:00Z' }))).toBe(
      '2027-01-12T19:59:00.000Z',
    )
    expect(leaves(ask({ ...night, campaign: { conflict: 'earlier' } }))).toBe('2027-01-13T07:00:00.000Z')
    expect(ask({ ...night, campaign: { conflict: 'drop' } })).toMatchObject({
      kind: 'dropped',
      reason: 'quiet_hours',
    })
  })

  test('what would leave when it is of no use any more is dropped', () => {
    expect(ask({ ...night, usefulUntil: '2027-01-13T07:00:00Z' })).toMatchObject({
      kind: 'dropped',
      reason: 'too_late',
    })
    expect(leaves(ask({ ...night, usefulUntil: '2027-01-13T07:00:01Z' }))).toBe('2027-01-13T07:00:00.000Z')
  })

  test('CS-018.4 a campaign may make transactional messages keep the hours as well', () => {
    expect(leaves(ask({ ...night, purpose: 'transactional' }))).toBe('2027-01-12T22:00:00.000Z')
    expect(leaves(ask({ ...night, purpose: 'transactional', campaign: { coversTransactional: true } }))).toBe(
      '2027-01-13T07:00:00.000Z',
    )
  })

  test('rules that allow nothing drop the message instead of waiting for ever', () => {
    expect(ask({ ...night, campaign: { window: { from: '22:00', to: '23:00' } } })).toMatchObject({
      kind: 'dropped',
      reason: 'quiet_hours',
    })
  })

  test('CS-010.3 a send window may run over midnight', () => {
    const late = { ...night, email: { quiet: [] }, campaign: { window: { from: '22:00', to: '02:00' } } }
    expect(leaves(ask(late))).toBe('2027-01-12T22:00:00.000Z')
    expect(leaves(ask({ ...late, at: '2027-01-13T01:00:00Z' }))).toBe('2027-01-13T21:00:00.000Z')
  })

  test('FR-004.7 quiet hours of some weekdays begin on those days only', () => {
    const fridays = { email: { quiet: [{ from: '20:00', to: '10:00', weekdays: [5] }] } }
    const contact = { timeZone: 'Europe/Paris' }
    // Friday 15 January 2027, 21 h; Saturday 9 h; Saturday 21 h.
    expect(leaves(ask({ at: '2027-01-15T20:00:00Z', contact, ...fridays }))).toBe('2027-01-16T09:00:00.000Z')
    expect(leaves(ask({ at: '2027-01-16T08:00:00Z', contact, ...fridays }))).toBe('2027-01-16T09:00:00.000Z')
    expect(leaves(ask({ at: '2027-01-16T20:00:00Z', contact, ...fridays }))).toBe('2027-01-16T20:00:00.000Z')
  })
})

const ZONES = Intl.supportedValuesOf('timeZone')
const QUARTER_MS = 15 * 60_000

/** Clock changes of a zone in 2026–2028. */
function changesOf(zone: string): number[] {
  const changes: number[] = []
  let at = Temporal.Instant.from('2026-01-01T00:00:00Z')
    .toZonedDateTimeISO(zone)
    .getTimeZoneTransition('next')
  while (at && at.year <= 2028) {
    changes.push(at.epochMilliseconds)
    at = at.getTimeZoneTransition('next')
  }
  return changes
}

const formats = new Map<string, Intl.DateTimeFormat>()
/** The wall clock, read without Temporal: the minute of the day and the weekday. */
function wallClock(zone: string, ms: number): { minute: number; weekday: number } {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    })
    formats.set(zone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]))
  return {
    minute: Number(parts['hour']) * 60 + Number(parts['minute']),
    weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(parts['weekday'] ?? '') + 1,
  }
}

/** What quiet hours mean, said once more: begun today, or begun yesterday and not ended. */
function isQuiet(
  { from, to, weekdays = [1, 2, 3, 4, 5, 6, 7] }: QuietHours,
  zone: string,
  ms: number,
): boolean {
  const { minute, weekday } = wallClock(zone, ms)
  const at = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
  const yesterday = weekday === 1 ? 7 : weekday - 1
  if (at(from) < at(to)) return weekdays.includes(weekday) && minute >= at(from) && minute < at(to)
  return (
    (weekdays.includes(weekday) && minute >= at(from)) || (weekdays.includes(yesterday) && minute < at(to))
  )
}

const anyClock = fc
  .integer({ min: 0, max: 95 })
  .map(
    (quarter) =>
      `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`,
  )
const anyQuiet: fc.Arbitrary<QuietHours> = fc
  .record({
    from: anyClock,
    to: anyClock,
    weekdays: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), { nil: undefined }),
  })
  .filter(({ from, to }) => from !== to)
const anyPlaceInTime = fc
  .constantFrom(...ZONES.filter((zone) => changesOf(zone).length > 0))
  .chain((zone) => fc.record({ zone: fc.constant(zone), change: fc.constantFrom(...changesOf(zone)) }))

/** The first quarter hour at or after an instant that is not quiet, by looking at each. */
function bySearch(quiet: QuietHours, zone: string, fromMs: number): number | null {
  if (!isQuiet(quiet, zone, fromMs)) return fromMs
  const first = Math.ceil(fromMs / QUARTER_MS) * QUARTER_MS
  for (let step = 0; step < 9 * 96; step++)
    if (!isQuiet(quiet, zone, first + step * QUARTER_MS)) return first + step * QUARTER_MS
  return null
}

describe('by property', () => {
  test('CS-018.3 in every zone and around every clock change of 2026–2028 the usual quiet hours end at the first minute that is not quiet', () => {
    const quiet: QuietHours = { from: '21:00', to: '08:00' }
    for (const zone of ZONES) {
      const constraints: Constraint[] = [{ zone, rules: [quietRule(quiet)] }]
      const changes = changesOf(zone)
      for (const change of changes.length > 0 ? changes : [Date.UTC(2027, 2, 28)])
        for (const hours of [-14, -6, -1, 0, 1, 5]) {
          const due = change + hours * 3_600_000 + 7 * 60_000
          expect({ zone, due, at: nextAllowed(constraints, new Date(due))?.getTime() }).toEqual({
            zone,
            due,
            at: bySearch(quiet, zone, due),
          })
        }
    }
  })

  test('CS-010.3 in every zone and around every clock change of 2026–2028 a send window, by day or over midnight, opens at its first minute', () => {
    for (const window of [
      { from: '09:00', to: '18:00' },
      { from: '22:00', to: '02:30' },
    ]) {
      // What lies outside a window is quiet.
      const outside: QuietHours = { from: window.to, to: window.from }
      for (const zone of ZONES) {
        const constraints: Constraint[] = [{ zone, rules: [windowRule(window)] }]
        const changes = changesOf(zone)
        for (const change of changes.length > 0 ? changes : [Date.UTC(2027, 9, 31)])
          for (const hours of [-14, -6, -1, 0, 1, 5]) {
            const due = change + hours * 3_600_000 + 7 * 60_000
            expect({ zone, due, at: nextAllowed(constraints, new Date(due))?.getTime() }).toEqual({
              zone,
              due,
              at: bySearch(outside, zone, due),
            })
          }
      }
    }
  })

  test('CS-018.3 FR-004.7 whatever the quiet hours: never inside them, never before it is due, never later than needed, and the same when asked again', () => {
    fc.assert(
      fc.property(
        anyPlaceInTime,
        anyQuiet,
        fc.integer({ min: -30 * 3_600_000, max: 30 * 3_600_000 }),
        ({ zone, change }, quiet, offset) => {
          const constraints: Constraint[] = [{ zone, rules: [quietRule(quiet)] }]
          const due = change + offset
          const at = nextAllowed(constraints, new Date(due))?.getTime() ?? null
          const found = bySearch(quiet, zone, due)
          expect(at).toBe(found)
          if (at === null) return true
          const until = allowedUntil(constraints, new Date(at))?.getTime() ?? null
          expect({
            isInTime: at >= due,
            hindrance: hindranceAt(constraints, new Date(at)),
            again: nextAllowed(constraints, new Date(at))?.getTime(),
            endsThere:
              until === null || (isQuiet(quiet, zone, until) && !isQuiet(quiet, zone, until - 60_000)),
          }).toEqual({ isInTime: true, hindrance: null, again: at, endsThere: true })
          return true
        },
      ),
      { numRuns: 1_500 },
    )
  })

  test('several zones and rules at once: allowed by all of them, and nothing between is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...ZONES), { minLength: 2, maxLength: 4 }),
        fc.tuple(anyClock, anyClock).filter(([from, to]) => from !== to),
        anyQuiet,
        fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 11, 30) }),
        (zones, [from, to], quiet, due) => {
          const constraints = zones.map((zone) => ({
            zone,
            rules: [windowRule({ from, to }), quietRule(quiet)],
          }))
          const isFree = (ms: number): boolean => hindranceAt(constraints, new Date(ms)) === null
          const at = nextAllowed(constraints, new Date(due))?.getTime() ?? null
          expect(at === null || isFree(at)).toBe(true)
          const first = Math.ceil(due / QUARTER_MS) * QUARTER_MS
          for (
            let ms = first;
            ms < (at ?? first + 2 * 86_400_000) && ms < first + 2 * 86_400_000;
            ms += QUARTER_MS
          )
            expect(isFree(ms)).toBe(false)
        },
      ),
      { numRuns: 120 },
    )
  })

  test('the earlier edge is allowed, not after it is due, and not in the past', () => {
    fc.assert(
      fc.property(
        anyPlaceInTime,
        anyQuiet,
        fc.integer({ min: -30 * 3_600_000, max: 30 * 3_600_000 }),
        ({ zone, change }, quiet, offset) => {
          const constraints: Constraint[] = [{ zone, rules: [quietRule(quiet)] }]
          const due = new Date(change + offset)
          const floor = new Date(due.getTime() - 86_400_000)
          const at = lastAllowed(constraints, due, floor)
          if (at === null) return true
          expect(at <= due && at >= floor).toBe(true)
          expect(isQuiet(quiet, zone, at.getTime())).toBe(false)
          const next = Math.ceil((at.getTime() + 60_000) / QUARTER_MS) * QUARTER_MS
          for (let ms = next; ms <= due.getTime(); ms += QUARTER_MS)
            expect(isQuiet(quiet, zone, ms)).toBe(true)
          return true
        },
      ),
      { numRuns: 500 },
    )
  })

  test('every zone of the runtime is known', () => {
    expect(ZONES.filter((zone) => !isZone(zone))).toEqual([])
  })
})

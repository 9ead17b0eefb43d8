import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCron } from './cron.ts'
import { occurrenceInWords, planInWords } from './plan-words.ts'
import { occurrencesAfter, type Recurrence, type Repeat } from './recurrence.ts'

const plan = (at: string, repeat: Repeat | null, more: Partial<Recurrence> = {}): Recurrence => ({
  at,
  timeZone: 'Europe/Paris',
  clock: 'zone',
  repeat,
  endsOn: null,
  ...more,
})
const instants = (recurrence: Recurrence, after: string, limit = 3): string[] =>
  occurrencesAfter(recurrence, new Date(after), limit).map(({ at }) => at.toISOString())
const DAILY: Repeat = { kind: 'daily', every: 1 }

describe('the nights of the clock change', () => {
  test('PC-31 CS-008.2 a daily run at a time that is skipped happens once that day, moved forward', () => {
    const forms: Recurrence[] = [
      plan('2027-03-01T02:30', DAILY),
      plan('2027-03-01T00:00', { kind: 'cron', expression: '30 2 * * *' }),
    ]
    for (const daily of forms)
      expect(instants(daily, '2027-03-26T12:00:00Z')).toEqual([
        '2027-03-27T01:30:00.000Z',
        '2027-03-28T01:30:00.000Z',
        '2027-03-29T00:30:00.000Z',
      ])
  })

  test('PC-32 CS-008.2 a daily run at a time that comes twice happens once, at the first', () => {
    const forms: Recurrence[] = [
      plan('2027-10-01T02:30', DAILY),
      plan('2027-10-01T00:00', { kind: 'cron', expression: '30 2 * * *' }),
    ]
    for (const daily of forms)
      expect(instants(daily, '2027-10-29T12:00:00Z')).toEqual([
        '2027-10-30T00:30:00.000Z',
        '2027-10-31T00:30:00.000Z',
        '2027-11-01T01:30:00.000Z',
      ])
  })

  test('FR-004.2 in every zone a daily plan has exactly one run for each day of 2026–2028, in order, also when asked from its last run on', () => {
    const days = Array.from({ length: 1_095 }, (_, day) =>
      Temporal.PlainDate.from('2026-01-02').add({ days: day }).toString(),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
        fc.integer({ min: 0, max: 1_439 }),
        (timeZone, minute) => {
          const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
          const daily = plan(`2026-01-02T${clock}`, DAILY, { timeZone })
          const runs = occurrencesAfter(daily, new Date('2025-12-30T00:00:00Z'), days.length)
          expect(runs.map(({ wall }) => wall.slice(0, 10))).toEqual(days)
          expect(runs.filter(({ at }, n) => n > 0 && at <= (runs[n - 1]?.at ?? at))).toEqual([])
          expect(occurrencesAfter(daily, runs[700]?.at ?? new Date(0), 1)[0]).toEqual(runs[701])
        },
      ),
      { numRuns: 60 },
    )
  })

  test('FR-004.2 in every zone, at each clock change of 2026–2028, a daily plan at that very time runs once, at the first instant that shows it or, where none does, at the one that stands for it', () => {
    for (const timeZone of Intl.supportedValuesOf('timeZone')) {
      let change = Temporal.Instant.from('2026-01-03T00:00:00Z')
        .toZonedDateTimeISO(timeZone)
        .getTimeZoneTransition('next')
      while (change && change.year <= 2028) {
        const before = change.subtract({ nanoseconds: 1 })
        const shift = change.offsetNanoseconds - before.offsetNanoseconds
        // A wall time within the skipped, or the repeated, part of the clock.
        const wall = before
          .toPlainDateTime()
          .add({ nanoseconds: 1 })
          .add({ nanoseconds: shift / 2 })
          .toString({ smallestUnit: 'minute' })
        const day = wall.slice(0, 10)
        const daily = plan(`2026-01-01T${wall.slice(11)}`, DAILY, { timeZone })
        const after = Temporal.PlainDate.from(day).subtract({ days: 3 }).toString()
        const runs = occurrencesAfter(daily, new Date(`${after}T00:00:00Z`), 8).filter((run) =>
          run.wall.startsWith(day),
        )
        expect({ timeZone, wall, runs: runs.length }).toEqual({ timeZone, wall, runs: 1 })
        const at = runs[0]?.at.getTime() ?? 0
        const middleMs = change.epochMilliseconds + shift / 2e6
        // Skipped: as long after the change as it would have been. Repeated: on the first pass, before the change.
        expect({ timeZone, wall, at }).toEqual({ timeZone, wall, at: Math.floor(middleMs / 60_000) * 60_000 })
        change = change.getTimeZoneTransition('next')
      }
    }
  })
})

/** Clock changes of a zone in 2026–2028; some spring day for zones that have none. */
function changesOf(timeZone: string): Temporal.ZonedDateTime[] {
  const first = Temporal.Instant.from('2026-01-10T00:00:00Z').toZonedDateTimeISO(timeZone)
  const changes: Temporal.ZonedDateTime[] = []
  for (
    let at = first.getTimeZoneTransition('next');
    at && at.year <= 2028;
    at = at.getTimeZoneTransition('next')
  )
    changes.push(at)
  return changes.length > 0 ? changes : [first.with({ month: 3, day: 28 })]
}

test('CS-008.2 FR-004.2 in every zone, around each clock change of 2026–2028, weekly, monthly and cron plans run at the very instants of a daily plan on their days', () => {
  for (const timeZone of Intl.supportedValuesOf('timeZone'))
    for (const change of changesOf(timeZone)) {
      const after = new Date(change.subtract({ days: 4 }).epochMilliseconds)
      const until = new Date(change.add({ days: 9 }).epochMilliseconds)
      // The hour in which most zones change their clocks.
      const runsOf = (repeat: Recurrence['repeat']): string[] =>
        occurrencesAfter(plan('2026-01-01T02:30', repeat, { timeZone }), after, 14)
          .filter(({ at }) => at <= until)
          .map(({ wall, at }) => `${wall} ${at.toISOString()}`)
      const daily = runsOf(DAILY)
      const on = (isOn: (day: Temporal.PlainDate) => boolean): string[] =>
        daily.filter((run) => isOn(Temporal.PlainDate.from(run.slice(0, 10))))
      const { day, dayOfWeek } = change.toPlainDate()
      const actual = {
        isDaily: daily.length >= 12,
        weekly: runsOf({ kind: 'weekly', every: 1, weekdays: [dayOfWeek] }),
        monthly: runsOf({ kind: 'monthly', every: 1, day }),
        cron: runsOf({ kind: 'cron', expression: `30 2 * * ${dayOfWeek}` }),
      }
      expect({ timeZone, ...actual }).toEqual({
        timeZone,
        isDaily: true,
        weekly: on((found) => found.dayOfWeek === dayOfWeek),
        monthly: on((found) => found.day === Math.min(day, found.daysInMonth)),
        cron: on((found) => found.dayOfWeek === dayOfWeek),
      })
    }
})

describe('calendars', () => {
  test('CS-008.1 a plan without repetition happens once', () => {
    expect(instants(plan('2027-01-05T09:00', null), '2027-01-01T00:00:00Z')).toEqual([
      '2027-01-05T08:00:00.000Z',
    ])
    expect(instants(plan('2027-01-05T09:00', null), '2027-01-05T08:00:00Z')).toEqual([])
  })

  test('CB-6.3 CS-008.2 weekly: the chosen days, every second week counted from the first', () => {
    const weekly = plan('2027-01-06T09:00', { kind: 'weekly', every: 2, weekdays: [1, 3] })
    expect(occurrencesAfter(weekly, new Date('2027-01-01T00:00:00Z'), 4).map(({ wall }) => wall)).toEqual([
      '2027-01-06T09:00',
      '2027-01-18T09:00',
      '2027-01-20T09:00',
      '2027-02-01T09:00',
    ])
  })

  test('CB-6.3 CS-008.2 monthly: a day that a month lacks is its last', () => {
    const monthly = plan('2027-12-31T09:00', { kind: 'monthly', every: 1, day: 31 })
    expect(
      occurrencesAfter(monthly, new Date('2027-12-01T00:00:00Z'), 5).map(({ wall }) => wall.slice(0, 10)),
    ).toEqual(['2027-12-31', '2028-01-31', '2028-02-29', '2028-03-31', '2028-04-30'])
  })

  test('CS-008.2 monthly by weekday: the last Friday', () => {
    const last = plan('2027-01-01T09:00', { kind: 'monthly_weekday', every: 1, nth: -1, weekday: 5 })
    expect(
      occurrencesAfter(last, new Date('2027-01-01T00:00:00Z'), 3).map(({ wall }) => wall.slice(0, 10)),
    ).toEqual(['2027-01-29', '2027-02-26', '2027-03-26'])
  })

  test('a plan ends on its last day', () => {
    const ending = plan('2027-01-01T09:00', DAILY, { endsOn: '2027-01-02' })
    expect(instants(ending, '2026-12-01T00:00:00Z', 9)).toHaveLength(2)
  })

  test('CS-008.3 in each recipient’s time a run begins when the first clock anywhere shows it', () => {
    expect(instants(plan('2027-01-05T09:00', null, { clock: 'recipient' }), '2027-01-01T00:00:00Z')).toEqual([
      '2027-01-04T19:00:00.000Z',
    ])
  })
})

describe('cron expressions', () => {
  const days = (expression: string, limit = 3): string[] =>
    occurrencesAfter(
      plan('2027-01-01T00:00', { kind: 'cron', expression }),
      new Date('2026-12-31T23:00:00Z'),
      limit,
    ).map(({ wall }) => wall)

  test('FR-004.2 lists, ranges, steps, names and macros are understood', () => {
    expect(days('15 9,17 * * mon-fri')).toEqual(['2027-01-01T09:15', '2027-01-01T17:15', '2027-01-04T09:15'])
    expect(days('0 9 1-7/3 * *')).toEqual(['2027-01-01T09:00', '2027-01-04T09:00', '2027-01-07T09:00'])
    expect(days('0 9 L * *', 2)).toEqual(['2027-01-31T09:00', '2027-02-28T09:00'])
    expect(days('0 9 * JUL,DEC sun', 1)).toEqual(['2027-07-04T09:00'])
    expect(days('@weekly', 1)).toEqual(['2027-01-03T00:00'])
    expect(days('0 9 29 2 *', 1)).toEqual(['2028-02-29T09:00'])
  })

  test('a day matches by either of its fields when both are given, as in cron', () => {
    expect(days('0 9 13 * fri', 4)).toEqual([
      '2027-01-01T09:00',
      '2027-01-08T09:00',
      '2027-01-13T09:00',
      '2027-01-15T09:00',
    ])
  })

  test('what is no expression, and what would run all the time, is refused', () => {
    for (const bad of [
      '',
      '* * *',
      '60 9 * * *',
      '0 24 * * *',
      '0 9 0 * *',
      '0 9 * 13 *',
      '0 9 * * 8',
      'a b c d e',
      '5-1 9 * * *',
      '*/0 9 * * *',
      '* * * * *',
      '0 9 * * * *',
    ])
      expect({ bad, cron: parseCron(bad) }).toEqual({ bad, cron: null })
  })

  test('an expression that names no day has no run', () => {
    expect(days('0 9 31 2 *')).toEqual([])
  })
})

describe('in words', () => {
  test('CS-008.2 plans read as people say them, in both languages', () => {
    const weekly = plan(
      '2027-01-06T09:00',
      { kind: 'weekly', every: 1, weekdays: [4, 1] },
      { endsOn: '2027-06-01' },
    )
    expect(planInWords(weekly, 'en')).toBe(
      'Every Monday and Thursday at 09:00, Europe/Paris time, until June 1, 2027',
    )
    expect(planInWords(weekly, 'fr')).toBe(
      'Chaque lundi et jeudi à 09:00, heure d’Europe/Paris, jusqu’au 1er juin 2027',
    )
    expect(planInWords(plan('2027-01-06T09:00', null, { clock: 'recipient' }), 'en')).toBe(
      'Once, on January 6, 2027 at 09:00, in each recipient’s own time',
    )
  })

  test('PC-31 PC-32 a run that a clock change touches says so', () => {
    const daily = plan('2027-03-01T02:30', DAILY)
    const on = (after: string) => {
      const [next] = occurrencesAfter(daily, new Date(after), 1)
      return next && occurrenceInWords(daily, next, 'en')
    }
    expect(on('2027-03-27T12:00:00Z')).toEqual({
      text: 'Sunday, March 28, 2027 at 03:30',
      note: 'Clocks go forward that night: there is no 02:30.',
    })
    expect(on('2027-10-30T12:00:00Z')?.note).toContain('the first is meant')
    expect(on('2027-10-31T12:00:00Z')?.note).toBeNull()
  })

  test('CS-008.3 a run by the clock of recipients is said as theirs, with when it begins where that has passed', () => {
    const theirs = plan('2027-01-06T18:00', null, { clock: 'recipient' })
    const said = (at: string, locale: 'en' | 'fr') =>
      occurrenceInWords(theirs, { wall: theirs.at, at: new Date(at) }, locale)
    expect(said('2027-01-06T04:00:00Z', 'en')).toEqual({
      text: 'Wednesday, January 6, 2027 at 18:00',
      note: null,
    })
    expect(said('2027-01-06T09:05:00Z', 'en')).toEqual({
      text: 'Wednesday, January 6, 2027 at 18:00',
      note: 'People whose clock shows it already get it from Wednesday, January 6, 2027 at 10:05 on, Europe/Paris time.',
    })
    expect(said('2027-01-06T09:05:00Z', 'fr').note).toBe(
      'Les personnes dont l’horloge l’affiche déjà le reçoivent à partir du mercredi 6 janvier 2027 à 10:05, heure d’Europe/Paris.',
    )
  })
})

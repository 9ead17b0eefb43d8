/**
 * Public holidays, computed: dates of each country from the law that names them. Data, not code: a country is a list of
 * rules with its source. Nationwide days only, and regional ones where a region is named. Pure.
 */

/** How a holiday's day is found. */
export type HolidayRule =
  /** The same day every year, `MM-DD`. */
  | { on: `${number}-${number}` }
  /** Days after Easter Sunday of the western churches. */
  | { easter: number }
  /** The nth weekday (1 Monday … 7 Sunday) of a month; -1 is the last. */
  | { nth: number; weekday: number; month: number }
  /** The last such weekday on or before a day, `MM-DD`. */
  | { weekday: number; onOrBefore: `${number}-${number}` }

export interface Holiday {
  name: string
  rule: HolidayRule
  /**
   * Where the free day goes when it falls on a weekend: `weekday_next` to the next day that is not free,
   * `nearest` Saturday to Friday and Sunday to Monday. The day itself stays a holiday.
   */
  moved?: 'weekday_next' | 'nearest'
  /** ISO 3166-2 regions in which alone it holds. */
  regions?: readonly string[]
}

interface CountryHolidays {
  /** The law or the authority that names the days. */
  source: string
  /** When the list was last compared with it. */
  reviewedOn: string
  days: readonly Holiday[]
}

const NEW_YEAR: Holiday = { name: 'New Year’s Day', rule: { on: '01-01' } }
const EPIPHANY: Holiday = { name: 'Epiphany', rule: { on: '01-06' } }
const GOOD_FRIDAY: Holiday = { name: 'Good Friday', rule: { easter: -2 } }
const EASTER: Holiday = { name: 'Easter Sunday', rule: { easter: 0 } }
const EASTER_MONDAY: Holiday = { name: 'Easter Monday', rule: { easter: 1 } }
const LABOUR_DAY: Holiday = { name: 'Labour Day', rule: { on: '05-01' } }
const ASCENSION: Holiday = { name: 'Ascension Day', rule: { easter: 39 } }
const WHIT_SUNDAY: Holiday = { name: 'Whit Sunday', rule: { easter: 49 } }
const WHIT_MONDAY: Holiday = { name: 'Whit Monday', rule: { easter: 50 } }
const CORPUS_CHRISTI: Holiday = { name: 'Corpus Christi', rule: { easter: 60 } }
const ASSUMPTION: Holiday = { name: 'Assumption of Mary', rule: { on: '08-15' } }
const ALL_SAINTS: Holiday = { name: 'All Saints’ Day', rule: { on: '11-01' } }
const IMMACULATE: Holiday = { name: 'Immaculate Conception', rule: { on: '12-08' } }
const CHRISTMAS: Holiday = { name: 'Christmas Day', rule: { on: '12-25' } }
const SECOND_CHRISTMAS: Holiday = { name: 'Second Day of Christmas', rule: { on: '12-26' } }

/** Holidays by country (ISO 3166-1). A country that is absent has none that we know of. */
export const HOLIDAYS: Readonly<Record<string, CountryHolidays>> = {
  FR: {
    source: 'Code du travail, art. L3133-1; Alsace-Moselle: art. L3134-13',
    reviewedOn: '2026-11-20',
    days: [
      NEW_YEAR,
      EASTER_MONDAY,
      LABOUR_DAY,
      { name: 'Victory Day', rule: { on: '05-08' } },
      ASCENSION,
      WHIT_MONDAY,
      { name: 'National Day', rule: { on: '07-14' } },
      ASSUMPTION,
      ALL_SAINTS,
      { name: 'Armistice Day', rule: { on: '11-11' } },
      CHRISTMAS,
      { ...GOOD_FRIDAY, regions: ['FR-57', 'FR-67', 'FR-68'] },
      { ...SECOND_CHRISTMAS, regions: ['FR-57', 'FR-67', 'FR-68'] },
    ],
  },
  BE: {
    source: 'Arrêté royal du 18 avril 1974 (jours fériés)',
    reviewedOn: '2026-11-20',
    days: [
      NEW_YEAR,
      EASTER_MONDAY,
      LABOUR_DAY,
      ASCENSION,
      WHIT_MONDAY,
      { name: 'National Day', rule: { on: '07-21' } },
      ASSUMPTION,
      ALL_SAINTS,
      { name: 'Armistice Day', rule: { on: '11-11' } },
      CHRISTMAS,
    ],
  },
  LU: {
    source: 'Code du travail, art. L.232-2',
    reviewedOn: '2026-11-20',
    days: [
      NEW_YEAR,
      EASTER_MONDAY,
      LABOUR_DAY,
      { name: 'Europe Day', rule: { on: '05-09' } },
      ASCENSION,
      WHIT_MONDAY,
      { name: 'National Day', rule: { on: '06-23' } },
      ASSUMPTION,
      ALL_SAINTS,
      CHRISTMAS,
      SECOND_CHRISTMAS,
    ],
  },
  CH: {
    source: 'Nationwide by practice: Bundesverfassung art. 110(3) and the days that all cantons keep',
    reviewedOn: '2026-11-20',
    days: [NEW_YEAR, ASCENSION, { name: 'National Day', rule: { on: '08-01' } }, CHRISTMAS],
  },
  DE: {
    source: 'Feiertagsgesetze der Länder (days of all Länder); Einigungsvertrag art. 2(2)',
    reviewedOn: '2026-11-20',
    days: [
      NEW_YEAR,
      GOOD_FRIDAY,
      EASTER_MONDAY,
      LABOUR_DAY,
      ASCENSION,
      WHIT_MONDAY,
      { name: 'German Unity Day', rule: { on: '10-03' } },
      CHRISTMAS,
      SECOND_CHRISTMAS,
      { ...EPIPHANY, regions: ['DE-BW', 'DE-BY', 'DE-ST'] },
      {
        ...CORPUS_CHRISTI,
        regions: ['DE-BW', 'DE-BY', 'DE-HE', 'DE-NW', 'DE-RP', 'DE-SL'],
      },
      { ...ALL_SAINTS, regions: ['DE-BW', 'DE-BY', 'DE-NW', 'DE-RP', 'DE-SL'] },
    ],
  },
  AT: {
    source: 'Arbeitsruhegesetz § 7',
    reviewedOn: '2026-11-20',
    days: [
      NEW_YEAR,
      EPIPHANY,
      EASTER_MONDAY,
      LABOUR_DAY,
      ASCENSION,
      WHIT_MONDAY,
      CORPUS_CHRISTI,
      ASSUMPTION,
      { name: 'National Day', rule: { on: '10-26' } },
      ALL_SAINTS,
      IMMACULATE,
      CHRISTMAS,
      SECOND_CHRISTMAS,
    ],
  },
  ES: {
    source: 'Estatuto de los Trabajadores art. 37.2, RD 2001/1983 art. 45 (days of all communities)',
    reviewedOn: '2026-11-20',
    days: [
      NEW_YEAR,
      EPIPHANY,
      GOOD_FRIDAY,
      LABOUR_DAY,
      ASSUMPTION,
      { name: 'National Day', rule: { on: '10-12' } },
      ALL_SAINTS,
      { name: 'Constitution Day', rule: { on: '12-06' } },
      IMMACULATE,
      CHRISTMAS,
    ],
  },
  IT: {
    source: 'Legge 260/1949; Saint Francis from 2026 by Legge 151/2025',
    reviewedOn: '2026-11-20',
    days: [
      NEW_YEAR,
      EPIPHANY,
      EASTER,
      EASTER_MONDAY,
      { name: 'Liberation Day', rule: { on: '04-25' } },
      LABOUR_DAY,
      { name: 'Republic Day', rule: { on: '06-02' } },
      ASSUMPTION,
      { name: 'Saint Francis', rule: { on: '10-04' } },
      ALL_SAINTS,
      IMMACULATE,
      CHRISTMAS,
      SECOND_CHRISTMAS,
    ],
  },
  PT: {
    source: 'Código do Trabalho art. 234',
    reviewedOn: '2026-11-20',
    days: [
      NEW_YEAR,
      GOOD_FRIDAY,
      EASTER,
      { name: 'Freedom Day', rule: { on: '04-25' } },
      LABOUR_DAY,
      CORPUS_CHRISTI,
      { name: 'Portugal Day', rule: { on: '06-10' } },
      ASSUMPTION,
      { name: 'Republic Day', rule: { on: '10-05' } },
      ALL_SAINTS,
      { name: 'Restoration Day', rule: { on: '12-01' } },
      IMMACULATE,
      CHRISTMAS,
    ],
  },
  NL: {
    source: 'Algemene termijnenwet art. 3',
    reviewedOn: '2026-11-20',
    days: [
      NEW_YEAR,
      EASTER,
      EASTER_MONDAY,
      { name: 'King’s Day', rule: { on: '04-27' } },
      ASCENSION,
      WHIT_SUNDAY,
      WHIT_MONDAY,
      CHRISTMAS,
      SECOND_CHRISTMAS,
    ],
  },
  PL: {
    source: 'Ustawa o dniach wolnych od pracy (1951); Christmas Eve from 2025',
    reviewedOn: '2026-11-20',
    days: [
      NEW_YEAR,
      EPIPHANY,
      EASTER,
      EASTER_MONDAY,
      LABOUR_DAY,
      { name: 'Constitution Day', rule: { on: '05-03' } },
      WHIT_SUNDAY,
      CORPUS_CHRISTI,
      ASSUMPTION,
      ALL_SAINTS,
      { name: 'Independence Day', rule: { on: '11-11' } },
      { name: 'Christmas Eve', rule: { on: '12-24' } },
      CHRISTMAS,
      SECOND_CHRISTMAS,
    ],
  },
  IE: {
    source: 'Organisation of Working Time Act 1997, sch. 2',
    reviewedOn: '2026-11-20',
    days: [
      { ...NEW_YEAR, moved: 'weekday_next' },
      { name: 'Saint Brigid’s Day', rule: { nth: 1, weekday: 1, month: 2 } },
      { name: 'Saint Patrick’s Day', rule: { on: '03-17' }, moved: 'weekday_next' },
      EASTER_MONDAY,
      { name: 'May Day', rule: { nth: 1, weekday: 1, month: 5 } },
      { name: 'June Holiday', rule: { nth: 1, weekday: 1, month: 6 } },
      { name: 'August Holiday', rule: { nth: 1, weekday: 1, month: 8 } },
      { name: 'October Holiday', rule: { nth: -1, weekday: 1, month: 10 } },
      { ...CHRISTMAS, moved: 'weekday_next' },
      { name: 'Saint Stephen’s Day', rule: { on: '12-26' }, moved: 'weekday_next' },
    ],
  },
  GB: {
    source: 'Banking and Financial Dealings Act 1971 (England and Wales)',
    reviewedOn: '2026-11-20',
    days: [
      { ...NEW_YEAR, moved: 'weekday_next' },
      GOOD_FRIDAY,
      EASTER_MONDAY,
      { name: 'Early May Bank Holiday', rule: { nth: 1, weekday: 1, month: 5 } },
      { name: 'Spring Bank Holiday', rule: { nth: -1, weekday: 1, month: 5 } },
      { name: 'Summer Bank Holiday', rule: { nth: -1, weekday: 1, month: 8 } },
      { ...CHRISTMAS, moved: 'weekday_next' },
      { name: 'Boxing Day', rule: { on: '12-26' }, moved: 'weekday_next' },
    ],
  },
  US: {
    source: '5 U.S.C. § 6103',
    reviewedOn: '2026-11-20',
    days: [
      { ...NEW_YEAR, moved: 'nearest' },
      { name: 'Martin Luther King Jr. Day', rule: { nth: 3, weekday: 1, month: 1 } },
      { name: 'Washington’s Birthday', rule: { nth: 3, weekday: 1, month: 2 } },
      { name: 'Memorial Day', rule: { nth: -1, weekday: 1, month: 5 } },
      { name: 'Juneteenth', rule: { on: '06-19' }, moved: 'nearest' },
      { name: 'Independence Day', rule: { on: '07-04' }, moved: 'nearest' },
      { name: 'Labor Day', rule: { nth: 1, weekday: 1, month: 9 } },
      { name: 'Columbus Day', rule: { nth: 2, weekday: 1, month: 10 } },
      { name: 'Veterans Day', rule: { on: '11-11' }, moved: 'nearest' },
      { name: 'Thanksgiving', rule: { nth: 4, weekday: 4, month: 11 } },
      { ...CHRISTMAS, moved: 'nearest' },
    ],
  },
  CA: {
    source: 'Canada Labour Code, s. 166 (general holidays)',
    reviewedOn: '2026-11-20',
    days: [
      NEW_YEAR,
      GOOD_FRIDAY,
      { name: 'Victoria Day', rule: { weekday: 1, onOrBefore: '05-24' } },
      { name: 'Canada Day', rule: { on: '07-01' } },
      { name: 'Labour Day', rule: { nth: 1, weekday: 1, month: 9 } },
      { name: 'National Day for Truth and Reconciliation', rule: { on: '09-30' } },
      { name: 'Thanksgiving', rule: { nth: 2, weekday: 1, month: 10 } },
      { name: 'Remembrance Day', rule: { on: '11-11' } },
      CHRISTMAS,
      { name: 'Boxing Day', rule: { on: '12-26' } },
    ],
  },
  AU: {
    source: 'Fair Work Act 2009, s. 115 (days of all states)',
    reviewedOn: '2026-11-20',
    days: [
      { ...NEW_YEAR, moved: 'weekday_next' },
      { name: 'Australia Day', rule: { on: '01-26' }, moved: 'weekday_next' },
      GOOD_FRIDAY,
      EASTER_MONDAY,
      { name: 'Anzac Day', rule: { on: '04-25' } },
      { ...CHRISTMAS, moved: 'weekday_next' },
      { name: 'Boxing Day', rule: { on: '12-26' }, moved: 'weekday_next' },
    ],
  },
}

/** Countries times years that are kept computed. */
const CACHE_MAX = 500
const computed = new Map<string, ReadonlyMap<string, string>>()

/**
 * The holiday that a day is in a country, by name; null when it is none.
 * @param date `YYYY-MM-DD`
 * @param region ISO 3166-2, null when unknown: days of single regions then do not count
 */
export function holidayOn(country: string, region: string | null, date: string): string | null {
  const year = Number(date.slice(0, 4))
  const key = `${country}:${region ?? ''}:${year}`
  let days = computed.get(key)
  if (!days) {
    if (computed.size >= CACHE_MAX) computed.clear()
    days = holidaysOf(country, region, year)
    computed.set(key, days)
  }
  return days.get(date) ?? null
}

/** A year's holidays by date, the days on which moved ones are kept included. */
export function holidaysOf(country: string, region: string | null, year: number): Map<string, string> {
  const days = new Map<string, string>()
  const moved: { holiday: Holiday; day: Temporal.PlainDate }[] = []
  // A holiday of next January may be kept in this December.
  for (const ofYear of [year, year + 1])
    for (const holiday of HOLIDAYS[country]?.days ?? []) {
      if (holiday.regions && !(region !== null && holiday.regions.includes(region))) continue
      const day = dayOf(holiday.rule, ofYear)
      days.set(day.toString(), holiday.name)
      if (holiday.moved && day.dayOfWeek >= 6) moved.push({ holiday, day })
    }
  for (const { holiday, day } of moved) {
    const kept = holiday.moved === 'nearest' ? nearestWeekday(day) : nextFree(day, days)
    if (!days.has(kept.toString())) days.set(kept.toString(), `${holiday.name} (observed)`)
  }
  return new Map([...days].filter(([date]) => date.startsWith(`${year}-`)))
}

function dayOf(rule: HolidayRule, year: number): Temporal.PlainDate {
  if ('easter' in rule) return easterSunday(year).add({ days: rule.easter })
  if ('onOrBefore' in rule) {
    const last = Temporal.PlainDate.from(`${year}-${rule.onOrBefore}`)
    return last.subtract({ days: (last.dayOfWeek - rule.weekday + 7) % 7 })
  }
  if ('nth' in rule) return nthWeekday(year, rule.month, rule.weekday, rule.nth)
  return Temporal.PlainDate.from(`${year}-${rule.on}`)
}

/** The nth weekday of a month; -1 is the last. */
export function nthWeekday(year: number, month: number, weekday: number, nth: number): Temporal.PlainDate {
  const first = Temporal.PlainDate.from({ year, month, day: 1 })
  if (nth > 0) return first.add({ days: ((weekday - first.dayOfWeek + 7) % 7) + (nth - 1) * 7 })
  const last = first.add({ months: 1 }).subtract({ days: 1 })
  return last.subtract({ days: (last.dayOfWeek - weekday + 7) % 7 })
}

/** Easter Sunday of the western churches. Source: the computus of Meeus, Jones and Butcher */
export function easterSunday(year: number): Temporal.PlainDate {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const d = Math.floor(b / 4)
  const e = b % 4
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - d - g + 15) % 30
  const i = Math.floor(c / 4)
  const k = c % 4
  const l = (32 + 2 * e + 2 * i - h - k) % 7
  const m = Math.floor((a + 11 * h + 19 * l) / 433)
  const month = Math.floor((h + l - 7 * m + 90) / 25)
  const day = (h + l - 7 * m + 33 * month + 19) % 32
  return Temporal.PlainDate.from({ year, month, day })
}

const nearestWeekday = (day: Temporal.PlainDate): Temporal.PlainDate =>
  day.dayOfWeek === 6 ? day.subtract({ days: 1 }) : day.add({ days: 1 })

function nextFree(day: Temporal.PlainDate, taken: ReadonlyMap<string, string>): Temporal.PlainDate {
  let next = day.add({ days: 1 })
  while (next.dayOfWeek >= 6 || taken.has(next.toString())) next = next.add({ days: 1 })
  return next
}

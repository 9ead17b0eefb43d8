/**
 * Where a contact is, as far as its clock and its law are concerned: the zones it may be in, the countries, the region,
 * and how we know. Pure.
 */
import { COUNTRIES, countriesOfNumber } from './numbering.ts'

/** What a contact's record says about its place. */
export interface PlaceFacts {
  /** IANA zone of its own, as somebody stated it. */
  timeZone: string | null
  /** The zone that its browser or app showed last. */
  seenTimeZone: string | null
  /** ISO 3166-1. */
  country: string | null
  /** In international form; its beginning is enough. */
  phone: string | null
  /** ISO 3166-2 (`US-TX`), or its last part when the country is known. */
  region: string | null
}

/** How the zone of a contact's clock may be known, the surest first. Source: design §5 Time */
export type ZoneSource = 'own' | 'events' | 'country' | 'phone' | 'organization'

/** What to do about a contact who may be in several zones. */
export type UnknownZone = 'intersect' | 'organization'

/** A contact's place. Contacts of one place are handed over at the same hours. */
export interface Place {
  /** Names the place: equal keys, equal hours. */
  key: string
  /** At least one; several when the contact may be in any of them. */
  zones: readonly string[]
  zoneFrom: ZoneSource
  /** Those whose law may apply; none when nothing is known. */
  countries: readonly string[]
  /** ISO 3166-2, null when unknown. */
  region: string | null
}

/**
 * The place of a contact: its own zone; else the one it was last seen in; else the zones of its country; else those of
 * its number; else the organization's. Zones that show the same time count once.
 */
export function placeOf(
  facts: PlaceFacts,
  organization: { timeZone: string; unknownZone: UnknownZone },
): Place {
  const countries = countriesOf(facts)
  const region = regionOf(facts.region, countries)
  const { zones, zoneFrom } = zonesOf(facts, countries, organization)
  return {
    key: `${zones.join(',')}|${countries.join(',')}|${region ?? ''}`,
    zones,
    zoneFrom,
    countries,
    region,
  }
}

/**
 * The one zone by which a plan in “each recipient’s time” reads a contact’s clock.
 * Source: design §5 Time
 */
export function planningZone(
  facts: PlaceFacts,
  organizationZone: string,
): { zone: string; from: ZoneSource } {
  const { zones, zoneFrom } = placeOf(facts, { timeZone: organizationZone, unknownZone: 'organization' })
  return { zone: zones[0] ?? organizationZone, from: zoneFrom }
}

function zonesOf(
  { timeZone, seenTimeZone, country, phone }: PlaceFacts,
  countries: readonly string[],
  organization: { timeZone: string; unknownZone: UnknownZone },
): { zones: readonly string[]; zoneFrom: ZoneSource } {
  if (timeZone !== null && isZone(timeZone)) return { zones: [timeZone], zoneFrom: 'own' }
  if (seenTimeZone !== null && isZone(seenTimeZone)) return { zones: [seenTimeZone], zoneFrom: 'events' }
  const zones = distinctClocks(countries)
  const isKnown = zones.length === 1 || (zones.length > 1 && organization.unknownZone === 'intersect')
  if (isKnown) return { zones, zoneFrom: country === null && phone !== null ? 'phone' : 'country' }
  return { zones: [organization.timeZone], zoneFrom: 'organization' }
}

/** A record that names its country is believed; a zone narrows what a number leaves open. */
function countriesOf({ timeZone, seenTimeZone, country, phone }: PlaceFacts): readonly string[] {
  if (country !== null) return [country]
  const ofNumber = phone === null ? [] : countriesOfNumber(phone)
  const zone = timeZone ?? seenTimeZone
  if (zone === null) return ofNumber
  const ofZone = countriesOfZone(zone)
  const both = ofNumber.filter((code) => ofZone.includes(code))
  if (both.length > 0) return both
  // Somebody with a number of one country in a zone of another: the law of either may be meant.
  return [...ofNumber, ...ofZone].toSorted()
}

function regionOf(region: string | null, countries: readonly string[]): string | null {
  const text = region?.trim().toUpperCase() ?? ''
  if (/^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(text)) return text
  const [country] = countries
  return country !== undefined && countries.length === 1 && /^[A-Z0-9]{1,3}$/.test(text)
    ? `${country}-${text}`
    : null
}

/** Years over which two zones must agree to count as one clock. */
const COMPARED_FROM = '2026-01-01T00:00:00Z'
const COMPARED_UNTIL = '2029-01-01T00:00:00Z'
const clocksOf = new Map<string, readonly string[]>()

/** Zones of countries, those with the same clock named once: the United States have eight. */
function distinctClocks(countries: readonly string[]): readonly string[] {
  const key = countries.join(',')
  const known = clocksOf.get(key)
  if (known) return known
  const zones = new Map<string, string>()
  for (const zone of countries.flatMap(zonesOfCountry))
    if (!zones.has(clockOf(zone))) zones.set(clockOf(zone), zone)
  const distinct = [...zones.values()]
  clocksOf.set(key, distinct)
  return distinct
}

const clocks = new Map<string, string>()

/** What a zone shows, as text that equal clocks share: its offset at first and every change after. */
function clockOf(zone: string): string {
  const known = clocks.get(zone)
  if (known !== undefined) return known
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.from(COMPARED_FROM).toZonedDateTimeISO(zone)
  const until = Temporal.Instant.from(COMPARED_UNTIL).epochMilliseconds
  const parts: string[] = []
  while (at && at.epochMilliseconds < until) {
    parts.push(`${parts.length === 0 ? 0 : at.epochMilliseconds}:${at.offset}`)
    at = at.getTimeZoneTransition('next')
  }
  const clock = parts.join(' ')
  clocks.set(zone, clock)
  return clock
}

/** The zones of a country, from the region data of the runtime. */
function zonesOfCountry(country: string): readonly string[] {
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & { getTimeZones(): string[] | undefined } // ECMA-402, not yet in the types
  return locale.getTimeZones() ?? []
}

let zoneCountries: ReadonlyMap<string, readonly string[]> | null = null

function countriesOfZone(zone: string): readonly string[] {
  zoneCountries ??= readZoneCountries()
  return zoneCountries.get(regionName(zone, zoneCountries)) ?? []
}

function readZoneCountries(): Map<string, string[]> {
  const countries = new Map<string, string[]>()
  for (const country of COUNTRIES)
    for (const zone of zonesOfCountry(country)) countries.set(zone, [...(countries.get(zone) ?? []), country])
  return countries
}

const regionNames = new Map<string, string>()

/** A zone by the name that the region data uses: Asia/Kolkata is Asia/Calcutta there. */
function regionName(zone: string, known: ReadonlyMap<string, unknown>): string {
  if (known.has(zone) || !isZone(zone)) return zone
  let name = regionNames.get(zone)
  if (name === undefined) {
    const here = Temporal.Instant.from(COMPARED_FROM).toZonedDateTimeISO(zone)
    name = [...known.keys()].find((other) => here.equals(here.withTimeZone(other))) ?? zone
    regionNames.set(zone, name)
  }
  return name
}

const zoneNames = new Map<string, boolean>()

/** Is this the name of a zone that the runtime knows? */
export function isZone(zone: string): boolean {
  const known = zoneNames.get(zone)
  if (known !== undefined) return known
  const is = isNamed(zone)
  zoneNames.set(zone, is)
  return is
}

function isNamed(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

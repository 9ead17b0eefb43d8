/** By which clock contacts live, and how that is known. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { planningZone, type PlaceFacts, type ZoneSource } from './place.ts'
import { selectPlaces, type PlaceRow } from './queries.ts'

/** What contacts' records say of their places, and who is at each. */
export async function placesOf(
  ctx: Ctx,
  ids: readonly ContactId[],
): Promise<{ facts: PlaceFacts; contactIds: ContactId[] }[]> {
  if (ids.length === 0) return []
  const rows = await selectPlaces(ctx, ids)
  return rows.map(({ contactIds, seenTimeZone, ...row }) => ({
    facts: { ...placeFactsOf(row), seenTimeZone: orNull(seenTimeZone) },
    contactIds,
  }))
}

/**
 * The zone of each contact's clock: its own, the one that its browser or app showed last, that of its country or number
 * where there is only one, or else the organization's. Who is no contact is left out.
 * Source: design §5 Time
 */
export async function zonesOf(
  ctx: Ctx,
  ids: readonly ContactId[],
  organizationZone: string,
): Promise<Map<ContactId, { zone: string; from: ZoneSource }>> {
  const places = await placesOf(ctx, ids)
  return new Map(
    places.flatMap(({ facts, contactIds }) => {
      const zone = planningZone(facts, organizationZone)
      return contactIds.map((id) => [id, zone] as const)
    }),
  )
}

/** A row of a place as facts; a zone that was seen stands as the contact's own in it. */
export const placeFactsOf = (row: PlaceRow): PlaceFacts => ({
  timeZone: orNull(row.timeZone),
  seenTimeZone: null,
  country: orNull(row.country),
  phone: orNull(row.phone),
  region: orNull(row.region),
})

const orNull = (text: string): string | null => (text === '' ? null : text)

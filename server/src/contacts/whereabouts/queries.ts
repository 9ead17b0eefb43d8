/** SQL over where contacts are. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { SeenZone } from './seen.ts'

/** What a contact's record says of its place: empty texts for what it does not say. */
export interface PlaceRow {
  timeZone: string
  country: string
  phone: string
  region: string
}

const BESIDE_ZONE = `coalesce(c.country, '') as country,
  case when c.country is null then coalesce(left(c.phone, 5), '') else '' end as phone, coalesce(c.attributes ->> 'state', '') as region`

/**
 * The columns of a place over `contact c`. The number is looked at only where no country is named, and only its first
 * digits: so a slice of a hundred thousand people is a few hundred places. The region is the contact field `state`.
 */
export const PLACE_COLUMNS = `coalesce(c.time_zone, c.seen_time_zone, '') as time_zone, ${BESIDE_ZONE}`

/** The places of some contacts, told apart by whether the zone was stated or seen, and who is at each. */
export const selectPlaces = (
  ctx: Ctx,
  ids: readonly ContactId[],
): Promise<(PlaceRow & { seenTimeZone: string; contactIds: ContactId[] })[]> =>
  ctx.db.named(
    'contacts_places',
    `
    with placed as (
      select c.id, coalesce(c.time_zone, '') as time_zone, coalesce(c.seen_time_zone, '') as seen_time_zone, ${BESIDE_ZONE}
      from contact c where c.org_id = $1 and c.id = any($2::bigint[])
    )
    select time_zone, seen_time_zone, country, phone, region, array_agg(id order by id) as contact_ids
    from placed group by time_zone, seen_time_zone, country, phone, region`,
    [ctx.orgId, ids],
  )

/** Of these contacts and zones, those who were last seen in another. */
export async function selectSeenElsewhere(ctx: Ctx, seen: readonly SeenZone[]): Promise<ContactId[]> {
  const rows = await ctx.db.named<{ id: ContactId }>(
    'contacts_seen_elsewhere',
    `
    select distinct c.id
    from unnest($2::bigint[], $3::text[]) as s (id, zone)
    join contact c on c.org_id = $1 and c.id = s.id
    where c.seen_time_zone is distinct from s.zone
    order by c.id`,
    [ctx.orgId, seen.map(({ contactId }) => contactId), seen.map(({ zone }) => zone)],
  )
  return rows.map(({ id }) => id)
}

/** Writes where contacts were last seen. @returns whose clock shows another zone now: those with none of their own */
export async function updateSeenZones(ctx: Ctx, seen: readonly SeenZone[]): Promise<ContactId[]> {
  const rows = await ctx.db.named<{ id: ContactId; isShown: boolean }>(
    'contacts_seen_zones',
    `
    with locked as (
      select c.id, s.zone
      from contact c join unnest($2::bigint[], $3::text[]) as s (id, zone) on s.id = c.id
      where c.org_id = $1 and c.id = any($2::bigint[]) and c.seen_time_zone is distinct from s.zone
      order by c.id for update of c
    )
    update contact c set seen_time_zone = k.zone
    from locked k
    where c.org_id = $1 and c.id = k.id
    returning c.id, c.time_zone is null as is_shown`,
    [ctx.orgId, seen.map(({ contactId }) => contactId), seen.map(({ zone }) => zone)],
  )
  return rows.flatMap(({ id, isShown }) => (isShown ? [id] : []))
}

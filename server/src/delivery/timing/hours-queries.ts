/** SQL of sending hours and of the places of contacts. */
import { PLACE_COLUMNS, type PlaceRow } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { DEFAULT_SENDING_HOURS, type SendingHours } from './sending-hours.ts'

/** The organization's hours; the defaults until somebody decided. */
export async function readSendingHours(
  ctx: Ctx,
): Promise<{ hours: SendingHours; updatedAt: Date | null; updatedBy: string | null }> {
  const [row] = await ctx.db.named<{ hours: SendingHours; updatedAt: Date; updatedBy: string }>(
    'delivery_sending_hours',
    'select hours, updated_at, updated_by from sending_hours where org_id = $1',
    [ctx.orgId],
  )
  return row ?? { hours: DEFAULT_SENDING_HOURS, updatedAt: null, updatedBy: null }
}

export const writeSendingHours = (ctx: Ctx, hours: SendingHours, by: string): Promise<unknown> =>
  ctx.db.named(
    'delivery_write_sending_hours',
    `
    insert into sending_hours (org_id, hours, updated_by, created_at, updated_at) values ($1, $2, $3, $4, $4)
    on conflict (org_id) do update set hours = excluded.hours, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
    [ctx.orgId, JSON.stringify(hours), by, ctx.now()],
  )

/** The places of a slice of contacts. */
export const placesOfSlice = (ctx: Ctx, slice: { after: string; through: string }): Promise<PlaceRow[]> =>
  ctx.db.named<PlaceRow>(
    'delivery_places_of_slice',
    `select distinct ${PLACE_COLUMNS} from contact c where c.org_id = $1 and c.id > $2 and c.id <= $3`,
    [ctx.orgId, slice.after, slice.through],
  )

/** The places of some contacts, and who is at each. */
export const placesOfContacts = (
  ctx: Ctx,
  ids: readonly ContactId[],
): Promise<(PlaceRow & { contactIds: ContactId[] })[]> =>
  ctx.db.named(
    'delivery_places_of_contacts',
    `
    with placed as (
      select c.id, ${PLACE_COLUMNS} from contact c where c.org_id = $1 and c.id = any($2::bigint[])
    )
    select time_zone, country, phone, region, array_agg(id order by id) as contact_ids
    from placed group by time_zone, country, phone, region`,
    [ctx.orgId, ids],
  )

/** Learning from the log by which clock contacts live. */
import { noteSeenZones, zoneNamed } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { Scope } from './refigure-queries.ts'

/**
 * Notes the zone of the last page, screen or tracked event of each contact that names one, however late it came.
 * @returns whose clock shows another zone by that
 */
export async function learnZones(ctx: Ctx, { contactIds, until }: Scope): Promise<ContactId[]> {
  if (contactIds.length === 0) return []
  const last = await selectLastZones(ctx, { contactIds, until })
  return noteSeenZones(
    ctx,
    last.flatMap(({ contactId, named }) => {
      const zone = zoneNamed(named)
      return zone === null ? [] : [{ contactId, zone }]
    }),
  )
}

// A look by key for each: the last event that names a zone is nearly always the last one.
const selectLastZones = (
  ctx: Ctx,
  { contactIds, until }: Scope,
): Promise<{ contactId: ContactId; named: string }[]> =>
  ctx.db.named(
    'analytics_last_zones',
    `
    select w.id as contact_id, hit.named
    from unnest($2::bigint[]) as w (id)
    cross join lateral (
      select e.payload #>> '{context,timezone}' as named
      from event e
      where e.org_id = $1 and e.contact_id = w.id and e.seq <= $3
        and (starts_with(e.type, 'track:') or e.type in ('page', 'screen')) and e.payload #>> '{context,timezone}' is not null
      order by e.at desc, e.seq desc
      limit 1
    ) hit`,
    [ctx.orgId, contactIds, until],
  )

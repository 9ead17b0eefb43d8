/** Learning from the log by which clock contacts live. */
import { noteSeenZones, type SeenZone, zoneNamed } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { Scope } from './refigure-queries.ts'

/** Names that are no zone, after which somebody is asked no further: a page can call its zone whatever it likes. */
const NONSENSE_MAX = 10

/**
 * Notes the zone of the last page, screen or tracked event of each contact that names one there is, however late it came.
 * @returns whose clock shows another zone by that
 */
export async function learnZones(ctx: Ctx, { contactIds, until }: Scope): Promise<ContactId[]> {
  const seen: SeenZone[] = []
  const nonsense = new Set<string>()
  let asked = contactIds
  for (let turn = 0; asked.length > 0 && turn < NONSENSE_MAX; turn++) {
    const last = await selectLastZones(ctx, { contactIds: asked, until }, [...nonsense])
    asked = last.flatMap(({ contactId, named }) => {
      const zone = zoneNamed(named)
      if (zone === null) nonsense.add(named)
      else seen.push({ contactId, zone })
      return zone === null ? [contactId] : []
    })
  }
  return noteSeenZones(ctx, seen)
}

// A look by key for each: the last event that names a zone is nearly always the last one.
const selectLastZones = (
  ctx: Ctx,
  { contactIds, until }: Scope,
  except: readonly string[],
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
        and e.payload #>> '{context,timezone}' <> all($4::text[])
      order by e.at desc, e.seq desc
      limit 1
    ) hit`,
    [ctx.orgId, contactIds, until, except],
  )

/** What was just handed over, for the one reader that derives figures per contact from it. */
import type { Ctx } from '../../platform/context.ts'
import { systemTransaction } from '../../platform/db/index.ts'
import type { ContactId, OrgId } from '../../platform/ids.ts'

/** Contacts who were handed a message on a channel at one instant; a contact stands once per message. */
export interface HandoverNote {
  channel: string
  at: Date
  /** As PostgreSQL writes an array, `{1,2,3}`: thousands pass through without being read. */
  contactIds: string
  /** How many they are, and the lowest and the highest of them. */
  count: number
  from: ContactId
  through: ContactId
}

/** Organizations in which hand-overs wait to be taken. */
export async function organizationsWithHandovers(ctx: Ctx): Promise<OrgId[]> {
  const rows = await systemTransaction(ctx.platform.database, (db) =>
    db.named<{ orgId: OrgId }>(
      'tracking_handovers_waiting',
      'select distinct org_id from handover_note order by org_id',
    ),
  )
  return rows.map((row) => row.orgId)
}

/** Takes hand-overs off the table; the caller's transaction makes of them what it wants, or leaves them. */
export const takeHandovers = (ctx: Ctx, limit: number): Promise<HandoverNote[]> =>
  ctx.db.named(
    'tracking_handovers_take',
    `
    with due as (
      select id from handover_note where org_id = $1 order by id limit $2 for update skip locked
    ), taken as (
      delete from handover_note n using due where n.org_id = $1 and n.id = due.id
      returning n.channel, n.at, n.contact_ids
    )
    select t.channel, t.at, t.contact_ids::text as contact_ids, cardinality(t.contact_ids) as count, b."from", b.through
    from taken t
    cross join lateral (select min(id) as "from", max(id) as through from unnest(t.contact_ids) as u (id)) b`,
    [ctx.orgId, limit],
  )

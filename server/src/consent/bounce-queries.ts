/** Statements over the log of bounces. */
import type { Ctx } from '../platform/context.ts'
import type { ContactId } from '../platform/ids.ts'
import { messageBounced } from '../tracking/index.ts'

/** Final soft bounces of a person since their last delivery. */
export interface SoftBounces {
  contactId: ContactId
  bounces: number
  /** Different UTC days. */
  days: number
}

/** Counts soft bounces within the window; a delivery between begins anew. */
export const countSoftBounces = (
  ctx: Ctx,
  contactIds: readonly ContactId[],
  since: Date,
): Promise<SoftBounces[]> =>
  ctx.db.named(
    'consent_soft_bounces',
    `
    select e.contact_id, count(*)::int as bounces, count(distinct (e.at at time zone 'UTC')::date)::int as days
    from event e
    where e.org_id = $1 and e.contact_id = any($2::bigint[]) and e.type = $4 and e.payload->>'class' = 'soft'
      and e.at >= greatest($3, coalesce((
        select max(m.state_at) from message m
        where m.org_id = $1 and m.contact_id = e.contact_id and m.channel = e.channel and m.state in ('sent', 'delivered')
      ), $3))
    group by e.contact_id`,
    [ctx.orgId, contactIds, since, messageBounced.type],
  )

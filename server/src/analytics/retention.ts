/** What single people did with single messages, forgotten by age. Counters of campaigns stay. */
import type { Ctx } from '../platform/context.ts'
import { PREVIEW_MAX, type RetentionPart } from '../platform/retention.ts'

/** Rows of one transaction. */
const BATCH_ROWS = 5_000

/** Opens and clicks, person by person; which links they followed goes with them. */
export const messageDetails: RetentionPart = {
  subject: 'message_details',
  keepDaysMin: 30,
  count: async (ctx, before) => {
    const [row] = await ctx.db.named<{ n: number }>(
      'analytics_retention_count',
      `
      select count(*)::int as n
      from (select 1 from engagement where org_id = $1 and updated_at < $2 limit ${PREVIEW_MAX}) x`,
      [ctx.orgId, before],
    )
    return row?.n ?? 0
  },
  remove: async (ctx, before) => {
    const rows = await removeEngagement(ctx, before)
    return rows.length
  },
}

const removeEngagement = (ctx: Ctx, before: Date): Promise<unknown[][]> =>
  ctx.db.rows(
    'analytics_retention_remove',
    `
    with old as (
      select run_id, contact_id, channel from engagement
      where org_id = $1 and updated_at < $2
      order by run_id, contact_id, channel limit $3
    ), links as (
      delete from link_engagement l using old
      where l.org_id = $1 and l.run_id = old.run_id and l.channel = old.channel and l.contact_id = old.contact_id
    )
    delete from engagement e using old
    where e.org_id = $1 and e.run_id = old.run_id and e.contact_id = old.contact_id and e.channel = old.channel
    returning e.run_id`,
    [ctx.orgId, before, BATCH_ROWS],
  )

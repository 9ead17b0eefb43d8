/** What was sent in, forgotten by age. The consents that came of it stay, with their proof. */
import { PREVIEW_MAX, type RetentionPart } from '../../platform/retention.ts'

/** Rows of one transaction. */
const BATCH_ROWS = 5_000

/** Submissions that need no answer any more. */
export const oldSubmissions: RetentionPart = {
  subject: 'form_submissions',
  keepDaysMin: 30,
  count: async (ctx, before) => {
    const [row] = await ctx.db.named<{ n: number }>(
      'pages_retention_count',
      `
      select count(*)::int as n
      from (
        select 1 from form_submission
        where org_id = $1 and state <> 'pending' and submitted_at < $2 limit ${PREVIEW_MAX}
      ) x`,
      [ctx.orgId, before],
    )
    return row?.n ?? 0
  },
  remove: async (ctx, before) => {
    const rows = await ctx.db.rows(
      'pages_retention_remove',
      `
      with old as (
        select id from form_submission
        where org_id = $1 and state <> 'pending' and submitted_at < $2 order by id limit $3
      )
      delete from form_submission s using old where s.org_id = $1 and s.id = old.id returning s.id`,
      [ctx.orgId, before, BATCH_ROWS],
    )
    return rows.length
  },
}

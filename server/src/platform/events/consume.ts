/**
 * Reading the log. The writer takes its position as the last step of its transaction, under the row lock of the
 * organization's head, so that commit order is log order: `seq > cursor` misses nothing.
 */
import type { Ctx } from '../context.ts'
import { inTransaction, systemTransaction, type Database } from '../db/index.ts'
import type { OrgId } from '../ids.ts'
import type { ConsumerDefinition, LogEvent } from './index.ts'

/** Events read at once. */
const BATCH = 2_000

/**
 * Hands the next batch to a consumer.
 * @returns true when there may be more
 */
export function advanceConsumer(ctx: Ctx, consumer: ConsumerDefinition): Promise<boolean> {
  return inTransaction(ctx, async (ctx) => {
    await ctx.db.named(
      'platform_cursor_open',
      `
      insert into event_cursor (org_id, consumer, pos, updated_at) values ($1, $2, 0, $3)
      on conflict (org_id, consumer) do nothing`,
      [ctx.orgId, consumer.name, ctx.now()],
    )
    // Whoever holds the cursor is the only reader; another worker finds nothing to do instead of waiting.
    const [cursor] = await ctx.db.named<{ pos: string }>(
      'platform_cursor_lock',
      `
      select pos from event_cursor where org_id = $1 and consumer = $2 for update skip locked`,
      [ctx.orgId, consumer.name],
    )
    if (!cursor) return false
    const events = await ctx.db.named<LogEvent>(
      'platform_event_read',
      `
      select org_id, seq, recorded_at, at, type, version, contact_id, campaign_id, run_id, channel, payload
      from event where org_id = $1 and seq > $2 order by seq limit $3`,
      [ctx.orgId, cursor.pos, BATCH],
    )
    const last = events.at(-1)
    if (!last) return false
    const wanted = events.filter((event) => consumer.types.includes(event.type))
    if (wanted.length > 0) await consumer.handle(ctx, wanted)
    await ctx.db.named(
      'platform_cursor_advance',
      `
      update event_cursor set pos = $3, updated_at = $4 where org_id = $1 and consumer = $2`,
      [ctx.orgId, consumer.name, last.seq, ctx.now()],
    )
    return events.length === BATCH
  })
}

/** Which organizations have events that a consumer has not seen. */
export async function laggingOrganizations(
  database: Database,
  consumers: readonly ConsumerDefinition[],
): Promise<{ orgId: OrgId; consumer: string }[]> {
  return systemTransaction(database, (db) =>
    db.named<{ orgId: OrgId; consumer: string }>(
      'platform_lagging',
      `
    select l.org_id, c.name as consumer
    from org_log l
    cross join unnest($1::text[]) as c (name)
    left join event_cursor e on e.org_id = l.org_id and e.consumer = c.name
    where l.pos > coalesce(e.pos, 0)`,
      [consumers.map((consumer) => consumer.name)],
    ),
  )
}

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
    const to = await endOfStep(ctx, cursor.pos)
    if (to === null) return false
    const events = await readEvents(ctx, consumer, cursor.pos, to.pos)
    if (events.length > 0) await consumer.handle(ctx, events)
    await ctx.db.named(
      'platform_cursor_advance',
      `
      update event_cursor set pos = $3, updated_at = $4 where org_id = $1 and consumer = $2`,
      [ctx.orgId, consumer.name, to.pos, ctx.now()],
    )
    return !to.isEnd
  })
}

/** How far one step reads: positions have no gaps, so that a step is bounded whatever it finds. Null at the end. */
async function endOfStep(ctx: Ctx, from: string): Promise<{ pos: string; isEnd: boolean } | null> {
  const [head] = await ctx.db.named<{ pos: string }>(
    'platform_log_end',
    'select pos from org_log where org_id = $1',
    [ctx.orgId],
  )
  const [end, start] = [BigInt(head?.pos ?? 0), BigInt(from)]
  if (end <= start) return null
  const limit = start + BigInt(BATCH)
  return end <= limit ? { pos: String(end), isEnd: true } : { pos: String(limit), isEnd: false }
}

/** The events that a consumer wants between two positions; others are not even fetched. */
async function readEvents(
  ctx: Ctx,
  { types, heeds }: ConsumerDefinition,
  from: string,
  to: string,
): Promise<LogEvent[]> {
  const named = types.filter((type) => !type.endsWith('*'))
  const prefixes = types.filter((type) => type.endsWith('*')).map((type) => type.slice(0, -1))
  return ctx.db.named<LogEvent>(
    'platform_event_read',
    `
    select org_id, seq, recorded_at, at, type, version, contact_id, campaign_id, run_id, channel, payload
    from event
    where org_id = $1 and seq > $2 and seq <= $3
      and (type = any($4::text[]) or exists (select from unnest($5::text[]) as p (prefix) where starts_with(type, p.prefix)))
      and ($6::text[] is null or type = any($6) or campaign_id is not null)
    order by seq`,
    [ctx.orgId, from, to, named, prefixes, heeds ? await heeds(ctx) : null],
  )
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

/**
 * Reading the log. The writer takes its position as the last step of its transaction, under the row lock of the
 * organization's head, so that commit order is log order: `seq > cursor` misses nothing.
 */
import type { Ctx } from '../context.ts'
import { inTransaction, systemTransaction, type Database } from '../db/index.ts'
import type { OrgId } from '../ids.ts'
import type { Platform } from '../platform.ts'
import type { ConsumerDefinition, LogEvent } from './index.ts'

/** Events read at once. */
const BATCH = 2_000

/**
 * Hands the next batch to a consumer.
 * @returns true when there may be more
 */
export function advanceConsumer(ctx: Ctx, consumer: ConsumerDefinition): Promise<boolean> {
  return inTransaction(ctx, async (ctx) => {
    const cursor = (await lockCursor(ctx, consumer)) ?? (await openCursor(ctx, consumer))
    if (!cursor) return false
    const to = endOfStep(cursor)
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

/** Where a consumer is, and where the log ends. */
interface Cursor {
  pos: string
  head: string
}

/** Whoever holds the cursor is the only reader; another worker finds nothing to do instead of waiting. */
async function lockCursor(ctx: Ctx, { name }: ConsumerDefinition): Promise<Cursor | undefined> {
  const [cursor] = await ctx.db.named<Cursor>(
    'platform_cursor_lock',
    `
    select c.pos, coalesce(l.pos, 0) as head
    from event_cursor c left join org_log l on l.org_id = $1
    where c.org_id = $1 and c.consumer = $2
    for update of c skip locked`,
    [ctx.orgId, name],
  )
  return cursor
}

/** Of a consumer that has never read here; of one that another worker holds, nothing. */
async function openCursor(ctx: Ctx, consumer: ConsumerDefinition): Promise<Cursor | undefined> {
  await ctx.db.named(
    'platform_cursor_open',
    `
    insert into event_cursor (org_id, consumer, pos, updated_at) values ($1, $2, 0, $3)
    on conflict (org_id, consumer) do nothing`,
    [ctx.orgId, consumer.name, ctx.now()],
  )
  return lockCursor(ctx, consumer)
}

/** How far one step reads: positions have no gaps, so that a step is bounded whatever it finds. Null at the end. */
function endOfStep({ pos, head }: Cursor): { pos: string; isEnd: boolean } | null {
  const [end, start] = [BigInt(head), BigInt(pos)]
  if (end <= start) return null
  const limit = start + BigInt(BATCH)
  return end <= limit ? { pos: String(end), isEnd: true } : { pos: String(limit), isEnd: false }
}

/**
 * Who has something to read, or may have, in which organization. Consumers that want none of what is new there are moved
 * on in one statement: of what a campaign says most want nothing, and a transaction for each of them to find that out
 * took more than those that had something to do.
 */
export async function readersBehind(
  platform: Platform,
  consumers: readonly ConsumerDefinition[],
): Promise<{ orgId: OrgId; consumer: ConsumerDefinition }[]> {
  const byName = new Map(consumers.map((consumer) => [consumer.name, consumer]))
  const behind: { orgId: OrgId; consumer: ConsumerDefinition }[] = []
  for (const [orgId, lags] of Map.groupBy(
    await laggingOrganizations(platform.database, consumers),
    (lag) => lag.orgId,
  )) {
    const lagging = lags.flatMap(({ consumer: name, pos, head }) => {
      const consumer = byName.get(name)
      return consumer ? [{ consumer, pos, head }] : []
    })
    for (const consumer of await passOver(platform.systemCtx(orgId), lagging))
      behind.push({ orgId, consumer })
  }
  return behind
}

interface Lagging {
  consumer: ConsumerDefinition
  pos: string | null
  head: string
}

/** @returns who is not moved on */
async function passOver(ctx: Ctx, lagging: readonly Lagging[]): Promise<ConsumerDefinition[]> {
  const all = lagging.map(({ consumer }) => consumer)
  const [first, ...others] = lagging.flatMap(({ pos, head }) =>
    pos === null ? [] : [{ pos: BigInt(pos), head: BigInt(head) }],
  )
  if (!first || others.length === 0) return all
  const from = others.reduce((least, { pos }) => (pos < least ? pos : least), first.pos)
  if (first.head - from > BATCH) return all
  const present = await ctx.db.named<{ type: string }>(
    'platform_event_types',
    'select distinct type from event where org_id = $1 and seq > $2 and seq <= $3',
    [ctx.orgId, String(from), String(first.head)],
  )
  const idle = lagging.flatMap(({ consumer, pos }) =>
    pos !== null && !present.some(({ type }) => isWanted(consumer, type)) ? [consumer] : [],
  )
  if (idle.length > 0)
    await ctx.db.named(
      'platform_cursor_pass',
      `
      update event_cursor set pos = $3, updated_at = $4
      where org_id = $1 and consumer in (
        select consumer from event_cursor where org_id = $1 and consumer = any($2::text[]) and pos >= $5 and pos < $3
        for update skip locked)`,
      [ctx.orgId, idle.map(({ name }) => name), String(first.head), ctx.now(), String(from)],
    )
  return all.filter((consumer) => !idle.includes(consumer))
}

const isWanted = ({ types }: ConsumerDefinition, type: string): boolean =>
  types.some((wanted) => (wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted))

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

/** What a consumer has not read yet of an organization's log: from its position, null before the first, to the end. */
export interface Lag {
  orgId: OrgId
  consumer: string
  pos: string | null
  head: string
}

/** Which organizations have events that a consumer has not seen. */
export async function laggingOrganizations(
  database: Database,
  consumers: readonly ConsumerDefinition[],
): Promise<Lag[]> {
  return systemTransaction(database, (db) =>
    db.named<Lag>(
      'platform_lagging',
      `
    select l.org_id, c.name as consumer, e.pos, l.pos as head
    from org_log l
    cross join unnest($1::text[]) as c (name)
    left join event_cursor e on e.org_id = l.org_id and e.consumer = c.name
    where l.pos > coalesce(e.pos, 0)`,
      [consumers.map((consumer) => consumer.name)],
    ),
  )
}

/** Statements about messages that were received. */
import type { Ctx } from '../../platform/context.ts'
import { uuidArray } from '../../platform/db/index.ts'

/**
 * Remembers messages of which none should be known. Fails when one is, or when somebody is just remembering it and
 * commits; keys come in order, so that two batches cannot wait for each other.
 *
 * `on conflict` looks for each key twice and takes a lock for each: it costs 10 µs a message where this costs 6½
 * (measured in turns on a busy machine), and messages that repeat are rare.
 * @param keys  32 hexadecimal digits each
 * @throws 23505  and the transaction is lost
 */
export const insertNewReceipts = (ctx: Ctx, keys: readonly string[]): Promise<unknown> =>
  ctx.db.named(
    'tracking_receipts_insert_new',
    `
    insert into event_receipt (org_id, key, received_at)
    select $1, k.key, $3 from unnest($2::uuid[]) as k (key)`,
    [ctx.orgId, uuidArray(keys), ctx.now()],
  )

/**
 * Remembers messages by their keys. Waits for whoever is just remembering one of them, so that two requests at the
 * same moment cannot both be first; keys come in order, so that two batches cannot wait for each other.
 * @param keys  32 hexadecimal digits each
 * @returns the keys that were known before; nearly always none, and then nothing is sent back
 */
export async function insertReceipts(ctx: Ctx, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const [row] = await ctx.db.named<{ fresh: string[] | null }>(
    'tracking_receipts_insert',
    `
    with remembered as (
      insert into event_receipt (org_id, key, received_at)
      select $1, k.key, $3 from unnest($2::uuid[]) as k (key)
      on conflict (org_id, key) do nothing
      returning key
    )
    select case when count(*) < cardinality($2::uuid[]) then coalesce(array_agg(replace(key::text, '-', '')), '{}') end as fresh
    from remembered`,
    [ctx.orgId, uuidArray(keys), ctx.now()],
  )
  if (!row?.fresh) return new Set()
  const fresh = new Set(row.fresh)
  return new Set(keys.filter((key) => !fresh.has(key)))
}

/** Forgets a bounded number of receipts from before an instant. @returns how many */
export async function purgeReceipts(ctx: Ctx, before: Date, limit: number): Promise<number> {
  const rows = await ctx.db.rows(
    'tracking_receipts_purge',
    `
    delete from event_receipt where org_id = $1 and key in (
      select key from event_receipt where org_id = $1 and received_at < $2 order by received_at limit $3
    )
    returning 1`,
    [ctx.orgId, before, limit],
  )
  return rows.length
}

/** Statements about messages that were received. */
import type { Ctx } from '../../platform/context.ts'

/**
 * Remembers messages by their keys. Waits for whoever is just remembering one of them, so that two requests at the
 * same moment cannot both be first; keys come in order, so that two batches cannot wait for each other.
 * @returns the keys that were not known before
 */
export async function insertReceipts(ctx: Ctx, keys: readonly string[]): Promise<Set<string>> {
  const rows = await ctx.db.rows(
    'tracking_receipts_insert',
    `
    insert into event_receipt (org_id, key, received_at)
    select $1, k.key, $3 from unnest($2::uuid[]) as k (key)
    on conflict (org_id, key) do nothing
    returning key`,
    [ctx.orgId, keys, ctx.now()],
  )
  return new Set(rows.map(([key]) => key as string)) // the select list has one column
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

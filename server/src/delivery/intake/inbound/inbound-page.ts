/** What people wrote, page by page. */
import type { Ctx } from '../../../platform/context.ts'
import { listInbound, type InboundRow } from './queries.ts'

/** Newest first. */
export async function inboundPage(
  ctx: Ctx,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: InboundRow[]; nextCursor: string | null }> {
  const before = cursor !== undefined && /^\d{1,18}$/.test(cursor) ? cursor : null
  const rows = await listInbound(ctx, before, limit + 1)
  const items = rows.slice(0, limit)
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

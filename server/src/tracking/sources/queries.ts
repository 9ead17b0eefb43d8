/** Statements about sources and their write keys. */
import type { Ctx } from '../../platform/context.ts'
import { systemTransaction } from '../../platform/db/index.ts'
import type { Id, OrgId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import type { SourceKind } from '../intake/words.ts'

export type SourceId = Id<'event_source'>

/** A source, as the organization sees it. */
export interface Source {
  id: SourceId
  name: string
  kind: SourceKind
  writeKey: string
  createdAt: Date
  revokedAt: Date | null
  /** To the minute. */
  lastEventAt: Date | null
}

const SOURCE = 'select id, name, kind, write_key, created_at, revoked_at, last_event_at from event_source'

/** Usable ones first, then revoked ones; newest first. */
export const selectSources = (ctx: Ctx, limit: number): Promise<Source[]> =>
  ctx.db.named(
    'tracking_sources',
    `${SOURCE} where org_id = $1 order by revoked_at is not null, created_at desc, id limit $2`,
    [ctx.orgId, limit],
  )

/** One source, or undefined. */
export async function selectSource(ctx: Ctx, id: SourceId): Promise<Source | undefined> {
  const [row] = await ctx.db.named<Source>('tracking_source', `${SOURCE} where org_id = $1 and id = $2`, [
    ctx.orgId,
    id,
  ])
  return row
}

/** How many sources an organization has that are not revoked. */
export async function countSources(ctx: Ctx): Promise<number> {
  const [row] = await ctx.db.named<{ n: number }>(
    'tracking_source_count',
    'select count(*)::int as n from event_source where org_id = $1 and revoked_at is null',
    [ctx.orgId],
  )
  return row?.n ?? 0
}

/** Adds a source. */
export const insertSource = (
  ctx: Ctx,
  source: { id: SourceId; name: string; kind: SourceKind; writeKey: string },
): Promise<unknown> =>
  ctx.db.named(
    'tracking_source_insert',
    `
    insert into event_source (org_id, id, name, kind, write_key, created_by, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $7)`,
    [
      ctx.orgId,
      source.id,
      source.name,
      source.kind,
      source.writeKey,
      `${ctx.actor.kind}:${ctx.actor.id}`,
      ctx.now(),
    ],
  )

/** Renames a source, or gives it another key. @returns false when there is no such source, or it is revoked */
export async function updateSource(
  ctx: Ctx,
  id: SourceId,
  change: { name?: string; writeKey?: string },
): Promise<boolean> {
  const rows = await ctx.db.named(
    'tracking_source_update',
    `
    update event_source
    set name = coalesce($3::text, name), write_key = coalesce($4::text, write_key), updated_at = $5
    where org_id = $1 and id = $2 and revoked_at is null returning id`,
    [ctx.orgId, id, change.name ?? null, change.writeKey ?? null, ctx.now()],
  )
  return rows.length > 0
}

/** @returns false when there is no such source, or it was revoked before */
export async function revokeSource(ctx: Ctx, id: SourceId): Promise<boolean> {
  const rows = await ctx.db.named(
    'tracking_source_revoke',
    `
    update event_source set revoked_at = $3, updated_at = $3
    where org_id = $1 and id = $2 and revoked_at is null returning id`,
    [ctx.orgId, id, ctx.now()],
  )
  return rows.length > 0
}

/** Notes that something came from a source. */
export const touchSource = (ctx: Ctx, id: SourceId): Promise<unknown> =>
  ctx.db.named(
    'tracking_source_touch',
    'update event_source set last_event_at = $3 where org_id = $1 and id = $2',
    [ctx.orgId, id, ctx.now()],
  )

/** What a write key stands for. */
export interface KeyOwner {
  orgId: OrgId
  id: SourceId
  kind: SourceKind
}

/** The source of a write key, before its organization is known. Null for a key that is not, or no longer, good. */
export async function findKeyOwner(platform: Platform, writeKey: string): Promise<KeyOwner | null> {
  const rows = await systemTransaction(platform.database, (db) =>
    db.named<KeyOwner>(
      'tracking_source_find',
      `
      select s.org_id, s.id, s.kind
      from event_source s join organization o on o.id = s.org_id
      where s.write_key = $1 and s.revoked_at is null and o.deleted_at is null`,
      [writeKey],
    ),
  )
  return rows[0] ?? null
}

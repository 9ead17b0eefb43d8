/** SQL over API keys. */
import type { Ctx, Locale } from '../../platform/context.ts'
import type { Id } from '../../platform/ids.ts'

export type ApiKeyId = Id<'api_key'>

/** What is needed to let a key in. */
export interface UsableKey {
  id: ApiKeyId
  keyHash: Buffer
  scopes: string[]
  lastUsedAt: Date | null
  locale: Locale
}

export interface NewApiKey {
  id: ApiKeyId
  name: string
  prefix: string
  keyHash: Buffer
  scopes: readonly string[]
  expiresAt: Date | null
}

/** The key of the ctx's organization with this prefix, when it is neither revoked nor expired. */
export async function findUsableKey(ctx: Ctx, prefix: string): Promise<UsableKey | undefined> {
  const [row] = await ctx.db.named<UsableKey>(
    'team_api_key_find',
    `
    select k.id, k.key_hash, k.scopes, k.last_used_at, o.locale
    from api_key k join organization o on o.id = k.org_id
    where k.org_id = $1 and k.prefix = $2 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $3)
      and o.deleted_at is null`,
    [ctx.orgId, prefix, ctx.now()],
  )
  return row
}

export async function touchKey(ctx: Ctx, id: ApiKeyId): Promise<void> {
  await ctx.db.named(
    'team_api_key_touch',
    'update api_key set last_used_at = $3 where org_id = $1 and id = $2',
    [ctx.orgId, id, ctx.now()],
  )
}

export async function insertApiKey(ctx: Ctx, key: NewApiKey): Promise<void> {
  await ctx.db.named(
    'team_api_key_insert',
    `
    insert into api_key (org_id, id, name, prefix, key_hash, scopes, created_by, created_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ctx.orgId,
      key.id,
      key.name,
      key.prefix,
      key.keyHash,
      key.scopes,
      `${ctx.actor.kind}:${ctx.actor.id}`,
      ctx.now(),
      key.expiresAt,
    ],
  )
}

/** A key as the organization sees it. */
export interface ApiKey {
  id: ApiKeyId
  name: string
  prefix: string
  scopes: string[]
  /** Name of the member who made it; null when that was the installation, a key, or somebody who has gone. */
  createdBy: string | null
  createdAt: Date
  expiresAt: Date | null
  lastUsedAt: Date | null
  revokedAt: Date | null
}

const API_KEY = `
  select k.id, k.name, k.prefix, k.scopes, p.name as created_by, k.created_at, k.expires_at, k.last_used_at, k.revoked_at
  from api_key k left join person p on k.created_by = 'member:' || p.id::text`

/** Usable keys first, then revoked ones; newest first. */
export function listApiKeys(ctx: Ctx, limit: number): Promise<ApiKey[]> {
  return ctx.db.named(
    'team_api_key_list',
    `${API_KEY} where k.org_id = $1 order by k.revoked_at is not null, k.created_at desc, k.id limit $2`,
    [ctx.orgId, limit],
  )
}

export async function findApiKey(ctx: Ctx, id: ApiKeyId): Promise<ApiKey | undefined> {
  const [row] = await ctx.db.named<ApiKey>(
    'team_api_key_read',
    `${API_KEY} where k.org_id = $1 and k.id = $2`,
    [ctx.orgId, id],
  )
  return row
}

export async function countUsableKeys(ctx: Ctx): Promise<number> {
  const [row] = await ctx.db.named<{ count: number }>(
    'team_api_key_count',
    'select count(*)::int as count from api_key where org_id = $1 and revoked_at is null',
    [ctx.orgId],
  )
  return row?.count ?? 0
}

/** @returns false when there is no such key, or it was revoked before */
export async function revokeKey(ctx: Ctx, id: ApiKeyId): Promise<boolean> {
  const rows = await ctx.db.named(
    'team_api_key_revoke',
    `
    update api_key set revoked_at = $3, revoked_by = $4
    where org_id = $1 and id = $2 and revoked_at is null returning id`,
    [ctx.orgId, id, ctx.now(), `${ctx.actor.kind}:${ctx.actor.id}`],
  )
  return rows.length > 0
}

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

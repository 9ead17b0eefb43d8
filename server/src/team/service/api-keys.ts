/** API keys: made by those who hold what the key may do, shown once, revoked at once. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import type { Permission } from '../../platform/permissions.ts'
import { errors } from '../errors.ts'
import {
  countUsableKeys,
  findApiKey,
  insertApiKey,
  listApiKeys,
  revokeKey,
  type ApiKey,
  type ApiKeyId,
} from '../queries/api-keys.ts'
import { mayGrantScope } from '../rules/roles.ts'
import { hashToken, newApiKey } from '../rules/tokens.ts'
import { recheckStreams } from './streams.ts'

const KEYS_MAX = 100
const KEYS_LISTED_MAX = 500
const DAY_MS = 86_400_000

/** What a new key shall be. */
export interface WantedKey {
  name: string
  scopes: readonly (Permission | '*')[]
  expiresInDays: number | null
}

export function apiKeysOf(ctx: Ctx): Promise<ApiKey[]> {
  return listApiKeys(ctx, KEYS_LISTED_MAX)
}

/** @returns the key itself, this once  @throws team.scope_above_own, team.api_keys_too_many */
export function createApiKey(ctx: Ctx, wanted: WantedKey): Promise<{ apiKey: ApiKey; key: string }> {
  const refused = wanted.scopes.filter((scope) => !mayGrantScope(ctx.actor, scope))
  if (refused.length > 0) throw errors.scope_above_own({ refused }, { extra: { scopes: refused } })
  return inTransaction(ctx, async (ctx) => {
    if ((await countUsableKeys(ctx)) >= KEYS_MAX) throw errors.api_keys_too_many()
    const id = newId<'api_key'>(ctx.now())
    const { key, prefix } = newApiKey(ctx.orgId)
    const scopes = [...new Set(wanted.scopes)]
    const expiresAt =
      wanted.expiresInDays === null ? null : new Date(ctx.now().getTime() + wanted.expiresInDays * DAY_MS)
    await insertApiKey(ctx, { id, name: wanted.name, prefix, keyHash: hashToken(key), scopes, expiresAt })
    audit(ctx, 'api_key.created', { kind: 'api_key', id }, { name: wanted.name, scopes, expiresAt })
    const apiKey = await findApiKey(ctx, id)
    if (!apiKey) throw errors.api_key_not_found({ id })
    return { apiKey, key }
  })
}

/** @throws team.api_key_not_found */
export function revokeApiKey(ctx: Ctx, id: ApiKeyId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    if (!(await revokeKey(ctx, id))) throw errors.api_key_not_found({ id })
    recheckStreams(ctx, [ctx.orgId])
    audit(ctx, 'api_key.revoked', { kind: 'api_key', id })
  })
}

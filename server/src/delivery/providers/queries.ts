/** SQL of providers. */
import type { Ctx } from '../../platform/context.ts'
import type { ProviderChannel } from './kinds.ts'
import type { Provider, ProviderError, ProviderId } from './provider.ts'

const COLUMNS = `id, channel, kind, name, settings, secrets_sealed, rank, version, taken_at, errors, updated_at`

export const listProviders = (ctx: Ctx): Promise<Provider[]> =>
  ctx.db.named(
    'delivery_list_providers',
    `
    select ${COLUMNS} from provider where org_id = $1
    order by channel, rank nulls last, id
    limit ${PROVIDERS_MAX}`,
    [ctx.orgId],
  )
/** Providers of one organization. */
export const PROVIDERS_MAX = 50

export async function readProvider(ctx: Ctx, id: ProviderId): Promise<Provider | null> {
  const [row] = await ctx.db.named<Provider>(
    'delivery_read_provider',
    `select ${COLUMNS} from provider where org_id = $1 and id = $2`,
    [ctx.orgId, id],
  )
  return row ?? null
}

/** The default and the fallback of a channel. */
export const rankedProviders = (ctx: Ctx, channel: ProviderChannel): Promise<Provider[]> =>
  ctx.db.named(
    'delivery_ranked_providers',
    `
    select ${COLUMNS} from provider
    where org_id = $1 and channel = $2 and rank is not null
    order by rank`,
    [ctx.orgId, channel],
  )

export const insertProvider = (
  ctx: Ctx,
  provider: Pick<Provider, 'id' | 'channel' | 'kind' | 'name' | 'settings' | 'secretsSealed' | 'rank'>,
): Promise<unknown> =>
  ctx.db.named(
    'delivery_insert_provider',
    `
    insert into provider (org_id, id, channel, kind, name, settings, secrets_sealed, rank, version, created_by, updated_by,
      created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9, $10, $10)`,
    [
      ctx.orgId,
      provider.id,
      provider.channel,
      provider.kind,
      provider.name,
      JSON.stringify(provider.settings),
      provider.secretsSealed,
      provider.rank,
      ctx.actor.id,
      ctx.now(),
    ],
  )

/** What went wrong with the settings before says nothing about these. */
export const updateProvider = (
  ctx: Ctx,
  provider: Pick<Provider, 'id' | 'name' | 'settings' | 'secretsSealed'>,
): Promise<unknown> =>
  ctx.db.named(
    'delivery_update_provider',
    `
    update provider
    set name = $3, settings = $4, secrets_sealed = $5, version = version + 1, errors = '[]', updated_by = $6, updated_at = $7
    where org_id = $1 and id = $2`,
    [
      ctx.orgId,
      provider.id,
      provider.name,
      JSON.stringify(provider.settings),
      provider.secretsSealed,
      ctx.actor.id,
      ctx.now(),
    ],
  )

export const deleteProvider = (ctx: Ctx, id: ProviderId): Promise<{ name: string }[]> =>
  ctx.db.named(
    'delivery_delete_provider',
    'delete from provider where org_id = $1 and id = $2 returning name',
    [ctx.orgId, id],
  )

/** Whoever held the rank is kept aside. */
export async function setRank(
  ctx: Ctx,
  { id, channel }: Pick<Provider, 'id' | 'channel'>,
  rank: Provider['rank'],
): Promise<void> {
  await ctx.db.named(
    'delivery_clear_rank',
    `
    update provider set rank = null, updated_at = $4
    where org_id = $1 and channel = $2 and (rank = $3 or id = $5)`,
    [ctx.orgId, channel, rank, ctx.now(), id],
  )
  if (rank !== null)
    await ctx.db.named(
      'delivery_set_rank',
      'update provider set rank = $3, updated_at = $4 where org_id = $1 and id = $2',
      [ctx.orgId, id, rank, ctx.now()],
    )
}

/** Notes that it took something, and what went wrong of late. */
export const noteHealth = (
  ctx: Ctx,
  id: ProviderId,
  { hasTaken, errors }: { hasTaken: boolean; errors: readonly ProviderError[] },
): Promise<unknown> =>
  ctx.db.named(
    'delivery_note_provider_health',
    `
    update provider set taken_at = case when $3 then $4 else taken_at end, errors = $5
    where org_id = $1 and id = $2`,
    [ctx.orgId, id, hasTaken, ctx.now(), JSON.stringify(errors)],
  )

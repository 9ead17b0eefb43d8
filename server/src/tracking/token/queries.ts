/** Statements about what tokens stand for. */
import type { Ctx } from '../../platform/context.ts'
import { systemTransaction } from '../../platform/db/index.ts'
import type { OrgId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import type { TokenSource } from './format.ts'

/** Makes a source known. Repeated by every chunk of a run. */
export const insertTokenSource = (ctx: Ctx, key: string, source: TokenSource): Promise<unknown[]> =>
  ctx.db.named(
    'tracking_token_source_insert',
    `
    insert into token_source (org_id, key, campaign_id, run_id, version_id, channel, month, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (org_id, key) do nothing`,
    [
      ctx.orgId,
      key,
      source.campaignId,
      source.runId,
      source.versionId,
      source.channel,
      source.month,
      ctx.now(),
    ],
  )

/** Makes several sources known. */
export const insertTokenSources = (
  ctx: Ctx,
  sources: readonly (TokenSource & { key: string })[],
): Promise<unknown[]> =>
  ctx.db.named(
    'tracking_token_sources_insert',
    `
    insert into token_source (org_id, key, campaign_id, run_id, version_id, channel, month, created_at)
    select $1, s.key, s.campaign_id, s.run_id, s.version_id, s.channel, s.month, $2
    from unnest($3::bigint[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::date[])
      as s (key, campaign_id, run_id, version_id, channel, month)
    on conflict (org_id, key) do nothing`,
    [
      ctx.orgId,
      ctx.now(),
      sources.map((source) => source.key),
      sources.map((source) => source.campaignId),
      sources.map((source) => source.runId),
      sources.map((source) => source.versionId),
      sources.map((source) => source.channel),
      sources.map((source) => source.month),
    ],
  )

/** The source of a key, over all organizations: the token is genuine, but says not whose it is. */
export async function findTokenSource(
  platform: Platform,
  key: string,
): Promise<(TokenSource & { orgId: OrgId }) | null> {
  const [row] = await systemTransaction(platform.database, (db) =>
    db.named<TokenSource & { orgId: OrgId }>(
      'tracking_token_source_find',
      `
      select org_id, campaign_id, run_id, version_id, channel, month
      from token_source where key = $1`,
      [key],
    ),
  )
  return row ?? null
}

/** Statements about what tokens stand for. */
import type { Ctx } from '../../platform/context.ts'
import { systemTransaction } from '../../platform/db/index.ts'
import type { OrgId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import type { TokenSource } from './format.ts'

/** Makes sources known. Repeated by every chunk of a run. */
export const insertTokenSources = (
  ctx: Ctx,
  sources: readonly (TokenSource & { key: string; shortNo: string | null })[],
): Promise<unknown[]> =>
  ctx.db.named(
    'tracking_token_sources_insert',
    `
    insert into token_source (org_id, key, campaign_id, run_id, version_id, channel, month, created_at, short_no)
    select $1, s.key, s.campaign_id, s.run_id, s.version_id, s.channel, s.month, $2, s.short_no
    from unnest($3::bigint[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::date[], $9::bigint[])
      as s (key, campaign_id, run_id, version_id, channel, month, short_no)
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
      sources.map((source) => source.shortNo),
    ],
  )

/** The next numbers for sources of short links. */
export const nextShortNumbers = (ctx: Ctx, count: number): Promise<{ no: string }[]> =>
  ctx.db.named(
    'tracking_token_short_next',
    "select nextval('token_short_no') as no from generate_series(1, $1::int)",
    [count],
  )

/** The numbers that sources have: those of the first chunk that made them known. */
export const shortNumbers = (
  ctx: Ctx,
  keys: readonly string[],
): Promise<{ key: string; shortNo: string }[]> =>
  ctx.db.named(
    'tracking_token_short_numbers',
    `
    select key, short_no from token_source
    where org_id = $1 and key = any($2::bigint[]) and short_no is not null`,
    [ctx.orgId, keys],
  )

/** The source of a number in a short link, over all organizations, with the key that its codes are signed with. */
export async function findShortSource(
  platform: Platform,
  shortNo: number,
): Promise<(TokenSource & { orgId: OrgId; key: string }) | null> {
  const [row] = await systemTransaction(platform.database, (db) =>
    db.named<TokenSource & { orgId: OrgId; key: string }>(
      'tracking_token_source_of_number',
      `
      select org_id, key, campaign_id, run_id, version_id, channel, month
      from token_source where short_no = $1`,
      [shortNo],
    ),
  )
  return row ?? null
}

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

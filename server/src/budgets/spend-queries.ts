/** Statements over what was paid besides messages. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, Id } from '../platform/ids.ts'
import type { SpendPlatform } from './schema.ts'

export type SpendId = Id<'spend'>
export type SpendImportId = Id<'spend_import'>

/** Kinds of spends. */
export const SPEND_KINDS = ['media', 'post', 'manual'] as const
export type SpendKind = (typeof SPEND_KINDS)[number]

/**
 * How much of a spend falls on the days from a parameter to another. One over several days is shared out evenly: what it
 * came to by the last day less what it came to by the day before the first, each rounded down, so that periods side by
 * side add up to the cent.
 */
export function spentWithin(fromOn: string, toOn: string): string {
  const days = '(coalesce(spent_until, spent_on) - spent_on + 1)'
  const by = (day: string, more: string): string =>
    `floor(amount_minor * least(${days}, greatest(0, ${day}::date - spent_on${more}))::numeric / ${days})`
  return `${by(toOn, ' + 1')} - ${by(fromOn, '')}`
}

/** What else was paid. */
export interface Spend {
  id: SpendId
  /** Null for what was paid for a channel or a platform as a whole. */
  campaignId: CampaignId | null
  kind: SpendKind
  channel: string | null
  platform: SpendPlatform | null
  amountMinor: number
  /** How many posts it is for, where each is priced; null for an amount that was stated. */
  posts: number | null
  spentOn: string
  /** The last of several days that it covers; null for one. */
  spentUntil: string | null
  note: string
  createdBy: string
  createdAt: Date
}

const SPEND = `id, campaign_id, kind, channel, platform, amount_minor::float8 as amount_minor, posts, to_char(spent_on, 'YYYY-MM-DD') as spent_on,
  to_char(spent_until, 'YYYY-MM-DD') as spent_until, note, created_by, created_at`

/** Writes spends down, those of one file under its import. */
export const insertSpends = (
  ctx: Ctx,
  spends: readonly Omit<Spend, 'createdAt'>[],
  importId: SpendImportId | null,
): Promise<unknown> =>
  ctx.db.named(
    'budgets_spends_insert',
    `
    insert into spend (org_id, id, campaign_id, kind, channel, platform, amount_minor, posts, spent_on, spent_until, note, created_by, created_at, import_id)
    select $1, s.id, s.campaign_id, s.kind, s.channel, s.platform, s.amount_minor, s.posts, s.spent_on, s.spent_until, s.note, s.created_by, $2, $3
    from unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::int[], $11::date[], $12::date[], $13::text[], $14::text[])
      as s (id, campaign_id, kind, channel, platform, amount_minor, posts, spent_on, spent_until, note, created_by)`,
    [
      ctx.orgId,
      ctx.now(),
      importId,
      spends.map((spend) => spend.id),
      spends.map((spend) => spend.campaignId),
      spends.map((spend) => spend.kind),
      spends.map((spend) => spend.channel),
      spends.map((spend) => spend.platform),
      spends.map((spend) => spend.amountMinor),
      spends.map((spend) => spend.posts),
      spends.map((spend) => spend.spentOn),
      spends.map((spend) => spend.spentUntil),
      spends.map((spend) => spend.note),
      spends.map((spend) => spend.createdBy),
    ],
  )

/** A spend as it was, locked; undefined when the campaign has no such. */
export const lockSpend = async (ctx: Ctx, campaignId: CampaignId, id: SpendId): Promise<Spend | undefined> =>
  (
    await ctx.db.named<Spend>(
      'budgets_spend_lock',
      `select ${SPEND} from spend where org_id = $1 and campaign_id = $2 and id = $3 for update`,
      [ctx.orgId, campaignId, id],
    )
  )[0]

export const updateSpend = (
  ctx: Ctx,
  id: SpendId,
  spend: Omit<Spend, 'id' | 'campaignId' | 'createdBy' | 'createdAt'>,
): Promise<unknown> =>
  ctx.db.named(
    'budgets_spend_update',
    `
    update spend set kind = $3, channel = $4, amount_minor = $5, spent_on = $6, note = $7, platform = $8, spent_until = $9, posts = $10
    where org_id = $1 and id = $2`,
    [
      ctx.orgId,
      id,
      spend.kind,
      spend.channel,
      spend.amountMinor,
      spend.spentOn,
      spend.note,
      spend.platform,
      spend.spentUntil,
      spend.posts,
    ],
  )

/** A campaign's spends, latest first. */
export const selectSpends = (ctx: Ctx, campaignId: CampaignId, limit: number): Promise<Spend[]> =>
  ctx.db.named(
    'budgets_spends',
    `
    select ${SPEND} from spend where org_id = $1 and campaign_id = $2 order by spent_on desc, id desc limit $3`,
    [ctx.orgId, campaignId, limit],
  )

/** How many spends campaigns have; those without any are left out. */
export const countSpends = (
  ctx: Ctx,
  campaignIds: readonly CampaignId[],
): Promise<{ campaignId: CampaignId; n: number }[]> =>
  ctx.db.named(
    'budgets_spend_counts',
    `
    select campaign_id, count(*)::int as n from spend
    where org_id = $1 and campaign_id = any($2::uuid[]) group by campaign_id`,
    [ctx.orgId, campaignIds],
  )

/** @returns the spend that was there, or undefined */
export const deleteSpendRow = async (
  ctx: Ctx,
  campaignId: CampaignId,
  id: SpendId,
): Promise<{ amountMinor: number; kind: SpendKind; note: string } | undefined> =>
  (
    await ctx.db.named<{ amountMinor: number; kind: SpendKind; note: string }>(
      'budgets_spend_delete',
      `
      delete from spend where org_id = $1 and campaign_id = $2 and id = $3
      returning amount_minor::float8 as amount_minor, kind, note`,
      [ctx.orgId, campaignId, id],
    )
  )[0]

/** Sums of spends that belong to no campaign within some days, by channel and platform. */
export const sumLooseSpends = (
  ctx: Ctx,
  { fromOn, toOn }: { fromOn: string; toOn: string },
): Promise<{ channel: string | null; platform: SpendPlatform | null; amountMinor: number }[]> =>
  ctx.db.named(
    'budgets_spend_loose_sums',
    `
    select channel, platform, sum(${spentWithin('$2', '$3')})::float8 as amount_minor from spend
    where org_id = $1 and campaign_id is null
      and spent_on <= $3::date and coalesce(spent_until, spent_on) >= $2::date
    group by channel, platform`,
    [ctx.orgId, fromOn, toOn],
  )

/** Sums of spends by campaign, channel and platform. */
export const sumSpends = (
  ctx: Ctx,
  campaignIds: readonly CampaignId[],
): Promise<
  { campaignId: CampaignId; channel: string | null; platform: SpendPlatform | null; amountMinor: number }[]
> =>
  ctx.db.named(
    'budgets_spend_sums',
    `
    select campaign_id, channel, platform, sum(amount_minor)::float8 as amount_minor from spend
    where org_id = $1 and campaign_id = any($2::uuid[]) group by campaign_id, channel, platform`,
    [ctx.orgId, campaignIds],
  )

/** A file of spends that came in. */
export interface SpendImport {
  id: SpendImportId
  fileName: string
  spends: number
  amountMinor: number
  createdBy: string
  createdAt: Date
  undoneAt: Date | null
}

const IMPORT =
  'id, file_name, spends, amount_minor::float8 as amount_minor, created_by, created_at, undone_at'

export const insertSpendImport = (ctx: Ctx, row: Omit<SpendImport, 'undoneAt'>): Promise<unknown> =>
  ctx.db.named(
    'budgets_spend_import_insert',
    `
    insert into spend_import (org_id, id, file_name, spends, amount_minor, created_by, created_at)
    values ($1, $2, $3, $4, $5, $6, $7)`,
    [ctx.orgId, row.id, row.fileName, row.spends, row.amountMinor, row.createdBy, row.createdAt],
  )

/** Newest first. */
export const selectSpendImports = (ctx: Ctx, limit: number): Promise<SpendImport[]> =>
  ctx.db.named(
    'budgets_spend_imports',
    `select ${IMPORT} from spend_import where org_id = $1 order by created_at desc, id desc limit $2`,
    [ctx.orgId, limit],
  )

export const lockSpendImport = async (ctx: Ctx, id: SpendImportId): Promise<SpendImport | undefined> =>
  (
    await ctx.db.named<SpendImport>(
      'budgets_spend_import_lock',
      `select ${IMPORT} from spend_import where org_id = $1 and id = $2 for update`,
      [ctx.orgId, id],
    )
  )[0]

export const markSpendImportUndone = (ctx: Ctx, id: SpendImportId): Promise<unknown> =>
  ctx.db.named(
    'budgets_spend_import_undone',
    'update spend_import set undone_at = $3, undone_by = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, ctx.now(), ctx.actor.id],
  )

/** @returns how many were there still */
export const deleteSpendsOfImport = async (ctx: Ctx, id: SpendImportId): Promise<number> =>
  (
    await ctx.db.named(
      'budgets_spend_import_delete',
      'delete from spend where org_id = $1 and import_id = $2 returning id',
      [ctx.orgId, id],
    )
  ).length

/** A spend of a file; its campaign is one that the caller knows to exist, or null. */
export type ImportedSpend = Pick<
  Spend,
  'campaignId' | 'channel' | 'platform' | 'amountMinor' | 'spentOn' | 'spentUntil' | 'note'
>

/** The places of those that stand there already, with the same day, amount, note and subject. */
export const selectKnownSpends = async (ctx: Ctx, spends: readonly ImportedSpend[]): Promise<number[]> =>
  (
    await ctx.db.named<{ place: number }>(
      'budgets_spends_known',
      `
      select asked.place::int - 1 as place
      from unnest($2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::date[], $7::date[], $8::text[])
        with ordinality as asked (campaign_id, channel, platform, amount_minor, spent_on, spent_until, note, place)
      where exists (
        select from spend s
        where s.org_id = $1 and s.campaign_id is not distinct from asked.campaign_id and s.spent_on = asked.spent_on
          and s.amount_minor = asked.amount_minor and s.note = asked.note and s.channel is not distinct from asked.channel
          and s.platform is not distinct from asked.platform and s.spent_until is not distinct from asked.spent_until
      )`,
      [
        ctx.orgId,
        spends.map((spend) => spend.campaignId),
        spends.map((spend) => spend.channel),
        spends.map((spend) => spend.platform),
        spends.map((spend) => spend.amountMinor),
        spends.map((spend) => spend.spentOn),
        spends.map((spend) => spend.spentUntil),
        spends.map((spend) => spend.note),
      ],
    )
  ).map(({ place }) => place)

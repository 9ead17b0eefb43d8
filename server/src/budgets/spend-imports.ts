/** Spends that come in files: written down together, taken back together. */
import { audit } from '../platform/audit/index.ts'
import type { Ctx } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import { newId, type CampaignId } from '../platform/ids.ts'
import { SPENDS_MAX } from './costs.ts'
import { errors } from './errors.ts'
import {
  countSpends,
  deleteSpendsOfImport,
  insertSpendImport,
  insertSpends,
  lockSpendImport,
  markSpendImportUndone,
  selectKnownSpends,
  selectSpendImports,
  type ImportedSpend,
  type SpendImport,
  type SpendImportId,
} from './spend-queries.ts'

const IMPORTS_SHOWN = 50

/** The places of those that were written down already, by this file or by hand. */
export const knownSpends = async (ctx: Ctx, spends: readonly ImportedSpend[]): Promise<ReadonlySet<number>> =>
  new Set(await selectKnownSpends(ctx, spends))

/** How many more spends each campaign can hold. */
export async function roomForSpends(
  ctx: Ctx,
  campaignIds: readonly CampaignId[],
): Promise<(id: CampaignId) => number> {
  const counts = new Map((await countSpends(ctx, campaignIds)).map(({ campaignId, n }) => [campaignId, n]))
  return (id) => SPENDS_MAX - (counts.get(id) ?? 0)
}

/** Writes down what a file says, all of it or nothing. Source: MA-7.2 */
export function importSpends(
  ctx: Ctx,
  { fileName, spends }: { fileName: string; spends: readonly ImportedSpend[] },
): Promise<SpendImport> {
  return inTransaction(ctx, async (ctx) => {
    const now = ctx.now()
    const row = {
      id: newId<'spend_import'>(now),
      fileName,
      spends: spends.length,
      amountMinor: spends.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
      createdBy: ctx.actor.id,
      createdAt: now,
    }
    await insertSpendImport(ctx, row)
    await insertSpends(
      ctx,
      spends.map((spend) => ({
        ...spend,
        id: newId<'spend'>(now),
        kind: 'media' as const,
        posts: null,
        createdBy: ctx.actor.id,
      })),
      row.id,
    )
    audit(
      ctx,
      'budgets.spends_imported',
      { kind: 'organization', id: ctx.orgId },
      { importId: row.id, fileName, spends: row.spends, amountMinor: row.amountMinor },
    )
    return { ...row, undoneAt: null }
  })
}

export const listSpendImports = (ctx: Ctx): Promise<SpendImport[]> => selectSpendImports(ctx, IMPORTS_SHOWN)

/**
 * Takes back what a file wrote down, corrected ones too; those that were removed since stay so.
 * @throws budgets.spend_import_not_found, budgets.spend_import_undone
 */
export function undoSpendImport(ctx: Ctx, id: SpendImportId): Promise<SpendImport> {
  return inTransaction(ctx, async (ctx) => {
    const found = await lockSpendImport(ctx, id)
    if (!found) throw errors.spend_import_not_found({ id })
    if (found.undoneAt !== null) throw errors.spend_import_undone({ id })
    const removed = await deleteSpendsOfImport(ctx, id)
    await markSpendImportUndone(ctx, id)
    audit(
      ctx,
      'budgets.spend_import_undone',
      { kind: 'organization', id: ctx.orgId },
      { importId: id, fileName: found.fileName, removed },
    )
    return { ...found, undoneAt: ctx.now() }
  })
}

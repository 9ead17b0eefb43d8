/** Files of spends: looked at, written down, taken back. */
import {
  importSpends,
  knownSpends,
  listSpendImports,
  roomForSpends,
  undoSpendImport,
  type ImportedSpend,
  type SpendImport,
  type SpendImportId,
} from '../../budgets/index.ts'
import { fold } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { fromWire, toWire, wirePattern, type CampaignId } from '../../platform/ids.ts'
import { toMajor } from '../../platform/money.ts'
import { isStorable } from '../../platform/storable.ts'
import { organizationOf } from '../../team/index.ts'
import { errors } from '../errors.ts'
import type { SpendFile, SpendFilePreview, SpendImportOnWire } from '../schema.ts'
import { selectNamedCampaigns } from './queries.ts'
import { namesIn, orderOf, rowsOf, tableOf, understood, type SpendRow, type SpendTable } from './read.ts'
import type { DayOrder } from './values.ts'

/** Rows of a file: what ten campaigns spend in a year, day by day. */
export const ROWS_MAX = 5_000
/** Rows that a preview shows; those with something wrong first. */
const ROWS_SHOWN = 100

/** A file as it was read. */
interface Judged {
  table: SpendTable
  rows: SpendRow[]
  /** Of rows that stand there already. */
  known: ReadonlySet<SpendRow>
  names: ReadonlyMap<CampaignId, string>
  currency: string
  order: DayOrder
}

/** What would come of a file. Changes nothing. @throws reports.spend_file_not_text, reports.spend_file_too_long */
export async function previewSpendFile(ctx: Ctx, file: SpendFile): Promise<SpendFilePreview> {
  const judged = await judge(ctx, file)
  const { table, rows, known, names, currency, order } = judged
  const taken = takenOf(judged, file)
  return {
    currency,
    columns: understood(table),
    missing: table.missing,
    order,
    counts: {
      rows: rows.length,
      wrong: rows.filter(isWrong).length,
      known: known.size,
      taken: taken.length,
    },
    total:
      toMajor(
        taken.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
        currency,
      ) ?? 0,
    rows: [...rows.filter(isWrong), ...rows.filter((row) => !isWrong(row))]
      .slice(0, ROWS_SHOWN)
      .map((row) => ({
        row: row.number,
        problems: row.problems,
        isKnown: known.has(row),
        spend: row.spend && {
          campaign: row.spend.campaignId === null ? null : (names.get(row.spend.campaignId) ?? ''),
          channel: row.spend.channel,
          platform: row.spend.platform,
          amount: toMajor(row.spend.amountMinor, currency) ?? 0,
          spentOn: row.spend.spentOn,
          spentUntil: row.spend.spentUntil,
          note: row.spend.note,
        },
      })),
  }
}

/**
 * Writes down what a file says. Nothing of it when a row is wrong, unless such rows are to be left out.
 * @throws reports.spend_file_not_text, reports.spend_file_too_long, reports.spend_rows_wrong, reports.spend_file_empty
 */
export async function takeSpendFile(ctx: Ctx, file: SpendFile): Promise<SpendImportOnWire> {
  const judged = await judge(ctx, file)
  const wrong = judged.rows.filter(isWrong)
  if (judged.table.missing.length > 0 || (wrong.length > 0 && !file.leavesOutWrong))
    throw errors.spend_rows_wrong({
      missing: judged.table.missing,
      rows: wrong.slice(0, 20).map(({ number, problems }) => ({ row: number, problems })),
    })
  const spends = takenOf(judged, file)
  if (spends.length === 0) throw errors.spend_file_empty()
  return onWire(await importSpends(ctx, { fileName: file.fileName, spends }), judged.currency)
}

/** The files that came in, newest first. */
export async function spendFiles(ctx: Ctx): Promise<{ items: SpendImportOnWire[] }> {
  const { currency } = await organizationOf(ctx)
  return { items: (await listSpendImports(ctx)).map((row) => onWire(row, currency)) }
}

/** @throws budgets.spend_import_not_found, budgets.spend_import_undone */
export async function takeBackSpendFile(ctx: Ctx, id: SpendImportId): Promise<SpendImportOnWire> {
  const { currency } = await organizationOf(ctx)
  return onWire(await undoSpendImport(ctx, id), currency)
}

const isWrong = ({ problems }: SpendRow): boolean => problems.length > 0

/** The spends of a file that are to be written down. */
const takenOf = ({ rows, known }: Judged, { repeatsKnown }: SpendFile): ImportedSpend[] =>
  rows.flatMap((row) => (row.spend !== null && (repeatsKnown || !known.has(row)) ? [row.spend] : []))

async function judge(ctx: Ctx, file: SpendFile): Promise<Judged> {
  const { currency } = await organizationOf(ctx)
  if (!isStorable(file.text)) throw errors.spend_file_not_text()
  const table = tableOf(file.text)
  if (table.rows.length > ROWS_MAX) throw errors.spend_file_too_long({ max: ROWS_MAX })
  const order = orderOf(table, file.order, ctx.locale)
  const byName = await campaignsNamed(ctx, namesIn(table))
  const names = new Map([...byName.values()].flat().map(({ id, name }) => [id, name]))
  const rows =
    table.missing.length > 0
      ? []
      : rowsOf(table, {
          order,
          currency,
          campaignsOf: (name) => (byName.get(fold(name)) ?? []).map(({ id }) => id),
        })
  await refuseOverfull(ctx, rows)
  const whole = rows.flatMap((row) => (row.spend === null ? [] : [{ row, spend: row.spend }]))
  const places = await knownSpends(
    ctx,
    whole.map(({ spend }) => spend),
  )
  const known = new Set(whole.filter((_one, at) => places.has(at)).map(({ row }) => row))
  return { table, rows, known, names, currency, order }
}

/** Campaigns by what a file calls them: their id on the wire, or their name. */
async function campaignsNamed(
  ctx: Ctx,
  names: readonly string[],
): Promise<Map<string, { id: CampaignId; name: string }[]>> {
  const isId = wirePattern('campaign')
  const ids = names.filter((name) => isId.test(name)).map((id) => fromWire('campaign', id) as CampaignId)
  const found = await selectNamedCampaigns(ctx, { ids, names, limit: ROWS_MAX })
  const byId = new Map(found.map((campaign) => [fold(toWire('campaign', campaign.id)), [campaign]]))
  return new Map([...Map.groupBy(found, ({ name }) => fold(name)), ...byId])
}

/** Marks the rows that their campaign has no room for. */
async function refuseOverfull(ctx: Ctx, rows: readonly SpendRow[]): Promise<void> {
  const ids = [...new Set(rows.flatMap(({ spend }) => spend?.campaignId ?? []))]
  const roomOf = await roomForSpends(ctx, ids)
  const left = new Map(ids.map((id) => [id, roomOf(id)]))
  for (const row of rows) {
    const id = row.spend?.campaignId
    if (id === null || id === undefined) continue
    const room = (left.get(id) ?? 0) - 1
    left.set(id, room)
    if (room >= 0) continue
    row.spend = null
    row.problems.push({ column: 'campaign', code: 'campaign_full', value: '' })
  }
}

const onWire = (
  { amountMinor, createdBy: _who, ...row }: SpendImport,
  currency: string,
): SpendImportOnWire => ({
  ...row,
  currency,
  amount: toMajor(amountMinor, currency) ?? 0,
})

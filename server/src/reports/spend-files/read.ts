/** Reads a file of spends: its rows as spends, or what is wrong with each. */
import { SPEND_PLATFORMS, type ImportedSpend } from '../../budgets/index.ts'
import { CHANNELS } from '../../campaigns/index.ts'
import { detectDialect, fold, RowTokenizer, type CsvRow } from '../../contacts/index.ts'
import type { Locale } from '../../platform/context.ts'
import { decimalsOf } from '../../platform/money.ts'
import type { CampaignId } from '../../platform/ids.ts'
import {
  SPEND_COLUMNS,
  type SpendColumn,
  type SpendDayOrder,
  type SpendProblem,
  type SpendProblemCode,
} from '../schema.ts'
import { columnsOf, headerCurrency } from './columns.ts'
import { currencyTest, dayOrderOf, readAmount, readDay, signIn, type DayOrder } from './values.ts'

const NOTE_CHARS_MAX = 500
/** Without these no row can be read. */
const NEEDED = ['date', 'amount'] as const satisfies readonly SpendColumn[]

/** The rows of a file, by the columns that are known. */
export interface SpendTable {
  columns: ReadonlyMap<SpendColumn, number>
  /** As the header calls them. */
  header: string[]
  missing: SpendColumn[]
  rows: CsvRow[]
}

/** A row that was read. */
export interface SpendRow {
  /** As a spreadsheet numbers it. */
  number: number
  /** Null where something is wrong. */
  spend: ImportedSpend | null
  problems: SpendProblem[]
}

/** Cuts a file into rows and knows its columns. @throws contacts.csv_row_too_long, contacts.csv_too_many_columns */
export function tableOf(text: string): SpendTable {
  const plain = text.replace(/^\ufeff/, '')
  const { separator, rowsBefore } = detectDialect(plain, true)
  const tokenizer = new RowTokenizer(separator)
  const [header, ...rows] = [...tokenizer.push(plain), ...tokenizer.end()].slice(rowsBefore)
  const columns = columnsOf(header?.cells ?? [])
  return {
    columns,
    header: header?.cells ?? [],
    missing: NEEDED.filter((column) => !columns.has(column)),
    rows,
  }
}

const cellOf = ({ columns }: SpendTable, row: CsvRow, column: SpendColumn): string =>
  // Our own exports write an apostrophe before what a spreadsheet would take for a formula.
  (row.cells[columns.get(column) ?? -1] ?? '').trim().replace(/^'(?=[=+\-@])/, '')

/** What a file calls campaigns, for looking them up. */
export const namesIn = (table: SpendTable): string[] => [
  ...new Set(table.rows.map((row) => cellOf(table, row, 'campaign')).filter((name) => name !== '')),
]

/** How the file writes days: as asked, as its own days tell, else as the language does. */
export function orderOf(table: SpendTable, asked: SpendDayOrder, locale: Locale): DayOrder {
  if (asked !== 'auto') return asked
  const texts = table.rows.flatMap((row) => [cellOf(table, row, 'date'), cellOf(table, row, 'until')])
  return dayOrderOf(texts) ?? (locale === 'en' ? 'mdy' : 'dmy')
}

/** What rows are read by. */
export interface Reading {
  order: DayOrder
  currency: string
  /** The campaigns of a name or an id. */
  campaignsOf: (name: string) => readonly CampaignId[]
}

/** Reads every row. Pure. */
export function rowsOf(table: SpendTable, reading: Reading): SpendRow[] {
  const isOwn = currencyTest(reading.currency)
  return table.rows.map((row) => readRow(table, row, { ...reading, isOwn }))
}

function readRow(
  table: SpendTable,
  row: CsvRow,
  { order, currency, campaignsOf, isOwn }: Reading & { isOwn: (currency: string) => boolean },
): SpendRow {
  const problems: SpendProblem[] = []
  const cell = (column: SpendColumn): string => cellOf(table, row, column)
  const wrong = (column: SpendColumn, code: SpendProblemCode): void => {
    problems.push({ column, code, value: cell(column).slice(0, 80) })
  }
  const taken = <Value>(
    column: SpendColumn,
    read: { value: Value } | { code: SpendProblemCode },
  ): Value | null => {
    if ('value' in read) return read.value
    wrong(column, read.code)
    return null
  }
  const amountMinor = taken('amount', readAmount(cell('amount'), decimalsOf(currency)))
  const spentOn = taken('date', readDay(cell('date'), order))
  const spentUntil = cell('until') === '' ? null : taken('until', readDay(cell('until'), order))
  if (spentOn !== null && spentUntil !== null && spentUntil < spentOn) wrong('until', 'until_before_date')
  const stated = statedCurrency(table, cell('currency'), cell('amount'))
  if (stated !== null && !isOwn(stated))
    problems.push({ column: 'currency', code: 'currency_other', value: stated.slice(0, 80) })
  const channel = oneOf(cell('channel'), CHANNELS)
  if (channel === undefined) wrong('channel', 'channel_unknown')
  const platform = oneOf(cell('platform'), SPEND_PLATFORMS)
  if (platform === undefined) wrong('platform', 'platform_unknown')
  const campaigns = cell('campaign') === '' ? [] : campaignsOf(cell('campaign'))
  if (cell('campaign') !== '' && campaigns.length !== 1)
    wrong('campaign', campaigns.length === 0 ? 'campaign_unknown' : 'campaign_ambiguous')
  if (cell('campaign') === '' && channel === null && platform === null) wrong('campaign', 'names_nothing')
  const note = cell('note')
  if (note.length > NOTE_CHARS_MAX) wrong('note', 'note_too_long')
  const isWhole = problems.length === 0 && amountMinor !== null && spentOn !== null
  return {
    number: row.number,
    problems,
    spend: isWhole
      ? {
          campaignId: campaigns[0] ?? null,
          channel: channel ?? null,
          platform: platform ?? null,
          amountMinor,
          spentOn,
          spentUntil: spentUntil === spentOn ? null : spentUntil,
          note,
        }
      : null,
  }
}

/** What a row says of its currency: in its own column, by a sign beside the amount, or in the header. */
const statedCurrency = ({ header, columns }: SpendTable, own: string, amount: string): string | null =>
  (own === '' ? null : own.toUpperCase()) ?? signIn(amount) ?? headerCurrency(header, columns)

/** One of a list, however it is written; null for nothing, undefined for something else. */
function oneOf<Word extends string>(text: string, words: readonly Word[]): Word | null | undefined {
  const plain = fold(text)
    .replaceAll(/[\s_-]+/g, '_')
    .replace(/^(e_mail|mail|courriel)$/, 'email')
    .replace(/^(twitter)$/, 'x')
  return plain === '' ? null : words.find((word) => word === plain)
}

/** The columns of a file as they were understood, in its order; null for those that say nothing to us. */
export const understood = ({ header, columns }: SpendTable): { name: string; column: SpendColumn | null }[] =>
  header.map((name, at) => ({
    name: name.trim().slice(0, 80),
    column: SPEND_COLUMNS.find((column) => columns.get(column) === at) ?? null,
  }))

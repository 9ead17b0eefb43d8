/** What is in a file: how it is written, which columns it has, what they seem to be. */
import type { Ctx } from '../../platform/context.ts'
import { errors } from '../errors.ts'
import { guessDefaultCountry } from '../columns/dialling.ts'
import { type ColumnGuess, guessColumns } from '../columns/guess.ts'
import { columnNames, detectDialect } from '../csv/dialect.ts'
import { type Encoding, decode } from '../csv/encoding.ts'
import { type CsvRow, RowTokenizer } from '../csv/tokenizer.ts'
import { selectFields } from '../fields/queries.ts'
import { type ImportId, fileOf } from './import.ts'
import type { FileReading } from './rows.ts'

/** Bytes at the start of a file that are looked at. */
export const SAMPLE_BYTES = 512 * 1024
/** Rows that the guesses look at, and that a screen shows the first of. */
const SAMPLE_ROWS_MAX = 1_000

/** What was found. */
export interface Analysis extends FileReading {
  columns: ColumnGuess[]
  /** Where its phone numbers without country code seem to be dialled from. */
  defaultCountry: string | null
}

/**
 * Looks at the beginning of a stored file.
 *
 * @param wanted          how the person wants it read; what is not said is found out
 * @param defaultCountry  where its phone numbers are expected to be dialled from
 * @throws contacts.file_empty, contacts.csv_no_rows, and the refusals of the tokenizer
 */
export async function analyse(
  ctx: Ctx,
  id: ImportId,
  wanted: Partial<FileReading> & { encoding: Encoding },
  defaultCountry: string | null,
): Promise<Analysis> {
  const size = (await ctx.platform.storage.size(ctx.orgId, fileOf(id))) ?? 0
  const bytes = ctx.platform.storage.read(ctx.orgId, fileOf(id), { start: 0, end: SAMPLE_BYTES - 1 })
  let text = ''
  for await (const piece of decode(bytes as AsyncIterable<Buffer>, wanted.encoding)) text += piece
  if (text.trim() === '') throw errors.file_empty()
  const isWhole = size <= SAMPLE_BYTES
  const dialect = detectDialect(text, isWhole)
  const separator = wanted.separator ?? dialect.separator
  const rows = sampleRows(text, separator, isWhole).slice(dialect.rowsBefore)
  const hasHeader = wanted.hasHeader ?? dialect.hasHeader
  const header = hasHeader ? rows[0] : undefined
  const data = hasHeader ? rows.slice(1) : rows
  if (data.length === 0) throw errors.csv_no_rows()
  const width = data.reduce((widest, row) => Math.max(widest, row.cells.length), header?.cells.length ?? 0)
  const fields = await selectFields(ctx)
  const columns = guessColumns(
    columnNames(header?.cells ?? null, header ? header.cells.length : width),
    data.map((row) => row.cells),
    { locale: ctx.locale, defaultCountry, customFields: fields.filter((field) => field.archivedAt === null) },
  )
  const cells = data.map((row) => row.cells)
  return {
    encoding: wanted.encoding,
    separator,
    hasHeader,
    columns,
    defaultCountry: guessDefaultCountry(columns, cells, defaultCountry),
  }
}

function sampleRows(text: string, separator: FileReading['separator'], isWhole: boolean): CsvRow[] {
  const tokenizer = new RowTokenizer(separator)
  const rows = tokenizer.push(text)
  if (isWhole || rows.length === 0) rows.push(...tokenizer.end())
  return rows.slice(0, SAMPLE_ROWS_MAX)
}

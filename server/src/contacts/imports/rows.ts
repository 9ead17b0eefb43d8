/** Reads the rows of a stored file, from its beginning or from where an import stood. */
import type { Ctx } from '../../platform/context.ts'
import { type Encoding, decode } from '../csv/encoding.ts'
import { type CsvRow, RowTokenizer, type Separator } from '../csv/tokenizer.ts'
import { type ImportId, fileOf } from './import.ts'

/** How the file is written. */
export interface FileReading {
  encoding: Encoding
  separator: Separator
  hasHeader: boolean
}

/** Some rows, and how many bytes of the file have been read for them. */
export interface RowPiece {
  rows: CsvRow[]
  bytesRead: number
}

/**
 * The data rows of a file after row `afterRow` (a spreadsheet's count; 0 begins). To come back to a place, the file is
 * read again from its start without converting: some 100 MB/s, which is little beside the work already done, and it
 * is exact for every encoding.
 */
export async function* readRows(
  ctx: Ctx,
  id: ImportId,
  reading: FileReading,
  afterRow: number,
): AsyncGenerator<RowPiece> {
  let bytesRead = 0
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of ctx.platform.storage.read(ctx.orgId, fileOf(id)) as AsyncIterable<Buffer>) {
      bytesRead += piece.length
      yield piece
    }
  }
  const tokenizer = new RowTokenizer(reading.separator)
  let headerRow = reading.hasHeader ? 0 : -1
  let isFirst = true
  const dataRows = (rows: CsvRow[]): CsvRow[] =>
    rows.filter((row) => {
      // Excel's own first line, `sep=;`, is neither header nor data.
      if (isFirst) {
        isFirst = false
        if (/^sep=.?$/i.test(row.cells[0] ?? '')) return false
      }
      if (headerRow === 0) headerRow = row.number
      return row.number > headerRow && row.number > afterRow
    })
  for await (const text of decode(counted(), reading.encoding)) {
    const rows = dataRows(tokenizer.push(text))
    if (rows.length > 0) yield { rows, bytesRead }
  }
  const rows = dataRows(tokenizer.end())
  if (rows.length > 0) yield { rows, bytesRead }
}

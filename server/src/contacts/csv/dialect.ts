/** Finds a file's separator and its header row from its first rows. */
import { type CsvRow, ROW_CELLS_MAX, RowTokenizer, SEPARATORS, type Separator } from './tokenizer.ts'
import { AppError } from '../../platform/errors.ts'

/** Rows that decide which separator a file has. */
const ROWS_LOOKED_AT = 50

/** How a file is written. */
export interface Dialect {
  separator: Separator
  /** The first row names the columns. */
  hasHeader: boolean
  /** Rows before the header or the data: Excel's own `sep=;` line. */
  rowsBefore: 0 | 1
}

/**
 * The dialect of a file, from the text of its beginning.
 *
 * @param isWhole  the text is the whole file, so that its last row counts
 */
export function detectDialect(text: string, isWhole: boolean): Dialect {
  const declared = /^sep=([,;\t|])\r?\n?/i.exec(text)
  const separator = declared ? (declared[1] as Separator) : detectSeparator(text, isWhole) // the class names the four
  const rowsBefore = declared ? 1 : 0
  const rows = firstRows(text, separator, isWhole).slice(rowsBefore)
  return { separator, hasHeader: looksLikeHeader(rows), rowsBefore }
}

/**
 * The separator under which the first rows have the most columns and the most equal ones. A comma inside amounts
 * gives uneven rows, which is what tells "a;1,5" from "a,b".
 */
function detectSeparator(text: string, isWhole: boolean): Separator {
  let best: { separator: Separator; score: number } = { separator: ',', score: 0 }
  for (const separator of SEPARATORS) {
    const widths = firstRows(text, separator, isWhole).map((row) => row.cells.length)
    const header = widths[0] ?? 1
    if (header < 2) continue
    const equal = widths.filter((width) => width === header).length / widths.length
    const score = equal * equal * Math.min(header, 50) ** 0.5
    if (score > best.score) best = { separator, score }
  }
  return best.separator
}

/** The first rows under a separator; none when they cannot be read with it. */
function firstRows(text: string, separator: Separator, isWhole: boolean): CsvRow[] {
  const tokenizer = new RowTokenizer(separator)
  try {
    const rows = tokenizer.push(text)
    if (isWhole || rows.length === 0) rows.push(...tokenizer.end())
    return rows.slice(0, ROWS_LOOKED_AT)
  } catch (error) {
    // Under a wrong separator a good file may look too wide; the right one is judged by the reader itself.
    if (error instanceof AppError) return []
    throw error
  }
}

/**
 * A header names: its cells are short, differ from each other, and hold no address, number or date. Where nothing
 * tells, the first row is a header: nearly every export has one.
 */
function looksLikeHeader(rows: readonly CsvRow[]): boolean {
  const first = rows[0]?.cells.map((cell) => cell.trim())
  if (!first) return false
  const filled = first.filter((cell) => cell !== '')
  if (filled.length === 0) return false
  const isData = (cell: string) => /@/.test(cell) || /^[+-]?[\d\s.,/:()-]{2,}$/.test(cell)
  if (filled.some(isData)) return false
  const differ = new Set(filled.map((cell) => cell.toLowerCase())).size
  return differ > filled.length / 2 && filled.every((cell) => cell.length <= 120)
}

/** Names for the columns: the header's own, made unique, or `Column 3` where it says none. */
export function columnNames(header: readonly string[] | null, width: number): string[] {
  const names: string[] = []
  const seen = new Map<string, number>()
  for (let i = 0; i < Math.min(width, ROW_CELLS_MAX); i++) {
    const given = header?.[i]
      ?.replaceAll(/[\u0000-\u001f\ufeff]/g, ' ')
      .trim()
      .slice(0, 200)
    const name = given === undefined || given === '' ? `#${i + 1}` : given
    const before = seen.get(name) ?? 0
    seen.set(name, before + 1)
    names.push(before === 0 ? name : `${name} (${before + 1})`)
  }
  return names
}

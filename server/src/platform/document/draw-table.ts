/** Tables: a head that comes again on each page, figures at the end of their column. */
import type { Table } from './blocks.ts'
import { LINE, MARGIN, SOFT } from './look.ts'
import type { Pen, Tag } from './pen.ts'

const TEXT_POINTS = 9
const PAD = 6
const PAD_SIDE = 8
/** A column of names takes as much as so many of figures, at least. */
const NAME_SHARE = 1.6
const ROW_MIN = TEXT_POINTS + 2 * PAD

/** A table whose columns have their widths. */
export interface LaidOut {
  table: Table
  widths: readonly number[]
  /** How many points stand together at its beginning: the head and two rows. */
  start: number
}

export function layOut(pen: Pen, table: Table): LaidOut {
  const widths = columnWidths(pen, table)
  return { table, widths, start: heightOf(pen, headOf(table), widths) + 2 * ROW_MIN }
}

/** Draws it with its tags, on a page that has room for its beginning. */
export function drawTable(pen: Pen, { table, widths }: LaidOut): void {
  const { pdf, root } = pen
  const tag = pdf.struct('Table', { title: table.title })
  root.add(tag)
  const drawHead = (): void => drawRow(pen, tag, { table, widths, cells: headOf(table), isHead: true })
  drawHead()
  for (const cells of table.rows) {
    if (pen.room(heightOf(pen, cells, widths))) drawHead()
    drawRow(pen, tag, { table, widths, cells, isHead: false })
  }
  tag.end()
  pdf.x = MARGIN
  pdf.y += PAD
}

const headOf = ({ columns }: Table): string[] => columns.map(({ title }) => title)

interface Row {
  table: Table
  widths: readonly number[]
  cells: readonly string[]
  isHead: boolean
}

function drawRow(pen: Pen, parent: Tag, { table, widths, cells, isHead }: Row): void {
  const { pdf } = pen
  const [top, height] = [pdf.y, heightOf(pen, cells, widths, isHead)]
  if (isHead) pen.ornament(() => pdf.rect(MARGIN, top, pen.width, height).fill(SOFT))
  const row = pdf.struct('TR')
  parent.add(row)
  let x = MARGIN
  cells.forEach((text, at) => {
    const width = widths[at] ?? 0
    const [left, align] = [x, table.columns[at]?.align === 'end' ? 'right' : 'left'] as const
    const kind = isHead || at === 0 ? 'TH' : 'TD'
    pen.tag(row, kind, isHead ? { scope: 'Column' } : at === 0 ? { scope: 'Row' } : {}, () =>
      pen.text(text, left + PAD_SIDE, top + PAD + 1, {
        size: TEXT_POINTS,
        bold: isHead,
        align,
        width: width - 2 * PAD_SIDE,
      }),
    )
    x += width
  })
  row.end()
  pdf.y = top + height
  pen.ornament(() =>
    pdf
      .moveTo(MARGIN, pdf.y)
      .lineTo(MARGIN + pen.width, pdf.y)
      .lineWidth(0.5)
      .strokeColor(LINE)
      .stroke(),
  )
  pdf.y = top + height
}

/**
 * As wide as their longest text asks, the rest shared. Where that is too much, each keeps what it cannot break (figures,
 * and the longest word of the others) and gets its share of what is left.
 */
function columnWidths(pen: Pen, { columns, rows }: Table): number[] {
  const wide = (texts: readonly string[], isHead = false): number =>
    Math.max(0, ...texts.flatMap(linesOf).map((line) => pen.widthOf(line, TEXT_POINTS, isHead))) +
    2 * PAD_SIDE +
    1
  const cells = columns.map((_, at) => rows.map((row) => row[at] ?? ''))
  const wanted = columns.map(({ title }, at) => Math.max(wide([title], true), wide(cells[at] ?? [])))
  const total = sumOf(wanted)
  if (total <= pen.width) {
    const spare = (pen.width - total) / (columns.length - 1 + NAME_SHARE)
    return wanted.map((width, at) => width + spare * (at === 0 ? NAME_SHARE : 1))
  }
  const least = columns.map(({ title, align }, at) => {
    const texts = cells[at] ?? []
    return Math.max(wide(wordsOf([title]), true), wide(align === 'end' ? texts : wordsOf(texts)))
  })
  const left = pen.width - sumOf(least)
  if (left < 0) return wanted.map((width) => (width * pen.width) / total)
  const share = left / (total - sumOf(least))
  return wanted.map((width, at) => (least[at] ?? 0) + (width - (least[at] ?? 0)) * share)
}

const linesOf = (text: string): string[] => text.split('\n')

const wordsOf = (texts: readonly string[]): string[] => texts.flatMap((text) => text.split(/[ \n]/))

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

function heightOf(pen: Pen, cells: readonly string[], widths: readonly number[], isHead = true): number {
  const heights = cells.map((text, at) =>
    pen.heightOf(text, (widths[at] ?? 0) - 2 * PAD_SIDE, TEXT_POINTS, isHead),
  )
  return Math.max(...heights) + 2 * PAD
}

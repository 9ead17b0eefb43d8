/** A page under a pen: tagged pieces in reading order, a new page where something no longer fits. */
import PdfDocument from 'pdfkit'
import type { Paper } from './blocks.ts'
import { fontBytes, printable } from './letters.ts'
import { BOLD, FONT, INK, LINE, MARGIN, MUTED } from './look.ts'

type Pdf = PDFKit.PDFDocument
/** An element of the document's structure, which screen readers follow. */
export type Tag = PDFKit.PDFStructureElement
/** What pdfkit takes; its types lack the place of a figure and the scope of a head. */
export type TagOptions = PDFKit.Mixins.StructureElementOptions & {
  bbox?: [number, number, number, number]
  scope?: 'Column' | 'Row'
}
type Text = { size: number; bold?: boolean; colour?: string; align?: 'left' | 'right'; width?: number }

const FOOT_POINTS = 30

/** What draws: text and shapes at the place where the page stands. */
export interface Pen {
  readonly pdf: Pdf
  readonly root: Tag
  readonly width: number
  /** Starts a new page when so many points no longer fit. @returns true when it did */
  room(points: number): boolean
  /** Adds a tagged element; what it draws is its content. */
  tag(parent: Tag, kind: string, options: TagOptions, draw: () => void): void
  /** Draws what is no content: rules, boxes. */
  ornament(draw: () => void): void
  text(text: string, x: number, y: number, style: Text): void
  heightOf(text: string, width: number, size: number, bold?: boolean): number
  widthOf(text: string, size: number, bold?: boolean): number
}

/** Opens a document. The pages' numbers are written by `finish`. */
export function openPen({ title, locale, createdAt }: Pick<Paper, 'title' | 'locale' | 'createdAt'>): Pen {
  const pdf = new PdfDocument({
    size: 'A4',
    margin: MARGIN,
    pdfVersion: '1.7',
    tagged: true,
    displayTitle: true,
    lang: locale,
    bufferPages: true,
    info: {
      Title: printable(title),
      Creator: 'Fanfare',
      CreationDate: createdAt,
      ModDate: createdAt,
    },
  })
  const { regular, bold } = fontBytes()
  pdf.registerFont(FONT, regular).registerFont(BOLD, bold)
  const root = pdf.struct('Document')
  pdf.addStructure(root)
  const width = pdf.page.width - 2 * MARGIN
  const face = (size: number, bold = false): Pdf => pdf.font(bold ? BOLD : FONT).fontSize(size)
  return {
    pdf,
    root,
    width,
    room: (points) => {
      if (pdf.y + points <= pdf.page.height - MARGIN) return false
      pdf.addPage()
      return true
    },
    tag: (parent, kind, options, draw) => {
      parent.add(pdf.struct(kind, options, draw))
    },
    ornament: (draw) => {
      pdf.markContent('Artifact', { type: 'Layout' })
      draw()
      pdf.endMarkedContent()
    },
    text: (text, x, y, { size, bold, colour = INK, align = 'left', width: within }) => {
      face(size, bold).fillColor(colour)
      if (within === undefined) pdf.text(printable(text), x, y, { align, lineBreak: false })
      else
        linesOf(text).forEach((line, at) => pdf.text(line, x, at === 0 ? y : pdf.y, { align, width: within }))
    },
    heightOf: (text, within, size, bold) =>
      linesOf(text).reduce((sum, line) => sum + face(size, bold).heightOfString(line, { width: within }), 0),
    widthOf: (text, size, bold) => face(size, bold).widthOfString(printable(text)),
  }
}

/** Each is drawn by itself: pdfkit counts a break within a text as a letter, which may then not fit. */
const linesOf = (text: string): string[] => text.split('\n').map(printable)

/** Numbers the pages, which a screen reader passes over, and gives the bytes. */
export function finish(
  { pdf, width }: Pen,
  foot: string,
  pageOf: (n: number, of: number) => string,
): Promise<Buffer> {
  const bytes = gathered(pdf)
  const { start, count } = pdf.bufferedPageRange()
  for (let page = start; page < start + count; page++) {
    pdf.switchToPage(page)
    const { margins } = pdf.page
    // Below the margin nothing may start a new page.
    pdf.page.margins = { ...margins, bottom: 0 }
    const y = pdf.page.height - FOOT_POINTS
    pdf.markContent('Artifact', { type: 'Pagination' })
    pdf
      .moveTo(MARGIN, y - 8)
      .lineTo(MARGIN + width, y - 8)
      .lineWidth(0.5)
      .strokeColor(LINE)
      .stroke()
    pdf.font(FONT).fontSize(8).fillColor(MUTED)
    pdf.text(printable(foot), MARGIN, y, { lineBreak: false, width: width - 80, ellipsis: true })
    pdf.text(printable(pageOf(page - start + 1, count)), MARGIN + width - 80, y, {
      width: 80,
      align: 'right',
      lineBreak: false,
    })
    pdf.endMarkedContent()
    pdf.page.margins = margins
  }
  pdf.end()
  return bytes
}

function gathered(pdf: Pdf): Promise<Buffer> {
  const pieces: Buffer[] = []
  return new Promise((resolve, reject) => {
    pdf.on('data', (piece: Buffer) => pieces.push(piece))
    pdf.on('end', () => resolve(Buffer.concat(pieces)))
    pdf.on('error', reject)
  })
}

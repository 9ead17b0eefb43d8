/**
 * A document as PDF: tagged, so that a screen reader tells it in order with headings, tables and a text for each chart;
 * the charts as vectors, and each once more as a table at the end. Its letters travel with it: Latin, Greek, Cyrillic.
 */
import type { Block, Figure, Paper, Table } from './blocks.ts'
import { drawBars, drawIntervals, drawLines } from './draw-chart.ts'
import { drawTable, layOut } from './draw-table.ts'
import { LINE, MARGIN, MUTED } from './look.ts'
import type { Pen } from './pen.ts'

const TITLE_POINTS = 20
const HEADING_POINTS = 12
const TEXT_POINTS = 9.5
const TILES_IN_A_ROW = 4
const TILE_GAP = 8
const TILE_HEIGHT = 58

const TEXTS = {
  en: {
    page: (n: number, of: number) => `Page ${n} of ${of}`,
    twins: 'The charts as tables',
    seeTable: (title: string) => `${title}. The same figures stand in a table at the end.`,
  },
  fr: {
    page: (n: number, of: number) => `Page ${n} sur ${of}`,
    twins: 'Les graphiques en tableaux',
    seeTable: (title: string) => `${title}. Les mêmes chiffres figurent dans un tableau à la fin.`,
  },
} as const

/** Draws it. Whatever draws is loaded with the first document: most processes never draw one, and it takes 10 MB. */
export async function paperPdf(paper: Paper): Promise<Buffer> {
  const { finish, openPen } = await import('./pen.ts')
  const t = TEXTS[paper.locale]
  const pen = openPen(paper)
  say(pen, 'H1', paper.title, TITLE_POINTS)
  pen.pdf.y += 3
  say(pen, 'P', paper.subtitle, TEXT_POINTS, MUTED)
  pen.pdf.y += 8
  const twins: Table[] = []
  for (const block of paper.blocks) drawBlock(pen, block, twins, t.seeTable)
  if (twins.length > 0) drawTwins(pen, twins, t.twins)
  return finish(pen, paper.foot, t.page)
}

function drawBlock(pen: Pen, block: Block, twins: Table[], seeTable: (title: string) => string): void {
  switch (block.kind) {
    case 'heading':
      heading(pen, block.text)
      return
    case 'text':
      say(pen, 'P', block.text, TEXT_POINTS, block.isMuted ? MUTED : undefined)
      return
    case 'gap':
      pen.pdf.y += 5
      return
    case 'figures':
      drawFigures(pen, block.items)
      return
    case 'table': {
      const laidOut = layOut(pen, block)
      heading(pen, block.title, laidOut.start + HEADING_POINTS)
      drawTable(pen, laidOut)
      return
    }
    default: {
      heading(pen, block.title, 120)
      twins.push(block.twin)
      const alt = seeTable(block.title)
      if (block.kind === 'lines') drawLines(pen, block, alt)
      else if (block.kind === 'bars') drawBars(pen, block, alt)
      else drawIntervals(pen, block, alt)
      pen.pdf.y += 6
    }
  }
}

/** Starts on a page of its own what is for reading up. */
function drawTwins(pen: Pen, twins: readonly Table[], title: string): void {
  pen.pdf.addPage()
  heading(pen, title)
  for (const twin of twins) {
    const laidOut = layOut(pen, twin)
    pen.room(laidOut.start + 2 * HEADING_POINTS)
    pen.pdf.y += 4
    say(pen, 'H3', twin.title, TEXT_POINTS)
    pen.pdf.y += 3
    drawTable(pen, laidOut)
  }
}

/** @param together points that should follow on the same page */
function heading(pen: Pen, text: string, together = 40): void {
  pen.pdf.y += 12
  pen.room(HEADING_POINTS + 6 + together)
  say(pen, 'H2', text, HEADING_POINTS)
  pen.pdf.y += 5
}

function say(pen: Pen, kind: 'H1' | 'H2' | 'H3' | 'P', text: string, size: number, colour?: string): void {
  pen.tag(pen.root, kind, {}, () =>
    pen.text(text, MARGIN, pen.pdf.y, {
      size,
      bold: kind !== 'P',
      width: pen.width,
      ...(colour === undefined ? {} : { colour }),
    }),
  )
}

/** Figures in boxes, so many in a row; each a paragraph that is read as one. */
function drawFigures(pen: Pen, items: readonly Figure[]): void {
  const { pdf } = pen
  for (let from = 0; from < items.length; from += TILES_IN_A_ROW) {
    const row = items.slice(from, from + TILES_IN_A_ROW)
    const width = (pen.width - (TILES_IN_A_ROW - 1) * TILE_GAP) / TILES_IN_A_ROW
    pen.room(TILE_HEIGHT + TILE_GAP)
    const top = pdf.y
    row.forEach(({ label, value, note }, at) => {
      const x = MARGIN + at * (width + TILE_GAP)
      pen.ornament(() =>
        pdf.roundedRect(x, top, width, TILE_HEIGHT, 6).lineWidth(0.75).strokeColor(LINE).stroke(),
      )
      const inner = width - 16
      pen.tag(pen.root, 'P', {}, () => {
        pen.text(label, x + 8, top + 8, { size: 8, colour: MUTED, width: inner })
        pen.text(value, x + 8, top + 21, { size: fitting(pen, value, inner), bold: true, width: inner })
        if (note !== undefined) pen.text(note, x + 8, top + 42, { size: 7.5, colour: MUTED, width: inner })
      })
    })
    pdf.x = MARGIN
    pdf.y = top + TILE_HEIGHT + TILE_GAP
  }
}

const VALUE_POINTS = [15, 13, 11, 9] as const

/** The largest letters in which a value stays on one line. */
const fitting = (pen: Pen, value: string, width: number): number =>
  VALUE_POINTS.find((points) => pen.widthOf(value, points, true) <= width) ?? 9

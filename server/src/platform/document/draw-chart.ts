/** Charts as vectors, each one figure with a text instead of it; the same figures stand in a table elsewhere. */
import type { Bars, Intervals, Lines } from './blocks.ts'
import { INK, LINE, MARGIN, MUTED, SOFT, seriesLook } from './look.ts'
import type { Pen } from './pen.ts'
import { everyNth, ticksUpTo } from './scale.ts'

const PLOT_HEIGHT = 130
const SMALL = 8
const TICKS = 4
const LEGEND_HEIGHT = 16
const AXIS_HEIGHT = 16
const ROW_HEIGHT = 20

/** The curves of several series over time. */
export function drawLines(pen: Pen, chart: Lines, alt: string): void {
  const height = LEGEND_HEIGHT + PLOT_HEIGHT + AXIS_HEIGHT
  pen.room(height)
  const top = pen.pdf.y
  const ticks = ticksUpTo(Math.max(...chart.series.flatMap(({ values }) => values), 0), TICKS)
  const axis = Math.max(...ticks.map((tick) => pen.widthOf(chart.format(tick), SMALL))) + 6
  const plot = {
    left: MARGIN + axis,
    top: top + LEGEND_HEIGHT,
    width: pen.width - axis,
    greatest: ticks.at(-1) ?? 1,
  }
  figure(pen, height, alt, () => {
    drawLegend(pen, chart, plot.left, top)
    const y = (value: number): number => plot.top + PLOT_HEIGHT * (1 - value / plot.greatest)
    const x = (at: number): number =>
      plot.left + (chart.labels.length === 1 ? 0.5 : at / (chart.labels.length - 1)) * plot.width
    for (const tick of ticks) {
      rule(pen, plot.left, y(tick), plot.width)
      pen.text(chart.format(tick), MARGIN, y(tick) - SMALL / 2, {
        size: SMALL,
        colour: MUTED,
        align: 'right',
        width: axis - 6,
      })
    }
    chart.series.forEach(({ values }, at) => drawSeries(pen, values, at, x, y))
    drawLabels(pen, chart.labels, x, plot.top + PLOT_HEIGHT + 5, plot)
  })
}

function drawLegend(pen: Pen, { series }: Lines, left: number, y: number): void {
  const { pdf } = pen
  let x = left
  series.forEach(({ name }, at) => {
    const { colour, dash } = seriesLook(at)
    stroke(pen, colour, dash, () => pdf.moveTo(x, y + 4).lineTo(x + 16, y + 4))
    pen.text(name, x + 21, y, { size: SMALL, colour: INK })
    x += 21 + pen.widthOf(name, SMALL) + 16
  })
}

function drawSeries(
  pen: Pen,
  values: readonly number[],
  at: number,
  x: (at: number) => number,
  y: (value: number) => number,
): void {
  const { colour, dash } = seriesLook(at)
  const { pdf } = pen
  if (values.length === 1) {
    pdf.circle(x(0), y(values[0] ?? 0), 2.5).fill(colour)
    return
  }
  stroke(pen, colour, dash, () =>
    values.forEach((value, point) =>
      point === 0 ? pdf.moveTo(x(0), y(value)) : pdf.lineTo(x(point), y(value)),
    ),
  )
}

/** As many labels as fit, none over the edge of the page. */
function drawLabels(
  pen: Pen,
  labels: readonly string[],
  x: (at: number) => number,
  y: number,
  plot: { left: number; width: number },
): void {
  const widest = Math.max(...labels.map((label) => pen.widthOf(label, SMALL)), 1) + 14
  const step = everyNth(labels.length, Math.floor(plot.width / widest))
  let free = 0
  labels.forEach((label, at) => {
    const width = pen.widthOf(label, SMALL)
    const left = Math.min(Math.max(plot.left, x(at) - width / 2), plot.left + plot.width - width)
    // The first one is pushed inwards, so that the second may come too near.
    if (at % step !== 0 || left < free) return
    pen.text(label, left, y, { size: SMALL, colour: MUTED })
    free = left + width + 8
  })
}

/** A bar per item, its figure behind it. */
export function drawBars(pen: Pen, { items }: Bars, alt: string): void {
  const height = items.length * ROW_HEIGHT
  pen.room(height)
  const top = pen.pdf.y
  const { left, width } = columnsFor(pen, items)
  const greatest = Math.max(...items.map(({ value }) => value), 0) || 1
  figure(pen, height, alt, () =>
    items.forEach(({ label, value, text }, at) => {
      const y = top + at * ROW_HEIGHT
      pen.text(label, MARGIN, y + 6, { size: 9 })
      pen.pdf.roundedRect(left, y + 4, width, 12, 2).fill(SOFT)
      if (value > 0)
        pen.pdf
          .roundedRect(left, y + 4, Math.max(2, (value / greatest) * width), 12, 2)
          .fill(seriesLook(0).colour)
      pen.text(text, left + width + 10, y + 6, { size: 9 })
    }),
  )
}

/** A dot with its range per item, all on one scale. */
export function drawIntervals(pen: Pen, { items, format }: Intervals, alt: string): void {
  const height = items.length * ROW_HEIGHT + AXIS_HEIGHT
  pen.room(height)
  const { pdf } = pen
  const top = pdf.y
  const { left, width } = columnsFor(pen, items)
  const ticks = ticksUpTo(Math.max(...items.map(({ high }) => high), 0), TICKS)
  const x = (value: number): number => left + (value / (ticks.at(-1) ?? 1)) * width
  const { colour } = seriesLook(0)
  figure(pen, height, alt, () => {
    for (const tick of ticks) {
      pdf.moveTo(x(tick), top).lineTo(x(tick), top + items.length * ROW_HEIGHT)
      pdf.lineWidth(0.5).strokeColor(LINE).stroke()
      const text = format(tick)
      pen.text(text, x(tick) - pen.widthOf(text, SMALL) / 2, top + items.length * ROW_HEIGHT + 4, {
        size: SMALL,
        colour: MUTED,
      })
    }
    items.forEach(({ label, at, low, high, text }, row) => {
      const y = top + row * ROW_HEIGHT + ROW_HEIGHT / 2
      pen.text(label, MARGIN, y - 4, { size: 9 })
      stroke(pen, colour, null, () => pdf.moveTo(x(low), y).lineTo(x(high), y))
      for (const end of [low, high])
        stroke(pen, colour, null, () => pdf.moveTo(x(end), y - 3).lineTo(x(end), y + 3))
      pdf.circle(x(at), y, 3).fill(colour)
      pen.text(text, left + width + 14, y - 4, { size: 9 })
    })
  })
}

/** Names left, texts right, the scale between them. */
function columnsFor(
  pen: Pen,
  items: readonly { label: string; text: string }[],
): { left: number; width: number } {
  const names = Math.min(pen.width / 3, Math.max(...items.map(({ label }) => pen.widthOf(label, 9)), 0))
  const texts = Math.max(...items.map(({ text }) => pen.widthOf(text, 9)), 0)
  const left = MARGIN + names + 12
  return { left, width: MARGIN + pen.width - left - texts - 18 }
}

function figure(pen: Pen, height: number, alt: string, draw: () => void): void {
  const { pdf } = pen
  const top = pdf.y
  const bbox: [number, number, number, number] = [MARGIN, top, MARGIN + pen.width, top + height]
  pen.tag(pen.root, 'Figure', { alt, bbox }, draw)
  pdf.x = MARGIN
  pdf.y = top + height
}

function stroke(pen: Pen, colour: string, dash: readonly number[] | null, path: () => void): void {
  const { pdf } = pen
  pdf.save()
  path()
  pdf.lineWidth(1.6).lineJoin('round').strokeColor(colour)
  if (dash) pdf.dash([...dash] as unknown as number, {}) // pdfkit takes a list, its types know one number only
  pdf.stroke()
  pdf.restore()
}

function rule(pen: Pen, x: number, y: number, width: number): void {
  pen.pdf
    .moveTo(x, y)
    .lineTo(x + width, y)
    .lineWidth(0.5)
    .strokeColor(LINE)
    .stroke()
}

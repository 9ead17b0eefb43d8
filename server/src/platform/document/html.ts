/** A document as a part of a page: headings, tables, charts as SVG with their table folded below. No script. */
import type { Bars, Block, Intervals, Lines, Paper, Table } from './blocks.ts'
import { seriesLook } from './look.ts'
import { everyNth, ticksUpTo } from './scale.ts'

/** Rules for a page that holds one. Its colours are variables of the public pages. */
export const PAPER_STYLE = `
main{max-width:60rem}
.card h2{font-size:1.0625rem;margin:2rem 0 .75rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.75rem;margin:1.25rem 0}
.tiles div{border:1px solid var(--line);border-radius:10px;padding:.75rem}
.tiles dt{color:var(--muted);font-size:.875rem}
.tiles dd{margin:0;font-size:1.375rem;font-weight:650;font-variant-numeric:tabular-nums}
.tiles dd+dd{font-size:.8125rem;font-weight:400;color:var(--muted)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9375rem;font-variant-numeric:tabular-nums}
th,td{text-align:start;padding:.5rem;border-bottom:1px solid var(--line);font-weight:400;overflow-wrap:normal}
thead th{font-weight:600}
.end{text-align:end}
figure{margin:0}
svg{display:block;width:100%;height:auto}
svg text{fill:var(--muted);font-size:11px}
svg .rule{stroke:var(--line)}
details{margin:.5rem 0 0}
summary{cursor:pointer;color:var(--accent-text);padding:.25rem 0}
`

const TWIN = { en: 'As a table', fr: 'En tableau' } as const
const [WIDTH, HEIGHT, LEFT, ROW] = [680, 200, 56, 26]
const TICKS = 4

/** Everything in it is escaped. */
export function paperHtml({ title, subtitle, locale, blocks }: Paper): string {
  return `<h1>${escape(title)}</h1>\n<p class="note">${escape(subtitle)}</p>\n${blocks.map((block) => blockHtml(block, TWIN[locale])).join('\n')}`
}

function blockHtml(block: Block, twin: string): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escape(block.text)}</h2>`
    case 'text':
      return `<p${block.isMuted ? ' class="note"' : ''}>${escape(block.text)}</p>`
    case 'gap':
      return ''
    case 'figures':
      return `<dl class="tiles">${block.items
        .map(
          ({ label, value, note }) =>
            `<div><dt>${escape(label)}</dt><dd>${escape(value)}</dd>${note === undefined ? '' : `<dd>${escape(note)}</dd>`}</div>`,
        )
        .join('')}</dl>`
    case 'table':
      return `<h2>${escape(block.title)}</h2>${tableHtml(block)}`
    default: {
      const drawn =
        block.kind === 'lines'
          ? linesSvg(block)
          : block.kind === 'bars'
            ? barsSvg(block)
            : intervalsSvg(block)
      return `<h2>${escape(block.title)}</h2><figure>${drawn}<details><summary>${twin}</summary>${tableHtml(block.twin)}</details></figure>`
    }
  }
}

function tableHtml({ title, columns, rows }: Table): string {
  const side = (at: number): string => (columns[at]?.align === 'end' ? ' class="end"' : '')
  const head = columns.map(({ title }, at) => `<th scope="col"${side(at)}>${escape(title)}</th>`).join('')
  const body = rows
    .map(
      (row) =>
        `<tr>${row
          .map((cell, at) =>
            at === 0
              ? `<th scope="row"${side(at)}>${escape(cell)}</th>`
              : `<td${side(at)}>${escape(cell).replaceAll('\n', '<br>')}</td>`,
          )
          .join('')}</tr>`,
    )
    .join('')
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escape(title)}"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`
}

function linesSvg({ title, labels, series, format }: Lines): string {
  const ticks = ticksUpTo(Math.max(...series.flatMap(({ values }) => values), 0), TICKS)
  const greatest = ticks.at(-1) ?? 1
  const x = (at: number): number => LEFT + (at / Math.max(1, labels.length - 1)) * (WIDTH - LEFT - 8)
  const y = (value: number): number => 24 + (1 - value / greatest) * (HEIGHT - 48)
  const step = everyNth(labels.length, 6)
  const rules = ticks.map(
    (tick) =>
      `<line class="rule" x1="${LEFT}" x2="${WIDTH}" y1="${y(tick)}" y2="${y(tick)}"/><text x="${LEFT - 6}" y="${y(tick) + 4}" text-anchor="end">${escape(format(tick))}</text>`,
  )
  const marks = labels.flatMap((label, at) =>
    at % step === 0
      ? [
          `<text x="${x(at)}" y="${HEIGHT - 6}" text-anchor="${at === 0 ? 'start' : 'middle'}">${escape(label)}</text>`,
        ]
      : [],
  )
  const curves = series.map(({ name, values }, at) => {
    const { colour, dash } = seriesLook(at)
    const dashes = dash ? ` stroke-dasharray="${dash.join(' ')}"` : ''
    const points = values.map((value, point) => `${x(point).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
    const legend = LEFT + at * 130
    return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="2"${dashes}/><line x1="${legend}" x2="${legend + 18}" y1="10" y2="10" stroke="${colour}" stroke-width="2"${dashes}/><text x="${legend + 24}" y="14">${escape(name)}</text>`
  })
  return svg(title, HEIGHT, [...rules, ...marks, ...curves])
}

function barsSvg({ title, items }: Bars): string {
  const greatest = Math.max(...items.map(({ value }) => value), 0) || 1
  return svg(
    title,
    items.length * ROW,
    items.map(({ label, value, text }, at) => {
      const y = at * ROW
      return `<text x="0" y="${y + 17}">${escape(label)}</text><rect x="110" y="${y + 6}" width="${((value / greatest) * 430).toFixed(1)}" height="14" rx="3" fill="${seriesLook(0).colour}"/><text x="556" y="${y + 17}">${escape(text)}</text>`
    }),
  )
}

function intervalsSvg({ title, items, format }: Intervals): string {
  const ticks = ticksUpTo(Math.max(...items.map(({ high }) => high), 0), TICKS)
  const x = (value: number): number => 170 + (value / (ticks.at(-1) ?? 1)) * 390
  const bottom = items.length * ROW
  const { colour } = seriesLook(0)
  return svg(title, bottom + 20, [
    ...ticks.map(
      (tick) =>
        `<line class="rule" x1="${x(tick)}" x2="${x(tick)}" y1="0" y2="${bottom}"/><text x="${x(tick)}" y="${bottom + 15}" text-anchor="middle">${escape(format(tick))}</text>`,
    ),
    ...items.map(({ label, at, low, high, text }, row) => {
      const y = row * ROW + ROW / 2
      return `<text x="0" y="${y + 4}">${escape(label.slice(0, 28))}</text><line x1="${x(low)}" x2="${x(high)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"/><circle cx="${x(at)}" cy="${y}" r="4" fill="${colour}"/><text x="580" y="${y + 4}">${escape(text)}</text>`
    }),
  ])
}

const svg = (title: string, height: number, parts: readonly string[]): string =>
  `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(title)}">${parts.join('')}</svg>`

const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`)

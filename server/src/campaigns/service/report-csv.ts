/** A report as CSV: one line per figure, so that any spreadsheet can read it. Pure. */
import type { Report } from '../schema.ts'

/** RFC 4180 with CRLF; texts that a spreadsheet would run as a formula are quoted with an apostrophe. */
export function reportCsv(report: Report, more: readonly CsvLine[]): string {
  const { figures } = report
  return csvLines([
    ['figure', 'detail', 'value'],
    ['campaign', '', report.name],
    ['updated_at', '', report.updatedAt.toISOString()],
    ...(
      [
        'audience',
        'skipped',
        'heldOut',
        'handedOver',
        'delivered',
        'bounced',
        'failed',
        'unknown',
        'unsubscribed',
        'complained',
      ] as const
    ).map((name) => [snake(name), '', figures[name]]),
    ...(['opened', 'clicked', 'replied'] as const).flatMap((name) =>
      Object.entries(figures[name]).map(([detail, value]) => [name, snake(detail), value]),
    ),
    ...Object.entries(figures.rates).map(([name, rate]) => ['rate', snake(name), rate.ratio]),
    ...(['skippedByReason', 'bouncedByReason', 'failedByReason'] as const).flatMap((name) =>
      figures[name].map(({ reason, people }) => [snake(name), reason, people]),
    ),
    ...report.links.map((link) => ['link_clicks', link.url, link.people]),
    ...more,
    ...report.hours.flatMap(({ hour, ...counts }) =>
      Object.entries(counts).map(([name, value]) => [`${name}_by_hour`, hour.toISOString(), value]),
    ),
  ])
}

/** A line of a file: texts, numbers, and nothing for what is not defined. */
export type CsvLine = readonly (string | number | null)[]

/** Lines as a file: RFC 4180 with CRLF; texts that a spreadsheet would run as a formula are quoted with an apostrophe. */
export function csvLines(lines: readonly CsvLine[]): string {
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('')
}

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Source: compliance report §4.9 row 12 */
function cell(value: string | number | null): string {
  if (value === null) return ''
  const text = String(value)
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

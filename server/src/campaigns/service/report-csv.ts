/** A report as CSV: one line per figure, so that any spreadsheet can read it. Pure. */
import { shareInterval } from '../../experiments/index.ts'
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
    ...Object.entries(figures.rates).flatMap(([name, { part, whole, ratio }]) =>
      rateLines(['rate', snake(name)], ratio, shareInterval(part, whole)),
    ),
    ...(['skippedByReason', 'bouncedByReason', 'failedByReason'] as const).flatMap((name) =>
      figures[name].map(({ reason, people }) => [snake(name), reason, people]),
    ),
    ...report.links.flatMap(({ url, people, share, interval }): CsvLine[] => [
      ['link_clicks', url, people],
      ...rateLines(['link_share', url], share, interval),
    ]),
    ...more,
    ...report.hours.flatMap(({ hour, ...counts }) =>
      Object.entries(counts).map(([name, value]) => [`${name}_by_hour`, hour.toISOString(), value]),
    ),
  ])
}

/** A rate as lines: its value, and the ends of its interval where it has one. */
export const rateLines = (
  [figure, detail]: readonly [string, string],
  ratio: number | null,
  interval: { low: number; high: number } | null,
): CsvLine[] => [
  [figure, detail, ratio],
  ...(interval === null
    ? []
    : [
        [`${figure}_low`, detail, interval.low],
        [`${figure}_high`, detail, interval.high],
      ]),
]

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

/** Where everything of a chart over time stands. Pure, so that it can be tested and drawn elsewhere. */
import { bisectCenter, extent, max } from 'd3-array'
import { scaleLinear, scaleUtc } from 'd3-scale'
import { area, line } from 'd3-shape'

/** One line of a chart: a value per instant of the chart, `null` where there is none. */
export interface Series {
  id: string
  label: string
  values: readonly (number | null)[]
}

/** The colours of series in their order; each reaches 3:1 on the panel in both themes. */
export const seriesColours = [
  'var(--chart-1)',
  'var(--chart-2)',
  'var(--chart-3)',
  'var(--chart-4)',
  'var(--chart-5)',
] as const

const margin = { top: 12, right: 12, bottom: 26, left: 48 }
const tickWidth = 110
const hourMs = 3_600_000

/** What a plot is drawn from. */
export interface Geometry {
  left: number
  right: number
  top: number
  bottom: number
  xAt: (index: number) => number
  yAt: (value: number) => number
  /** The instant nearest to a distance from the left edge. */
  indexAt: (x: number) => number
  valueTicks: readonly number[]
  timeTicks: readonly { time: Date; x: number }[]
  /** SVG path of a series; gaps where it has no value. */
  linePath: (series: Series) => string
  /** SVG path of the ground below a series. */
  areaPath: (series: Series) => string
}

/**
 * Lays out a chart.
 *
 * @param timeZone  ticks fall on the full hours and midnights of this zone
 */
export function chartGeometry(
  times: readonly Date[],
  series: readonly Series[],
  size: { width: number; height: number },
  timeZone: string,
): Geometry {
  const [from = new Date(0), to = new Date(1)] = extent(times)
  const [top, bottom] = [margin.top, size.height - margin.bottom]
  const [left, right] = [margin.left, Math.max(margin.left + 40, size.width - margin.right)]
  const highest = max(series, (item) => max(item.values, (value) => value ?? 0)) ?? 0
  const x = scaleUtc([from, to], [left, right])
  const y = scaleLinear([0, Math.max(1, highest)], [bottom, top]).nice(5)
  const xAt = (index: number) => x(times[index] ?? from)
  const hasValue = (value: number | null) => value !== null
  const lines = line<number | null>(
    (_, index) => xAt(index),
    (value) => y(value ?? 0),
  ).defined(hasValue)
  const areas = area<number | null>(
    (_, index) => xAt(index),
    bottom,
    (value) => y(value ?? 0),
  ).defined(hasValue)
  return {
    left,
    right,
    top,
    bottom,
    xAt,
    yAt: y,
    indexAt: (at) => (times.length === 0 ? 0 : bisectCenter(times, x.invert(at))),
    // Counts have no halves.
    valueTicks: y.ticks(5).filter(Number.isInteger),
    timeTicks: zonedTicks(from, to, Math.max(2, Math.floor(size.width / tickWidth)), timeZone).map(
      (time) => ({
        time,
        x: x(time),
      }),
    ),
    linePath: ({ values }) => lines([...values]) ?? '',
    areaPath: ({ values }) => areas([...values]) ?? '',
  }
}

/** Round instants of a zone: as if its wall clock were UTC, and back. */
function zonedTicks(from: Date, to: Date, count: number, timeZone: string): Date[] {
  const wall = scaleUtc([shift(from, offsetMs(from, timeZone)), shift(to, offsetMs(to, timeZone))], [0, 1])
  return wall
    .ticks(count)
    .map((tick) => shift(tick, -offsetMs(shift(tick, -offsetMs(tick, timeZone)), timeZone)))
    .filter((tick) => tick >= from && tick <= to)
}

function shift(time: Date, ms: number): Date {
  return new Date(time.getTime() + ms)
}

/** How far the wall clock of a zone is ahead of UTC at an instant. */
function offsetMs(time: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(time)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):?(\d+)?/.exec(name) ?? []
  const ms = Number(hours) * hourMs + Number(minutes) * 60_000
  return sign === '-' ? -ms : ms
}

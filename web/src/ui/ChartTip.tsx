import { seriesColours } from './chart-geometry.ts'
import type { TimeChartProps } from './TimeChart.tsx'

/** The values of one instant beside its line; the plot itself says them to screen readers. */
export function ChartTip({
  times,
  series,
  formatTime,
  formatValue,
  index,
  x,
  width,
}: TimeChartProps & { index: number; x: number; width: number }) {
  const time = times[index]
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute top-2 rounded-lg border border-line bg-panel px-3 py-2 text-sm shadow-pop"
      style={x > width / 2 ? { right: width - x + 12 } : { left: x + 12 }}
    >
      <p className="font-semibold">{time && formatTime(time)}</p>
      {series.map(({ id, label, values }, at) => (
        <p key={id} className="flex items-center gap-2">
          <SeriesDot at={at} />
          {label}
          <span className="figures ml-auto pl-3">{formatValue(values[index] ?? null)}</span>
        </p>
      ))}
    </div>
  )
}

/** The colour of a series. */
export function SeriesDot({ at }: { at: number }) {
  return (
    <span
      aria-hidden
      className="size-2 shrink-0 rounded-full"
      style={{ background: seriesColours[at] ?? '' }}
    />
  )
}

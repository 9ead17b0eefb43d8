import { useId, useMemo, useState } from 'react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { useTimeZone } from 'use-intl'
import { useAxisTicks } from './axis-ticks.ts'
import { chartGeometry, seriesColours } from './chart-geometry.ts'
import { ChartTip } from './ChartTip.tsx'
import { useKitText } from './text.ts'
import type { TimeChartProps } from './TimeChart.tsx'
import { useWidth } from './use-width.ts'

/** The drawing of a TimeChart. For keyboards and screen readers it is a slider over its instants. */
export function TimePlot(props: TimeChartProps) {
  const { title, times, series, formatValue, height = 240 } = props
  const t = useKitText()
  const hintId = useId()
  const [ref, width] = useWidth()
  const [index, setIndex] = useState<number | null>(null)
  const timeZone = useTimeZone() ?? 'UTC'
  const plot = useMemo(
    () => chartGeometry(times, series, { width, height }, timeZone),
    [times, series, width, height, timeZone],
  )
  const axisTicks = useAxisTicks(plot.timeTicks, props.formatAxisTime, timeZone)
  const last = Math.max(0, times.length - 1)

  const follow = (event: PointerEvent<SVGSVGElement>) => {
    if (times.length > 0)
      setIndex(plot.indexAt(event.clientX - event.currentTarget.getBoundingClientRect().left))
  }
  const step = (event: KeyboardEvent) => {
    const present = index ?? last
    const next = { ArrowLeft: present - 1, ArrowRight: present + 1, Home: 0, End: last }[event.key]
    if (next === undefined) return
    event.preventDefault()
    setIndex(Math.min(last, Math.max(0, next)))
  }

  return (
    <div ref={ref} className="relative">
      <div
        role="slider"
        tabIndex={0}
        aria-label={title}
        aria-describedby={hintId}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={index ?? last}
        aria-valuetext={reading(props, index ?? last)}
        onKeyDown={step}
        onBlur={() => setIndex(null)}
        className="rounded-md"
      >
        <svg
          width={width}
          height={height}
          className="block"
          onPointerMove={follow}
          onPointerLeave={() => setIndex(null)}
        >
          {plot.valueTicks.map((tick) => (
            <g key={tick}>
              <line
                x1={plot.left}
                x2={plot.right}
                y1={plot.yAt(tick)}
                y2={plot.yAt(tick)}
                stroke="var(--line)"
              />
              <text
                x={plot.left - 8}
                y={plot.yAt(tick) + 4}
                textAnchor="end"
                className="figures fill-muted text-xs"
              >
                {formatValue(tick)}
              </text>
            </g>
          ))}
          {axisTicks.map(({ time, x, label }) => (
            <text
              key={time.getTime()}
              x={Math.min(plot.right - 14, Math.max(plot.left + 14, x))}
              y={height - 6}
              textAnchor="middle"
              className="figures fill-muted text-xs"
            >
              {label}
            </text>
          ))}
          {series[0] && <path d={plot.areaPath(series[0])} fill={seriesColours[0]} opacity={0.09} />}
          {series.map((item, at) => (
            <path
              key={item.id}
              d={plot.linePath(item)}
              fill="none"
              stroke={seriesColours[at]}
              strokeWidth={1.75}
            />
          ))}
          {index !== null && (
            <line
              x1={plot.xAt(index)}
              x2={plot.xAt(index)}
              y1={plot.top}
              y2={plot.bottom}
              stroke="var(--muted)"
              strokeDasharray="3 3"
            />
          )}
          {series.map((item, at) => {
            const value = index === null ? null : item.values[index]
            if (index === null || value === null || value === undefined) return null
            return (
              <circle
                key={item.id}
                cx={plot.xAt(index)}
                cy={plot.yAt(value)}
                r={3.5}
                fill={seriesColours[at]}
                stroke="var(--panel)"
              />
            )
          })}
        </svg>
      </div>
      <span id={hintId} className="sr-only">
        {t('chart.hint')}
      </span>
      {index !== null && <ChartTip {...props} index={index} x={plot.xAt(index)} width={width} />}
    </div>
  )
}

/** One instant with all its values, as a sentence. */
function reading({ times, series, formatTime, formatValue }: TimeChartProps, index: number): string {
  const time = times[index]
  if (time === undefined) return formatValue(null)
  const values = series.map(({ label, values }) => `${label} ${formatValue(values[index] ?? null)}`)
  return [formatTime(time), ...values].join(', ')
}

import { bisectCenter, extent, max } from 'd3-array'
import { scaleLinear, scaleUtc } from 'd3-scale'
import { area, line } from 'd3-shape'
import { ChartLine, Table2 } from 'lucide-react'
import { useId, useState } from 'react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { Button } from './Button.tsx'
import { ChartTable } from './ChartTable.tsx'
import { cx } from './cx.ts'
import { useKitText } from './text.ts'
import { useWidth } from './use-width.ts'

/** One line of a chart: a value per instant of the chart, `null` where there is none. */
export interface Series {
  id: string
  label: string
  values: readonly (number | null)[]
}

/** Properties of a chart over time. */
export interface TimeChartProps {
  title: string
  /** Instants, oldest first; every series has as many values. */
  times: readonly Date[]
  series: readonly Series[]
  /** Formatters from `useFormat()`. */
  formatTime: (time: Date) => string
  formatAxisTime?: (time: Date) => string
  formatValue: (value: number | null) => string
  height?: number
}

const margin = { top: 12, right: 12, bottom: 26, left: 48 }
const colours = ['var(--chart-1)', 'var(--chart-2)', 'var(--chart-3)', 'var(--chart-4)', 'var(--chart-5)']

/** Lines over time, read by pointer or arrow keys, with its table behind one button. At most five series. */
export function TimeChart(props: TimeChartProps) {
  const { title, times, series, formatTime, formatValue } = props
  const t = useKitText()
  const titleId = useId()
  const [isTable, setTable] = useState(false)
  return (
    <section aria-labelledby={titleId} className="min-w-0 rounded-xl border border-line bg-panel p-4">
      <header className="mb-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h2 id={titleId} className="text-base font-semibold">
          {title}
        </h2>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
          {series.map((item, index) => (
            <span key={item.id} className="flex items-center gap-1.5">
              <span
                aria-hidden
                className="size-2 rounded-full"
                style={{ background: colours[index] ?? '' }}
              />
              {item.label}
            </span>
          ))}
          <Button
            size="sm"
            variant="quiet"
            icon={isTable ? <ChartLine aria-hidden /> : <Table2 aria-hidden />}
            onPress={() => setTable(!isTable)}
          >
            {isTable ? t('chart.asChart') : t('chart.asTable')}
          </Button>
        </div>
      </header>
      {isTable ? (
        <ChartTable
          label={title}
          times={times}
          series={series}
          formatTime={formatTime}
          formatValue={formatValue}
        />
      ) : (
        <Plot {...props} />
      )}
    </section>
  )
}

function Plot({
  title,
  times,
  series,
  formatTime,
  formatAxisTime,
  formatValue,
  height = 240,
}: TimeChartProps) {
  const t = useKitText()
  const [ref, width] = useWidth()
  const [index, setIndex] = useState<number | null>(null)
  const hintId = useId()
  const right = Math.max(margin.left + 40, width - margin.right)
  const [from = new Date(0), to = new Date(1)] = extent(times)
  const highest = max(series, (item) => max(item.values, (value) => value ?? 0)) ?? 0
  const x = scaleUtc([from, to], [margin.left, right])
  const y = scaleLinear([0, Math.max(1, highest)], [height - margin.bottom, margin.top]).nice(5)
  const xAt = (at: number) => x(times[at] ?? from)
  const drawLine = line<number | null>(
    (_, at) => xAt(at),
    (value) => y(value ?? 0),
  ).defined((value) => value !== null)
  const drawArea = area<number | null>(
    (_, at) => xAt(at),
    y(0),
    (value) => y(value ?? 0),
  ).defined((v) => v !== null)
  const read = index === null ? null : reading(index)

  function reading(at: number): string {
    const values = series.map((item) => `${item.label} ${formatValue(item.values[at] ?? null)}`)
    return [formatTime(times[at] ?? from), ...values].join(', ')
  }

  const follow = (event: PointerEvent<SVGSVGElement>) => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left
    setIndex(times.length === 0 ? null : bisectCenter(times, x.invert(left)))
  }

  const step = (event: KeyboardEvent) => {
    const last = times.length - 1
    const present = index ?? last
    const next = { ArrowLeft: present - 1, ArrowRight: present + 1, Home: 0, End: last }[event.key]
    if (next === undefined || last < 0) return
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
        aria-valuemax={Math.max(0, times.length - 1)}
        aria-valuenow={index ?? Math.max(0, times.length - 1)}
        aria-valuetext={read ?? (times.length > 0 ? reading(times.length - 1) : '—')}
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
          {y.ticks(5).map((tick) => (
            <g key={tick}>
              <line x1={margin.left} x2={right} y1={y(tick)} y2={y(tick)} stroke="var(--line)" />
              <text
                x={margin.left - 8}
                y={y(tick) + 4}
                textAnchor="end"
                className="figures fill-muted text-xs"
              >
                {formatValue(tick)}
              </text>
            </g>
          ))}
          {x.ticks(Math.max(2, Math.floor(width / 110))).map((tick) => (
            <text
              key={tick.getTime()}
              x={Math.min(right - 14, Math.max(margin.left + 14, x(tick)))}
              y={height - 6}
              textAnchor="middle"
              className="figures fill-muted text-xs"
            >
              {(formatAxisTime ?? formatTime)(tick)}
            </text>
          ))}
          {series[0] && <path d={drawArea([...series[0].values]) ?? ''} fill={colours[0]} opacity={0.09} />}
          {series.map((item, at) => (
            <path
              key={item.id}
              d={drawLine([...item.values]) ?? ''}
              fill="none"
              stroke={colours[at]}
              strokeWidth={1.75}
            />
          ))}
          {index !== null && (
            <g>
              <line
                x1={xAt(index)}
                x2={xAt(index)}
                y1={margin.top}
                y2={height - margin.bottom}
                stroke="var(--muted)"
                strokeDasharray="3 3"
              />
              {series.map((item, at) => {
                const value = item.values[index]
                if (value === null || value === undefined) return null
                return (
                  <circle
                    key={item.id}
                    cx={xAt(index)}
                    cy={y(value)}
                    r={3.5}
                    fill={colours[at]}
                    stroke="var(--panel)"
                  />
                )
              })}
            </g>
          )}
        </svg>
      </div>
      <span id={hintId} className="sr-only">
        {t('chart.hint')}
      </span>
      {index !== null && (
        <div
          aria-hidden
          className={cx(
            'pointer-events-none absolute top-2 rounded-lg border border-line bg-panel px-3 py-2 text-sm shadow-pop',
          )}
          style={xAt(index) > width / 2 ? { right: width - xAt(index) + 12 } : { left: xAt(index) + 12 }}
        >
          <p className="font-semibold">{formatTime(times[index] ?? from)}</p>
          {series.map((item, at) => (
            <p key={item.id} className="flex items-center gap-2">
              <span className="size-2 rounded-full" style={{ background: colours[at] ?? '' }} />
              {item.label}
              <span className="figures ml-auto pl-3">{formatValue(item.values[index] ?? null)}</span>
            </p>
          ))}
        </div>
      )}
    </div>
  )
}

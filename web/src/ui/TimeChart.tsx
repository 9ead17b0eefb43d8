import { ChartLine, Table2 } from 'lucide-react'
import { useId, useState } from 'react'
import { Button } from './Button.tsx'
import type { Series } from './chart-geometry.ts'
import { ChartTable } from './ChartTable.tsx'
import { SeriesDot } from './ChartTip.tsx'
import { useKitText } from './text.ts'
import { TimePlot } from './TimePlot.tsx'

/** Properties of a chart over time. */
export interface TimeChartProps {
  title: string
  /** Instants, oldest first; every series has as many values. */
  times: readonly Date[]
  series: readonly Series[]
  /** Formatters from `useFormat()`. */
  formatTime: (time: Date) => string
  /** For the axis; left out, it says hours, days or months by the range. */
  formatAxisTime?: (time: Date) => string
  formatValue: (value: number | null) => string
  height?: number
}

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
              <SeriesDot at={index} />
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
        <TimePlot {...props} />
      )}
    </section>
  )
}

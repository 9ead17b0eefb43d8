import type { Series } from './chart-geometry.ts'
import { useKitText } from './text.ts'

/** The same values as a chart, as a table; newest first. */
export function ChartTable({
  label,
  times,
  series,
  formatTime,
  formatValue,
}: {
  label: string
  times: readonly Date[]
  series: readonly Series[]
  formatTime: (time: Date) => string
  formatValue: (value: number | null) => string
}) {
  const t = useKitText()
  return (
    // Scrollable regions must be reachable by keyboard.
    <div tabIndex={0} role="region" aria-label={label} className="max-h-72 overflow-auto rounded-md">
      <table className="w-full border-collapse">
        <thead className="sticky top-0 bg-panel text-sm text-muted">
          <tr>
            <th scope="col" className="py-1.5 pr-4 text-left font-medium">
              {t('chart.time')}
            </th>
            {series.map((item) => (
              <th key={item.id} scope="col" className="py-1.5 pl-4 text-right font-medium">
                {item.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times
            .map((time, index) => (
              <tr key={time.getTime()} className="border-t border-line">
                <th scope="row" className="py-1.5 pr-4 text-left font-normal whitespace-nowrap">
                  {formatTime(time)}
                </th>
                {series.map((item) => (
                  <td key={item.id} className="figures py-1.5 pl-4 text-right">
                    {formatValue(item.values[index] ?? null)}
                  </td>
                ))}
              </tr>
            ))
            .toReversed()}
        </tbody>
      </table>
    </div>
  )
}

import { extent } from 'd3-array'
import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'

/** The shape of recent values without axes; decoration beside a figure that says it in words. */
export function Sparkline({
  values,
  width = 72,
  height = 20,
}: {
  values: readonly number[]
  width?: number
  height?: number
}) {
  if (values.length < 2) return null
  const [low = 0, high = 0] = extent(values)
  const x = scaleLinear([0, values.length - 1], [1, width - 1])
  const y = scaleLinear(low === high ? [low - 1, high + 1] : [low, high], [height - 2, 2])
  const path = line<number>((_, index) => x(index), y)([...values])
  return (
    <svg aria-hidden width={width} height={height} className="shrink-0">
      <path d={path ?? ''} fill="none" stroke="var(--chart-1)" strokeWidth={1.5} strokeLinejoin="round" />
    </svg>
  )
}

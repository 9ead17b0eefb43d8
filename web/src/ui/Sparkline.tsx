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
  return (
    <svg aria-hidden width={width} height={height} className="shrink-0">
      <polyline
        points={points(values, width, height)}
        fill="none"
        stroke="var(--chart-1)"
        strokeWidth={1.5}
        strokeLinejoin="round"
      />
    </svg>
  )
}

/** By hand: the scales of the charts would add 17 kB to every page with a figure. */
function points(values: readonly number[], width: number, height: number): string {
  const low = Math.min(...values)
  const range = Math.max(...values) - low || 1
  return values
    .map((value, index) => {
      const x = 1 + (index * (width - 2)) / (values.length - 1)
      const y = height - 2 - ((value - low) / range) * (height - 4)
      return `${x.toFixed(1)},${y.toFixed(1)}`
    })
    .join(' ')
}

/** One value with the interval it may lie in. */
export interface IntervalItem {
  id: string
  label: string
  value: number
  lower: number
  upper: number
  /** The figures in words: "4.1 % (3.2 % to 5.2 %)". */
  text: string
  /** Drawn in the accent colour. */
  isMarked?: boolean
}

/** Room left and right of the outermost ends, in shares of the range. */
const MARGIN = 0.06

/**
 * Values beside each other with their intervals on one scale: bars that overlap are not yet told apart. The figures
 * stand in text beside each bar, so that nothing is said by the drawing alone.
 *
 *     <IntervalBars label={t('rates')} items={[{ id: 'a', label: 'A', value: .04, lower: .03, upper: .05, text: '4 %' }]} />
 */
export function IntervalBars({ label, items }: { label: string; items: readonly IntervalItem[] }) {
  const low = Math.min(...items.map((item) => item.lower))
  const high = Math.max(...items.map((item) => item.upper))
  const range = high > low ? high - low : 1
  const place = (value: number): number =>
    100 * Math.min(1, Math.max(0, MARGIN + ((value - low) / range) * (1 - 2 * MARGIN)))
  return (
    <ul aria-label={label} className="grid grid-cols-1 gap-3">
      {items.map((item) => (
        <li
          key={item.id}
          className="grid grid-cols-1 gap-1 sm:grid-cols-[minmax(0,10rem)_minmax(0,1fr)] sm:gap-4"
        >
          <span className="flex min-w-0 justify-between gap-3 sm:grid sm:gap-0">
            <span className="truncate font-medium" title={item.label}>
              {item.label}
            </span>
            <span className="figures shrink-0 text-sm text-muted">{item.text}</span>
          </span>
          <span aria-hidden className="relative h-8 self-center rounded-md bg-soft">
            <span
              className={`absolute inset-y-2.5 rounded-full ${item.isMarked ? 'bg-accent' : 'bg-edge'}`}
              style={{ left: `${place(item.lower)}%`, right: `${100 - place(item.upper)}%` }}
            />
            <span
              className={`absolute top-1/2 size-3.5 -translate-x-1/2 -translate-y-1/2 rounded-full border-2 border-panel ${item.isMarked ? 'bg-accent' : 'bg-muted'}`}
              style={{ left: `${place(item.value)}%` }}
            />
          </span>
        </li>
      ))}
    </ul>
  )
}

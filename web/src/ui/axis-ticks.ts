import { useLocale } from 'react-aria-components'

const dayMs = 86_400_000
const letterWidth = 6.2
const gap = 14

/** A word under the axis. */
export interface AxisTick {
  time: Date
  x: number
  label: string
}

/** The words under a time axis: hours within two days, days within half a year, then months. */
export function useAxisTicks(
  ticks: readonly { time: Date; x: number }[],
  format: ((time: Date) => string) | undefined,
  timeZone: string,
): AxisTick[] {
  const { locale } = useLocale()
  const [first, last] = [ticks[0]?.time.getTime() ?? 0, ticks.at(-1)?.time.getTime() ?? 0]
  const automatic = new Intl.DateTimeFormat(locale, { timeZone, ...detail(last - first) })
  return thinOut(
    ticks.map((tick) => ({ ...tick, label: (format ?? ((time) => automatic.format(time)))(tick.time) })),
  )
}

/** Leaves out words that would repeat the one before or run into it. */
export function thinOut(ticks: readonly AxisTick[]): AxisTick[] {
  const shown: AxisTick[] = []
  for (const tick of ticks) {
    const before = shown.at(-1)
    if (before !== undefined && before.label === tick.label) continue
    const room = before === undefined ? Infinity : tick.x - before.x
    if (room >= ((tick.label.length + (before?.label.length ?? 0)) / 2) * letterWidth + gap) shown.push(tick)
  }
  return shown
}

function detail(rangeMs: number): Intl.DateTimeFormatOptions {
  if (rangeMs < 2 * dayMs) return { hour: '2-digit', minute: '2-digit' }
  if (rangeMs < 180 * dayMs) return { day: 'numeric', month: 'short' }
  return { month: 'short', year: '2-digit' }
}

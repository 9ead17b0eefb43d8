import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { IntervalMark } from '../../ui/IntervalMark.tsx'

/** A rate of a row: where it lies, and what is usual for the row. */
export interface RowRate {
  ratio: number | null
  interval: { low: number; high: number } | null
  /** The median of earlier ones, where the same is known of them. */
  usual?: number | undefined
}

/** A rate with its interval in words and as a bar, what it counts before it. */
export function RateValue({
  rate: { ratio, interval, usual },
  max,
  children,
}: {
  rate: RowRate
  /** The greatest end of an interval in the column. */
  max: number
  children?: ReactNode
}) {
  const t = useTranslations('campaigns.report.breakdown')
  const format = useFormat()
  return (
    <span className="inline-grid justify-items-end gap-0.5">
      <span className="inline-flex items-baseline gap-2">
        {children !== undefined && <span className="text-sm text-muted">{children}</span>}
        <span>{format.finePercent(ratio)}</span>
      </span>
      {ratio !== null && interval !== null && (
        <>
          <span className="text-sm text-muted">{format.percentRange(interval.low, interval.high)}</span>
          <IntervalMark value={ratio} lower={interval.low} upper={interval.high} usual={usual} max={max} />
          {usual !== undefined && (
            <span className="text-sm text-muted">{t('usual', { median: format.finePercent(usual) })}</span>
          )}
        </>
      )}
    </span>
  )
}

/** Where the scale of a column ends. */
export const endOfScale = (rates: readonly RowRate[]): number =>
  Math.max(0, ...rates.map(({ interval }) => interval?.high ?? 0))

import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Spinner } from '../ui/Spinner.tsx'
import type { SegmentSize } from './api.ts'

/** Digits of an estimate that mean something, given its margin. */
const ESTIMATE_DIGITS = 3

/** How many people, large; an estimate says so and gives its margin. */
export function SizeText({
  size,
  isStale,
  isCounting,
}: {
  size: SegmentSize
  isStale: boolean
  isCounting: boolean
}) {
  const t = useTranslations('segments')
  const format = useFormat()
  const rounded = (count: number) => format.number(count, { maximumSignificantDigits: ESTIMATE_DIGITS })
  return (
    <div aria-live="polite" aria-busy={isCounting} className={isStale ? 'opacity-60' : ''}>
      <p className="figures flex items-center gap-2 text-2xl font-semibold tracking-tight">
        {size.kind === 'exact' ? format.number(size.count) : `≈ ${rounded(size.count)}`}
        {isCounting && (
          <span className="text-base font-normal text-muted">
            <Spinner />
            <span className="sr-only">{t('preview.counting')}</span>
          </span>
        )}
      </p>
      {size.kind === 'estimate' && (
        <p className="text-sm text-muted">
          {t(size.timedOut ? 'preview.timedOut' : 'preview.estimate', {
            low: rounded(size.low),
            high: rounded(size.high),
            sampled: format.number(size.sampled),
          })}
        </p>
      )}
    </div>
  )
}

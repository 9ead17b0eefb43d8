/** Rates and what lies between them, in the words of the reader. */
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'

interface Span {
  low: number
  high: number
}

/** A rate with the span that it lies in; alone where none is known. */
export function useRange(): (rate: number | null, span: Span | null) => string {
  const t = useTranslations('reports')
  const format = useFormat()
  return (rate, span) =>
    span === null
      ? format.percent(rate)
      : t('overview.range', {
          rate: format.percent(rate),
          low: format.percent(span.low),
          high: format.percent(span.high),
        })
}

/** A difference of rates in points, with its sign. */
export function usePoints(): (difference: number | null) => string {
  const format = useFormat()
  return (difference) =>
    format.number(difference === null ? null : difference * 100, {
      maximumFractionDigits: 2,
      signDisplay: 'exceptZero',
    })
}

import { lazy, Suspense } from 'react'
import type { NumberFieldProps as AriaProps } from 'react-aria-components'
import { FieldFrame } from './Field.tsx'
import type { FieldProps } from './Field.tsx'

/** Properties of a number field. `formatOptions` as of Intl: percent, currency, unit. */
export interface NumberFieldProps
  extends FieldProps, Omit<AriaProps, 'className' | 'style' | 'children' | keyof FieldProps> {
  placeholder?: string
}

const NumberFieldBox = lazy(() =>
  import('./NumberFieldBox.tsx').then((module) => ({ default: module.NumberFieldBox })),
)

/** A number in the reader's notation: `<NumberField label={t('cap')} minValue={0} value={n} onChange={setN} />`. */
export function NumberField(props: NumberFieldProps) {
  return (
    <Suspense fallback={<FieldFrame {...props} />}>
      <NumberFieldBox {...props} />
    </Suspense>
  )
}

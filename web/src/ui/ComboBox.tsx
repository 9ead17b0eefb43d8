import { lazy, Suspense } from 'react'
import type { ComponentType } from 'react'
import { FieldFrame } from './Field.tsx'
import type { FieldProps } from './Field.tsx'
import type { Option } from './Option.tsx'

/** Properties of a combo box. */
export interface ComboBoxProps<Value extends string> extends FieldProps {
  options: readonly Option<Value>[]
  value: Value | null
  onChange: (value: Value | null) => void
  placeholder?: string
  isDisabled?: boolean
  /** For choices that the server searches: called as one types; `options` are then shown as they are. */
  onSearch?: (text: string) => void
  /** When the list opens: at once, or with the first letter. */
  opensOn?: 'focus' | 'input'
  autoFocus?: boolean
  /** Lets the reader keep words that are in no option; they arrive in `onText`. */
  onText?: (text: string) => void
}

const ComboBoxField = lazy(() =>
  import('./ComboBoxField.tsx').then((module) => ({ default: module.ComboBoxField })),
)

/** One of many, found by typing: `<ComboBox label={t('segment')} options={…} value={id} onChange={setId} />`. */
export function ComboBox<Value extends string>(props: ComboBoxProps<Value>) {
  // What comes back is a value of the options that went in, or null.
  const Box = ComboBoxField as unknown as ComponentType<ComboBoxProps<Value>>
  return (
    <Suspense fallback={<FieldFrame {...props}>{labelOf(props)}</FieldFrame>}>
      <Box {...props} />
    </Suspense>
  )
}

const labelOf = <Value extends string>({ options, value }: ComboBoxProps<Value>): string | undefined =>
  options.find((option) => option.value === value)?.label

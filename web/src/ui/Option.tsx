import type { ReactNode } from 'react'
import { Text } from 'react-aria-components'

/** One choice of a Select, ComboBox or Menu-like list. */
export interface Option<Value extends string = string> {
  value: Value
  label: string
  /** A second, quieter line. */
  note?: string
  icon?: ReactNode
  isDisabled?: boolean
  /** Options of one group stand together under its name. */
  group?: string
}

/** A label and its quieter second line; together they are the name of the row. */
export function OptionText({ label, note }: { label: string; note?: string | undefined }) {
  return (
    <Text slot="label" className="grid min-w-0 flex-1">
      <span className="truncate">{label}</span>
      {note !== undefined && (
        <span data-note className="text-sm text-muted">
          {note}
        </span>
      )}
    </Text>
  )
}

/** The look of one row in any popping list. */
export const optionStyle =
  'flex min-h-8 cursor-default items-center gap-2 rounded-md px-2 py-1.5 text-base outline-none data-[disabled]:cursor-not-allowed data-[disabled]:text-muted data-[focused]:bg-soft data-[hovered]:bg-soft [&_svg]:size-4 [&_svg]:shrink-0'

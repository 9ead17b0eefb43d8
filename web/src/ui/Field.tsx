import type { ReactNode } from 'react'
import { FieldError, Label, Text } from 'react-aria-components'
import { cx } from './cx.ts'
import { useKitText } from './text.ts'

/** What every field of the kit takes. */
export interface FieldProps {
  label: string
  /** The label is read but not shown; for search boxes and table cells. */
  isLabelHidden?: boolean
  /** One sentence of help under the field. */
  hint?: ReactNode
  /** What is wrong, usually from the server: `error={errors['schedule.at']}`. */
  error?: string | undefined
  /** Says "optional" beside the label; fields are required unless they say so. */
  isOptional?: boolean
  /** Classes for the outside only: width, grid place. */
  className?: string
}

/** The label of a field. */
export function FieldLabel({ label, isLabelHidden, isOptional }: FieldProps) {
  const t = useKitText()
  return (
    <Label className={cx(labelStyle, isLabelHidden && 'sr-only')}>
      {label}
      {isOptional && <span className="ml-1 font-normal text-muted">({t('field.optional')})</span>}
    </Label>
  )
}

/** Help and error below a field. */
export function FieldNotes({ hint, error }: Pick<FieldProps, 'hint' | 'error'>) {
  return (
    <>
      {hint !== undefined && !error && (
        <Text slot="description" className="text-sm text-muted">
          {hint}
        </Text>
      )}
      <FieldError className="text-sm text-danger">{error ? () => error : undefined}</FieldError>
    </>
  )
}

/** The same place, as high and with the same words, while a larger field is on its way. */
export function FieldFrame({
  label,
  isLabelHidden,
  hint,
  className,
  children,
}: FieldProps & { children?: ReactNode }) {
  return (
    <div aria-busy className={cx(fieldStyle, className)}>
      <span className={cx(labelStyle, isLabelHidden && 'sr-only')}>{label}</span>
      <span className={cx(boxStyle, 'flex items-center truncate px-2.5')}>{children}</span>
      {hint !== undefined && <span className="text-sm text-muted">{hint}</span>}
    </div>
  )
}

/** Fields side by side where there is room: `<FieldRow>…</FieldRow>`. */
export function FieldRow({ children }: { children: ReactNode }) {
  return <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">{children}</div>
}

/** Fields below one another with the kit's distance. */
export function FieldStack({ children }: { children: ReactNode }) {
  return <div className="grid grid-cols-1 gap-4">{children}</div>
}

/** The look of a label, for groups that draw their own. */
export const labelStyle = 'text-base font-medium text-text'

/** The outside of a field. */
export const fieldStyle = 'flex min-w-0 flex-col gap-1.5'

/** The frame of everything in which one types or chooses; 3:1 against its ground. */
export const boxStyle =
  'h-8 w-full min-w-0 rounded-md border border-field bg-panel text-base text-text outline-none transition-colors hover:border-text data-[disabled]:cursor-not-allowed data-[disabled]:border-line data-[disabled]:bg-soft data-[disabled]:text-muted data-[focus-within]:border-accent data-[focus-within]:ring-1 data-[focus-within]:ring-accent data-[invalid]:border-danger'

/** The box in which one types. */
export const inputStyle = `${boxStyle} px-2.5 placeholder:text-muted data-[focused]:border-accent data-[focused]:ring-1 data-[focused]:ring-accent [&[readonly]]:bg-soft`

import type { ReactNode } from 'react'
import { TextField as AriaTextField, Input, TextArea as AriaTextArea } from 'react-aria-components'
import type { TextFieldProps as AriaProps } from 'react-aria-components'
import { cx } from './cx.ts'
import { FieldLabel, FieldNotes, fieldStyle, inputStyle } from './Field.tsx'
import type { FieldProps } from './Field.tsx'

type Common = FieldProps & Omit<AriaProps, 'className' | 'style' | 'children' | keyof FieldProps>

/** Properties of a text field. */
export interface TextFieldProps extends Common {
  placeholder?: string
  /** Shown inside at the end: a unit, a domain. */
  suffix?: ReactNode
}

/** One line of text: `<TextField label={t('name')} value={name} onChange={setName} error={errors['name']} />`. */
export function TextField({ placeholder, suffix, ...props }: TextFieldProps) {
  const { label, isLabelHidden, hint, error, isOptional, className, ...rest } = props
  return (
    <AriaTextField
      validationBehavior="aria"
      {...rest}
      isInvalid={Boolean(error) || Boolean(rest.isInvalid)}
      className={cx(fieldStyle, className)}
    >
      <FieldLabel {...{ label, isLabelHidden, isOptional }} />
      <span className="relative flex">
        <Input placeholder={placeholder} className={cx(inputStyle, suffix !== undefined && 'pr-16')} />
        {suffix !== undefined && (
          <span className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-sm text-muted">
            {suffix}
          </span>
        )}
      </span>
      <FieldNotes hint={hint} error={error} />
    </AriaTextField>
  )
}

/** Properties of a text area. */
export interface TextAreaProps extends Common {
  placeholder?: string
  rows?: number
  /** For code, MJML, CSV. */
  isMonospaced?: boolean
}

/** Several lines of text: `<TextArea label={t('note')} rows={4} … />`. */
export function TextArea({ placeholder, rows = 3, isMonospaced, ...props }: TextAreaProps) {
  const { label, isLabelHidden, hint, error, isOptional, className, ...rest } = props
  return (
    <AriaTextField
      validationBehavior="aria"
      {...rest}
      isInvalid={Boolean(error) || Boolean(rest.isInvalid)}
      className={cx(fieldStyle, className)}
    >
      <FieldLabel {...{ label, isLabelHidden, isOptional }} />
      <AriaTextArea
        placeholder={placeholder}
        rows={rows}
        className={cx(inputStyle, 'h-auto resize-y py-1.5', isMonospaced && 'font-mono text-sm')}
      />
      <FieldNotes hint={hint} error={error} />
    </AriaTextField>
  )
}

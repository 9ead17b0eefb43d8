import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'
import { Checkbox as AriaCheckbox, CheckboxGroup as AriaCheckboxGroup } from 'react-aria-components'
import type { CheckboxProps as AriaProps } from 'react-aria-components'
import { cx } from './cx.ts'
import { FieldLabel, FieldNotes, fieldStyle } from './Field.tsx'
import type { FieldProps } from './Field.tsx'
import type { Option } from './Option.tsx'

/** Properties of a checkbox; without children it needs an `aria-label`. */
export interface CheckboxProps extends Omit<AriaProps, 'className' | 'style' | 'children'> {
  children?: ReactNode
}

/** Yes or no: `<Checkbox isSelected={on} onChange={setOn}>{t('agree')}</Checkbox>`. */
export function Checkbox({ children, ...props }: CheckboxProps) {
  return (
    <AriaCheckbox
      {...props}
      className="group inline-flex min-h-6 min-w-6 items-center gap-2 text-base data-[disabled]:cursor-not-allowed data-[disabled]:text-muted"
    >
      {({ isSelected, isIndeterminate }) => (
        <>
          <span
            className={cx(
              'flex size-4 shrink-0 items-center justify-center rounded-[4px] border transition-colors group-data-[disabled]:opacity-50 group-data-[focus-visible]:outline-2 group-data-[focus-visible]:outline-offset-2 group-data-[focus-visible]:outline-accent',
              isSelected || isIndeterminate
                ? 'border-accent bg-accent text-on-accent'
                : 'border-edge bg-panel group-data-[invalid]:border-danger',
            )}
          >
            {isIndeterminate ? (
              <Minus aria-hidden strokeWidth={3} className="size-3" />
            ) : (
              isSelected && <Check aria-hidden strokeWidth={3} className="size-3" />
            )}
          </span>
          {children !== undefined && <span>{children}</span>}
        </>
      )}
    </AriaCheckbox>
  )
}

/** Properties of a group of checkboxes. */
export interface CheckboxGroupProps<Value extends string> extends FieldProps {
  options: readonly Option<Value>[]
  value: readonly Value[]
  onChange: (value: Value[]) => void
  isDisabled?: boolean
  direction?: 'row' | 'column'
}

/** Any of a few: `<CheckboxGroup label={t('channels')} options={…} value={channels} onChange={setChannels} />`. */
export function CheckboxGroup<Value extends string>(props: CheckboxGroupProps<Value>) {
  const { label, isLabelHidden, hint, error, isOptional, className, direction = 'row' } = props
  return (
    <AriaCheckboxGroup
      value={[...props.value]}
      // The values of the group are the options' own.
      onChange={(value) => props.onChange(value as Value[])}
      isInvalid={Boolean(error)}
      isDisabled={props.isDisabled ?? false}
      validationBehavior="aria"
      className={cx(fieldStyle, className)}
    >
      <FieldLabel {...{ label, isLabelHidden, isOptional }} />
      <div className={cx('flex', direction === 'row' ? 'flex-wrap gap-x-4 gap-y-1' : 'flex-col gap-1')}>
        {props.options.map((option) => (
          <Checkbox key={option.value} value={option.value} isDisabled={option.isDisabled ?? false}>
            {option.label}
          </Checkbox>
        ))}
      </div>
      <FieldNotes hint={hint} error={error} />
    </AriaCheckboxGroup>
  )
}

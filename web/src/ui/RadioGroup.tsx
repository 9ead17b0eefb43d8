import { Radio, RadioGroup as AriaRadioGroup } from 'react-aria-components'
import { cx } from './cx.ts'
import { FieldLabel, FieldNotes, fieldStyle } from './Field.tsx'
import type { FieldProps } from './Field.tsx'
import type { Option } from './Option.tsx'

/** Properties of a radio group. */
export interface RadioGroupProps<Value extends string> extends FieldProps {
  options: readonly Option<Value>[]
  value: Value | null
  onChange: (value: Value) => void
  isDisabled?: boolean
  /** `cards` gives each choice a frame and room for its note. */
  look?: 'plain' | 'cards'
}

/** One of a few, all visible: `<RadioGroup label={t('when')} options={…} value={when} onChange={setWhen} />`. */
export function RadioGroup<Value extends string>(props: RadioGroupProps<Value>) {
  const { label, isLabelHidden, hint, error, isOptional, className, look = 'plain' } = props
  return (
    <AriaRadioGroup
      value={props.value}
      // The values of the group are the options' own.
      onChange={(value) => props.onChange(value as Value)}
      isInvalid={Boolean(error)}
      isDisabled={props.isDisabled ?? false}
      validationBehavior="aria"
      className={cx(fieldStyle, className)}
    >
      <FieldLabel {...{ label, isLabelHidden, isOptional }} />
      <div className={cx('flex flex-col', look === 'cards' ? 'gap-2' : 'gap-0.5')}>
        {props.options.map((option) => (
          <Radio
            key={option.value}
            value={option.value}
            isDisabled={option.isDisabled ?? false}
            className={cx(
              'group flex min-h-6 items-start gap-2 py-0.5 text-base data-[disabled]:cursor-not-allowed data-[disabled]:text-muted',
              look === 'cards' &&
                'rounded-lg border border-line bg-panel px-3 py-2.5 hover:border-edge data-[selected]:border-accent data-[selected]:bg-accent-soft',
            )}
          >
            <span className="mt-0.5 flex size-4 shrink-0 rounded-full border border-edge bg-panel group-data-[focus-visible]:outline-2 group-data-[focus-visible]:outline-offset-2 group-data-[focus-visible]:outline-accent group-data-[selected]:border-[5px] group-data-[selected]:border-accent" />
            <span className="grid min-w-0">
              <span className={cx(look === 'cards' && 'font-medium')}>{option.label}</span>
              {option.note !== undefined && <span className="text-sm text-muted">{option.note}</span>}
            </span>
          </Radio>
        ))}
      </div>
      <FieldNotes hint={hint} error={error} />
    </AriaRadioGroup>
  )
}

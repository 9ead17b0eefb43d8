import { Minus, Plus } from 'lucide-react'
import { NumberField as AriaNumberField, Button, Group, Input } from 'react-aria-components'
import { cx } from './cx.ts'
import { FieldLabel, FieldNotes, boxStyle, fieldStyle } from './Field.tsx'
import type { NumberFieldProps } from './NumberField.tsx'
import { useKitText } from './text.ts'

/** The box behind NumberField. */
export function NumberFieldBox({ placeholder, ...props }: NumberFieldProps) {
  const { label, isLabelHidden, hint, error, isOptional, className, ...rest } = props
  const t = useKitText()
  return (
    <AriaNumberField
      validationBehavior="aria"
      {...rest}
      isInvalid={Boolean(error) || Boolean(rest.isInvalid)}
      className={cx(fieldStyle, className)}
    >
      <FieldLabel {...{ label, isLabelHidden, isOptional }} />
      <Group className={cx(boxStyle, 'flex items-stretch overflow-hidden')}>
        <Input
          placeholder={placeholder}
          className="figures w-full min-w-0 bg-transparent px-2.5 outline-none placeholder:text-muted"
        />
        <Button slot="decrement" aria-label={t('field.decrease')} className={stepStyle}>
          <Minus />
        </Button>
        <Button slot="increment" aria-label={t('field.increase')} className={stepStyle}>
          <Plus />
        </Button>
      </Group>
      <FieldNotes hint={hint} error={error} />
    </AriaNumberField>
  )
}

const stepStyle =
  'flex w-7 shrink-0 items-center justify-center border-l border-line text-muted hover:bg-soft hover:text-text data-[disabled]:opacity-40 [&_svg]:size-3.5'

import { ChevronDown } from 'lucide-react'
import { ComboBox as AriaComboBox, Button, Group, Input } from 'react-aria-components'
import { cx } from './cx.ts'
import { FieldLabel, FieldNotes, boxStyle, fieldStyle } from './Field.tsx'
import type { ComboBoxProps } from './ComboBox.tsx'
import { PopoverPanel } from './Popover.tsx'
import { OptionList } from './Select.tsx'
import { useKitText } from './text.ts'

/** The box behind ComboBox. */
export function ComboBoxField(props: ComboBoxProps<string>) {
  const { label, isLabelHidden, hint, error, isOptional, className, options, value } = props
  const t = useKitText()
  const searched = props.onSearch
  return (
    <AriaComboBox
      value={value}
      onChange={(key) => props.onChange(key === null ? null : String(key))}
      onInputChange={(text) => {
        searched?.(text)
        props.onText?.(text)
      }}
      {...(searched ? { defaultFilter: () => true } : {})}
      allowsCustomValue={props.onText !== undefined}
      allowsEmptyCollection
      menuTrigger={props.opensOn ?? 'focus'}
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- keeps the focus where it was when a field is renewed
      autoFocus={props.autoFocus ?? false}
      isInvalid={Boolean(error)}
      isDisabled={props.isDisabled ?? false}
      validationBehavior="aria"
      className={cx(fieldStyle, className)}
    >
      <FieldLabel {...{ label, isLabelHidden, isOptional }} />
      <Group className={cx(boxStyle, 'flex items-stretch')}>
        <Input
          placeholder={props.placeholder}
          className="w-full min-w-0 bg-transparent px-2.5 outline-none placeholder:text-muted"
        />
        <Button
          aria-label={t('combo.open')}
          className="flex w-8 shrink-0 items-center justify-center text-muted"
        >
          <ChevronDown aria-hidden className="size-4" />
        </Button>
      </Group>
      <FieldNotes hint={hint} error={error} />
      <PopoverPanel className="w-(--trigger-width) min-w-56">
        <OptionList options={options} empty={<p className="px-2 py-1.5 text-muted">{t('combo.none')}</p>} />
      </PopoverPanel>
    </AriaComboBox>
  )
}

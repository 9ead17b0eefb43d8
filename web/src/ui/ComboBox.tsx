import { ChevronDown } from 'lucide-react'
import { ComboBox as AriaComboBox, Button, Group, Input } from 'react-aria-components'
import { cx } from './cx.ts'
import { FieldLabel, FieldNotes, boxStyle, fieldStyle } from './Field.tsx'
import type { FieldProps } from './Field.tsx'
import { PopoverPanel } from './Popover.tsx'
import { OptionList } from './Select.tsx'
import type { Option } from './Option.tsx'
import { useKitText } from './text.ts'

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

/** One of many, found by typing: `<ComboBox label={t('segment')} options={…} value={id} onChange={setId} />`. */
export function ComboBox<Value extends string>(props: ComboBoxProps<Value>) {
  const { label, isLabelHidden, hint, error, isOptional, className, options, value } = props
  const t = useKitText()
  const searched = props.onSearch
  return (
    <AriaComboBox
      value={value}
      // The keys of the list are the options' own values.
      onChange={(key) => props.onChange(key as Value | null)}
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

import { Check, ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  Select as AriaSelect,
  Button,
  Header,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  SelectValue,
} from 'react-aria-components'
import { cx } from './cx.ts'
import { FieldLabel, FieldNotes, boxStyle, fieldStyle } from './Field.tsx'
import type { FieldProps } from './Field.tsx'
import { OptionText, optionStyle } from './Option.tsx'
import type { Option } from './Option.tsx'
import { PopoverPanel } from './Popover.tsx'

/** Properties of a select. */
export interface SelectProps<Value extends string> extends FieldProps {
  options: readonly Option<Value>[]
  value: Value | null
  onChange: (value: Value) => void
  placeholder?: string
  isDisabled?: boolean
  /** As wide as its text, for filter bars. */
  isCompact?: boolean
  name?: string
}

/** One of a few: `<Select label={t('status')} options={…} value={status} onChange={setStatus} />`. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, isLabelHidden, hint, error, isOptional, className, options, value, isCompact } = props
  return (
    <AriaSelect
      value={value}
      // The keys of the list are the options' own values.
      onChange={(key) => key !== null && props.onChange(key as Value)}
      isInvalid={Boolean(error)}
      isDisabled={props.isDisabled ?? false}
      validationBehavior="aria"
      {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
      {...(props.name === undefined ? {} : { name: props.name })}
      className={cx(fieldStyle, isCompact && 'w-fit', className)}
    >
      <FieldLabel {...{ label, isLabelHidden, isOptional }} />
      <Button className={cx(selectButtonStyle, isCompact && 'border-line font-medium')}>
        <SelectValue className="min-w-0 flex-1 truncate text-left data-[placeholder]:text-muted [&_[data-note]]:hidden [&_svg]:hidden" />
        <ChevronDown aria-hidden className="size-4 shrink-0 text-muted" />
      </Button>
      <FieldNotes hint={hint} error={error} />
      <PopoverPanel className="min-w-(--trigger-width) max-w-96">
        <OptionList options={options} />
      </PopoverPanel>
    </AriaSelect>
  )
}

/** The list inside a Select or ComboBox. */
export function OptionList({ options, empty }: { options: readonly Option[]; empty?: ReactNode }) {
  const groups = [...new Set(options.map((option) => option.group))]
  return (
    <ListBox className="max-h-80 overflow-auto p-1 outline-none" renderEmptyState={() => empty}>
      {groups.map((group) => {
        const items = options.filter((option) => option.group === group).map(optionItem)
        if (group === undefined) return items
        return (
          <ListBoxSection key={group}>
            <Header className="px-2 pt-2 pb-1 text-sm text-muted">{group}</Header>
            {items}
          </ListBoxSection>
        )
      })}
    </ListBox>
  )
}

function optionItem(option: Option) {
  return (
    <ListBoxItem
      key={option.value}
      id={option.value}
      textValue={option.label}
      isDisabled={option.isDisabled ?? false}
      className={optionStyle}
    >
      {({ isSelected }) => (
        <>
          {option.icon}
          <OptionText label={option.label} note={option.note} />
          {isSelected && <Check aria-hidden className="size-4 shrink-0 text-accent-text" />}
        </>
      )}
    </ListBoxItem>
  )
}

const selectButtonStyle = `${boxStyle} flex items-center gap-2 px-2.5 data-[focus-visible]:border-accent data-[focus-visible]:ring-1 data-[focus-visible]:ring-accent data-[pressed]:bg-soft in-data-[invalid]:border-danger`

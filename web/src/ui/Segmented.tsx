import { ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { cx } from './cx.ts'
import type { Option } from './Option.tsx'

/** One of two to four, side by side: `<Segmented label={t('when')} options={…} value={when} onChange={setWhen} />`. */
export function Segmented<Value extends string>({
  label,
  options,
  value,
  onChange,
  isDisabled,
  className,
}: {
  label: string
  options: readonly Option<Value>[]
  value: Value
  onChange: (value: Value) => void
  isDisabled?: boolean
  className?: string
}) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      isDisabled={isDisabled ?? false}
      onSelectionChange={(keys) => {
        const chosen = options.find((option) => keys.has(option.value))
        if (chosen) onChange(chosen.value)
      }}
      className={cx(
        'inline-flex w-fit max-w-full gap-0.5 overflow-x-auto rounded-lg bg-soft p-0.5',
        className,
      )}
    >
      {options.map((option) => (
        <ToggleButton
          key={option.value}
          id={option.value}
          isDisabled={option.isDisabled ?? false}
          className="inline-flex h-7 items-center gap-1.5 rounded-md px-2.5 text-base whitespace-nowrap text-muted data-[disabled]:opacity-50 data-[focus-visible]:outline-offset-[-2px] data-[hovered]:text-text data-[selected]:bg-panel data-[selected]:font-medium data-[selected]:text-text data-[selected]:shadow-sm dark:data-[selected]:bg-line [&_svg]:size-4"
        >
          {option.icon}
          {option.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}

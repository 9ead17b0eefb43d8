import { ComboBox } from '../ui/ComboBox.tsx'
import { Tags } from '../ui/Tag.tsx'
import { useState } from 'react'

/** Properties of a choice of several values that have names. */
export interface OptionsInputProps {
  label: string
  isLabelHidden?: boolean
  isDisabled?: boolean
  options: readonly { value: string; label: string }[]
  value: readonly string[]
  onChange: (value: string[]) => void
}

/** Several of many, found by typing; each stands below with a cross: `<OptionsInput label={t('countries')} … />`. */
export function OptionsInput({
  label,
  isLabelHidden,
  isDisabled = false,
  options,
  value,
  onChange,
}: OptionsInputProps) {
  // A new key empties the box after each choice and keeps the focus in it, as the kit's TagInput does.
  const [round, setRound] = useState(0)
  const nameOf = (chosen: string) => options.find((option) => option.value === chosen)?.label ?? chosen
  return (
    <div className="grid w-72 max-w-full min-w-0 gap-1.5">
      {!isDisabled && (
        <ComboBox
          label={label}
          isLabelHidden={isLabelHidden ?? false}
          options={options.filter((option) => !value.includes(option.value))}
          value={null}
          key={round}
          autoFocus={round > 0}
          opensOn={round > 0 ? 'input' : 'focus'}
          onChange={(chosen) => {
            if (chosen === null) return
            onChange([...value, chosen])
            setRound(round + 1)
          }}
        />
      )}
      <Tags
        label={label}
        tags={value.map(nameOf)}
        {...(isDisabled
          ? {}
          : { onRemove: (name: string) => onChange(value.filter((chosen) => nameOf(chosen) !== name)) })}
      />
    </div>
  )
}

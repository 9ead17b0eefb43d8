import { useState } from 'react'
import { ComboBox } from '../ui/ComboBox.tsx'
import type { Option } from '../ui/Option.tsx'
import { Tags } from '../ui/Tag.tsx'

/** Properties of a choice of several things that the server finds by name. */
export interface SeveralPickerProps {
  label: string
  isLabelHidden?: boolean
  isDisabled?: boolean
  hint?: string
  /** Ids of what is chosen. */
  value: readonly string[]
  onChange: (value: string[]) => void
}

/** Milliseconds after the last letter until the server is asked. */
export const SEARCH_AFTER_MS = 150

/** Several things, found by name; what is chosen lies below the box. */
export function SeveralPicker({
  label,
  isLabelHidden = false,
  isDisabled = false,
  hint,
  value,
  onChange,
  placeholder,
  options,
  onSearch,
  nameOf,
}: SeveralPickerProps & {
  placeholder: string
  /** What was found. */
  options: readonly Option[]
  onSearch: (text: string) => void
  /** The name of something chosen; null until the names are there: several chips would all say the same. */
  nameOf: ((id: string) => string) | null
}) {
  // A new key empties the box after each choice and keeps the focus in it, as the kit's TagInput does.
  const [round, setRound] = useState(0)
  return (
    <div className="grid w-72 max-w-full min-w-0 gap-1.5">
      {!isDisabled && (
        <ComboBox
          label={label}
          isLabelHidden={isLabelHidden}
          placeholder={placeholder}
          {...(hint === undefined ? {} : { hint })}
          options={options.filter((option) => !value.includes(option.value))}
          value={null}
          key={round}
          autoFocus={round > 0}
          opensOn={round > 0 ? 'input' : 'focus'}
          onSearch={onSearch}
          onChange={(id) => {
            if (id === null) return
            onChange([...value, id])
            onSearch('')
            setRound(round + 1)
          }}
        />
      )}
      <Tags
        label={label}
        tags={nameOf === null ? [] : value.map((id) => ({ id, name: nameOf(id) }))}
        {...(isDisabled ? {} : { onRemove: (removed) => onChange(value.filter((id) => id !== removed)) })}
      />
    </div>
  )
}

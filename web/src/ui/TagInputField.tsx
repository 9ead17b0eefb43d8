import { Plus } from 'lucide-react'
import { useState } from 'react'
import { ComboBox } from './ComboBox.tsx'
import type { TagInputProps } from './TagInput.tsx'
import { IconButton } from './IconButton.tsx'
import { Tags } from './Tag.tsx'
import { useKitText } from './text.ts'

/** The box and the words behind TagInput. */
export function TagInputField({
  value,
  onChange,
  suggestions = [],
  isDisabled,
  autoFocus,
  ...field
}: TagInputProps) {
  const t = useKitText()
  const [text, setText] = useState('')
  // A new key empties the box after each word; a combo box would open its list again if only its text changed.
  const [round, setRound] = useState(0)

  const add = (word: string) => {
    const tag = word.trim()
    if (tag !== '' && !value.includes(tag)) onChange([...value, tag])
    setText('')
    setRound(round + 1)
  }

  return (
    <div
      className="grid min-w-0 gap-1.5"
      onKeyDownCapture={(event) => {
        if ((event.key !== 'Enter' && event.key !== ',') || text.trim() === '') return
        // An option under the cursor is chosen by the box itself.
        const active =
          event.target instanceof HTMLElement && event.target.getAttribute('aria-activedescendant')
        if (event.key === 'Enter' && active) return
        // The box hears Enter too, and closes its list; no form around is sent.
        event.preventDefault()
        add(text)
      }}
    >
      <div className="flex items-end gap-2">
        <ComboBox
          {...field}
          className="flex-1"
          value={null}
          onChange={(tag) => tag !== null && add(tag)}
          key={round}
          autoFocus={round > 0 || autoFocus === true}
          opensOn="input"
          onText={setText}
          options={suggestions
            .filter((tag) => !value.includes(tag))
            .map((tag) => ({ value: tag, label: tag }))}
          isDisabled={isDisabled ?? false}
        />
        <IconButton label={t('tags.add')} isDisabled={text.trim() === ''} onPress={() => add(text)}>
          <Plus aria-hidden />
        </IconButton>
      </div>
      <Tags
        label={field.label}
        tags={value}
        {...(isDisabled ? {} : { onRemove: (tag) => onChange(value.filter((other) => other !== tag)) })}
      />
    </div>
  )
}

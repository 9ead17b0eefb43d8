import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { ComboBox } from '../ui/ComboBox.tsx'
import { Tags } from '../ui/Tag.tsx'
import { useSegmentSearch, useSegmentsById } from './api.ts'
import { useSettled } from '../platform/use-settled.ts'

/** Properties of a choice of segments. */
export interface SegmentPickerProps {
  label: string
  isLabelHidden?: boolean
  isDisabled?: boolean
  /** Ids of segments. */
  value: readonly string[]
  onChange: (value: string[]) => void
  /** A segment that must not be chosen. */
  excludedId?: string | null
}

const SEARCH_AFTER_MS = 150

/** Several segments, found by name: `<SegmentPicker label={t('segments')} value={ids} onChange={setIds} />`. */
export function SegmentPicker({
  label,
  isLabelHidden,
  isDisabled = false,
  value,
  onChange,
  excludedId,
}: SegmentPickerProps) {
  const t = useTranslations('segments')
  const format = useFormat()
  const [text, setText] = useState('')
  // A new key empties the box after each choice and keeps the focus in it, as the kit's TagInput does.
  const [round, setRound] = useState(0)
  const found = useSegmentSearch(useSettled(text, SEARCH_AFTER_MS))
  const chosen = useSegmentsById(value)
  const nameOf = (id: string) => chosen.data?.get(id)?.name ?? t('picker.unknown')
  return (
    <div className="grid w-72 max-w-full min-w-0 gap-1.5">
      {!isDisabled && (
        <ComboBox
          label={label}
          isLabelHidden={isLabelHidden ?? false}
          placeholder={t('picker.placeholder')}
          options={(found.data?.items ?? [])
            .filter(({ id }) => id !== excludedId && !value.includes(id))
            .map(({ id, name, size }) => ({
              value: id,
              label: name,
              note: t('people', { count: size ?? 0, number: format.number(size) }),
            }))}
          value={null}
          key={round}
          autoFocus={round > 0}
          opensOn={round > 0 ? 'input' : 'focus'}
          onSearch={setText}
          onChange={(id) => {
            if (id === null) return
            onChange([...value, id])
            setText('')
            setRound(round + 1)
          }}
        />
      )}
      <Tags
        label={label}
        // Until the names are there, several chips would all say the same.
        tags={chosen.isPending && value.length > 0 ? [] : value.map(nameOf)}
        {...(isDisabled
          ? {}
          : { onRemove: (name: string) => onChange(value.filter((id) => nameOf(id) !== name)) })}
      />
    </div>
  )
}

import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useSettled } from '../platform/use-settled.ts'
import { ComboBox } from '../ui/ComboBox.tsx'
import { Tags } from '../ui/Tag.tsx'
import { useCampaignsById, useCampaignSearch } from './api.ts'

interface CampaignPickerProps {
  label: string
  isLabelHidden?: boolean
  isDisabled?: boolean
  /** Ids of campaigns. */
  value: readonly string[]
  onChange: (value: string[]) => void
}

const SEARCH_AFTER_MS = 150

/** Several campaigns that have written to people, found by name. */
export function CampaignPicker({
  label,
  isLabelHidden,
  isDisabled = false,
  value,
  onChange,
}: CampaignPickerProps) {
  const t = useTranslations('segments')
  const [text, setText] = useState('')
  // A new key empties the box after each choice and keeps the focus in it, as the kit's TagInput does.
  const [round, setRound] = useState(0)
  const found = useCampaignSearch(useSettled(text, SEARCH_AFTER_MS))
  const chosen = useCampaignsById(value)
  const nameOf = (id: string) => chosen.data?.get(id) ?? t('picker.unknownCampaign')
  return (
    <div className="grid w-72 max-w-full min-w-0 gap-1.5">
      {!isDisabled && (
        <ComboBox
          label={label}
          isLabelHidden={isLabelHidden ?? false}
          placeholder={t('picker.campaigns')}
          options={(found.data ?? [])
            .filter(({ id }) => !value.includes(id))
            .map(({ id, name }) => ({ value: id, label: name }))}
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

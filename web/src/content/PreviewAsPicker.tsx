import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { ComboBox } from '../ui/ComboBox.tsx'
import { useContactsLike } from './api.ts'
import type { PreviewAs } from './api.ts'
import { useSettled } from './use-settled.ts'

const SAMPLES = ['typical', 'no_name', 'long_name', 'right_to_left'] as const

/** As whom the mail is looked at: people who are not there first, then real contacts by search. */
export function PreviewAsPicker({
  value,
  onChange,
}: {
  value: PreviewAs
  onChange: (as: PreviewAs) => void
}) {
  const t = useTranslations('content')
  const [text, setText] = useState('')
  const samples = SAMPLES.map((sample) => ({
    value: sample as string,
    label: t(`preview.samples.${sample}`),
    group: t('preview.edgeCases'),
  }))
  // Choosing writes the label into the box: that is no search.
  const searched = useSettled(samples.some((sample) => sample.label === text) ? '' : text)
  const { data } = useContactsLike(searched)
  const contacts = (data?.items ?? []).map((contact) => ({
    value: contact.id,
    label: [contact.firstName, contact.lastName].filter(Boolean).join(' ') || (contact.email ?? contact.id),
    ...(contact.email === null ? {} : { note: contact.email }),
    group: t('preview.contacts'),
  }))
  const offered =
    text === '' || searched === ''
      ? [...samples, ...contacts]
      : [...contacts, ...samples.filter((sample) => sample.label.toLowerCase().includes(text.toLowerCase()))]
  const chosen = 'sample' in value ? value.sample : value.contactId
  return (
    <ComboBox
      label={t('preview.as')}
      isLabelHidden
      className="w-56"
      options={offered}
      value={chosen}
      onSearch={setText}
      onChange={(key) => {
        if (key === null) return
        const sample = SAMPLES.find((candidate) => candidate === key)
        onChange(sample === undefined ? { contactId: key } : { sample })
      }}
    />
  )
}

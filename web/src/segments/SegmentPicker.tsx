import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useSettled } from '../platform/use-settled.ts'
import { useSegmentSearch, useSegmentsById } from './api.ts'
import { SEARCH_AFTER_MS, SeveralPicker, type SeveralPickerProps } from './SeveralPicker.tsx'

/** Several segments, found by name: `<SegmentPicker label={t('segments')} value={ids} onChange={setIds} />`. */
export function SegmentPicker({
  excludedId,
  ...props
}: SeveralPickerProps & {
  /** A segment that must not be chosen. */
  excludedId?: string | null
}) {
  const t = useTranslations('segments')
  const format = useFormat()
  const [text, setText] = useState('')
  const found = useSegmentSearch(useSettled(text, SEARCH_AFTER_MS))
  const { data: chosen, isPending } = useSegmentsById(props.value)
  const hasNone = text === '' && found.data?.items.length === 0
  return (
    <SeveralPicker
      {...props}
      {...(hasNone ? { hint: t('picker.none') } : {})}
      placeholder={t('picker.placeholder')}
      options={(found.data?.items ?? [])
        .filter(({ id }) => id !== excludedId)
        .map(({ id, name, size }) => ({
          value: id,
          label: name,
          note: t('people', { count: size ?? 0, number: format.number(size) }),
        }))}
      onSearch={setText}
      nameOf={isPending ? null : (id) => chosen?.get(id)?.name ?? t('picker.unknown')}
    />
  )
}

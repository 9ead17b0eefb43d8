import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useSettled } from '../platform/use-settled.ts'
import { useCampaignsById, useCampaignSearch } from './api.ts'
import { SEARCH_AFTER_MS, SeveralPicker, type SeveralPickerProps } from './SeveralPicker.tsx'

/** Several campaigns that have written to people, found by name. */
export function CampaignPicker(props: SeveralPickerProps) {
  const t = useTranslations('segments.picker')
  const [text, setText] = useState('')
  const found = useCampaignSearch(useSettled(text, SEARCH_AFTER_MS))
  const { data: names, isPending } = useCampaignsById(props.value)
  return (
    <SeveralPicker
      {...props}
      placeholder={t('campaigns')}
      options={(found.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      onSearch={setText}
      nameOf={isPending ? null : (id) => names?.get(id) ?? t('unknownCampaign')}
    />
  )
}

import { useTranslations } from 'use-intl'
import { Select } from '../ui/Select.tsx'
import type { Refinement } from './PrivacyPage.tsx'
import type { PrivacySearch } from './routes.tsx'

/** Narrows a list of this page to one channel. */
export function ChannelFilter({
  channel,
  onRefine,
}: {
  channel: PrivacySearch['channel']
  onRefine: (change: Refinement) => void
}) {
  const t = useTranslations('consent')
  return (
    <Select
      label={t('suppressions.channel')}
      isLabelHidden
      isCompact
      options={[
        { value: 'all' as const, label: t('suppressions.allChannels') },
        { value: 'email' as const, label: t('channels.email') },
        { value: 'sms' as const, label: t('channels.sms') },
      ]}
      value={channel ?? 'all'}
      onChange={(chosen) => onRefine({ channel: chosen === 'all' ? undefined : chosen })}
    />
  )
}

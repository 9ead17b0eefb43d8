import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { MailEditor } from '../../content/MailEditor.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import type { Campaign, Channel } from '../api.ts'
import { MessageEditor } from './MessageEditor.tsx'

/** What is said on each chosen channel: one alone, several behind tabs. An edit names the channels that changed. */
export function ChannelContents({
  channels,
  content,
  onChange,
  isReadOnly,
  shown,
  onShow,
}: {
  channels: readonly Channel[]
  content: Campaign['content']
  onChange: (edit: Partial<Campaign['content']>) => void
  isReadOnly: boolean
  /** The channel whose tab is open, where the page has to know it. */
  shown?: Channel | undefined
  onShow?: (channel: Channel) => void
}) {
  const t = useTranslations('campaigns')
  const editorOf = (channel: Channel): ReactNode =>
    channel === 'email' ? (
      <MailEditor
        hasPreflight={false}
        value={content.email}
        onChange={(email) => onChange({ email })}
        isReadOnly={isReadOnly}
      />
    ) : (
      <MessageEditor
        channel={channel}
        value={content[channel]}
        onChange={(value) => onChange({ [channel]: value })}
        isReadOnly={isReadOnly}
      />
    )
  const [first] = channels
  if (channels.length === 1 && first) return editorOf(first)
  return (
    <Tabs
      label={t('channels.contents')}
      items={channels.map((channel) => ({
        id: channel,
        label: t(`channels.names.${channel}`),
        content: editorOf(channel),
      }))}
      {...(shown === undefined ? {} : { selected: shown })}
      {...(onShow ? { onSelect: onShow } : {})}
    />
  )
}

import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import type { TableColumn } from '../../ui/Table.tsx'
import { CHANNELS } from './channels.ts'

/**
 * A column that tells the channel of each row, where they are of several.
 * @param channels  of all rows; @param channelOf  of one; null for one of none
 */
export function useChannelColumn<T>(
  channels: readonly (string | null)[],
  channelOf: (row: T) => string | null,
): TableColumn<T>[] {
  const t = useTranslations('campaigns')
  const format = useFormat()
  if (new Set(channels).size <= 1) return []
  return [
    {
      id: 'channel',
      title: t('report.people.channel'),
      cell: (row) => {
        const known = CHANNELS.find((channel) => channel === channelOf(row))
        return known === undefined ? format.number(null) : t(`channels.names.${known}`)
      },
    },
  ]
}

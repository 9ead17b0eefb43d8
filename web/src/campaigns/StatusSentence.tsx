import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { StatusLine, statusTones } from '../ui/StatusBadge.tsx'
import type { Campaign } from './api.ts'

/** The state in one sentence: since when, by whom, what comes next. Source: CS-009.4 */
export function StatusSentence({ campaign }: { campaign: Campaign }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const { status, statusAt, statusBy, scheduledAt, schedule } = campaign
  const who =
    statusBy.name ??
    t(`actors.${statusBy.kind === 'api_key' ? 'apiKey' : statusBy.kind === 'system' ? 'system' : 'member'}`)
  const when = format.dateTime(statusAt)
  return (
    <StatusLine tone={statusTones[status]}>
      {status === 'scheduled' && scheduledAt !== null && schedule !== null
        ? t('sentence.scheduled', { at: format.dateTimeZone(scheduledAt, schedule.timeZone) })
        : t(`sentence.${status}`, { who, when })}
    </StatusLine>
  )
}

import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import type { Preview } from './api.ts'

/** Whose values stand in a preview for those of the event that sets the campaign off. */
export function EventNote({ event }: { event: Preview['event'] | undefined }) {
  const t = useTranslations('content')
  const format = useFormat()
  if (!event) return null
  return (
    <p className="text-sm text-muted">
      {event.at === null
        ? t('preview.event.sample')
        : t(`preview.event.${event.values}`, { when: format.dateTime(event.at) })}
    </p>
  )
}

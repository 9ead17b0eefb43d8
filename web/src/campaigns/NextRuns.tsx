import { useTranslations } from 'use-intl'
import { Skeleton } from '../ui/Skeleton.tsx'
import type { Campaign, ScheduleAskedInput } from './api.ts'
import { useSchedulePreview } from './api.ts'

/** A plan in words with its next runs, while it is being written. */
export function NextRuns({ schedule }: { schedule: ScheduleAskedInput }) {
  const t = useTranslations('campaigns.when')
  const preview = useSchedulePreview(schedule)
  const { data } = preview
  // What is wrong with a plan is said beside its fields when it is saved.
  if (preview.isError) return <p className="text-sm text-muted">{t('noPreview')}</p>
  if (!data) return <Skeleton className="h-16" />
  return <Plan planned={data} />
}

/** A plan in words with its next runs. */
export function Plan({ planned }: { planned: NonNullable<Campaign['planned']> }) {
  const t = useTranslations('campaigns.when')
  return (
    <div className="grid gap-1.5 text-sm" aria-live="polite">
      <p className="font-medium">{planned.sentence}</p>
      {planned.next.length === 0 ? (
        <p className="text-muted">{t('noNext')}</p>
      ) : (
        <ol aria-label={t('next')} className="grid gap-1 text-muted">
          {planned.next.map((run) => (
            <li key={run.plannedFor}>
              {run.text}
              {run.note !== null && <span className="block text-amber">{run.note}</span>}
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

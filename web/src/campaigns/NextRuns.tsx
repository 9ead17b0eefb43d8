import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { useSettled } from '../platform/use-settled.ts'
import { useErrorText } from '../ui/ErrorState.tsx'
import { Skeleton } from '../ui/Skeleton.tsx'
import type { Campaign, ScheduleAskedInput } from './api.ts'
import { useSchedulePreview } from './api.ts'

/** A plan in words with its next runs, while it is being written; of one that cannot be, what is wrong with it. */
export function NextRuns({
  schedule,
  isRefused,
}: {
  schedule: ScheduleAskedInput
  /** What is wrong with it stands beside its fields already. */
  isRefused: boolean
}) {
  const t = useTranslations('campaigns.when')
  const preview = useSchedulePreview(useSettled(schedule))
  const { data } = preview
  const { message } = useErrorText(preview.error)
  if (preview.isError && isRefused) return <p className="text-sm text-muted">{t('noPreview')}</p>
  if (preview.isError)
    return (
      <p role="status" className="text-sm text-red">
        {[...new Set(Object.values(fieldErrors(preview.error)))].join(' ') || message}
      </p>
    )
  if (!data) return <Skeleton className="h-16" />
  return <Plan planned={data} none={t('never')} />
}

/** A plan in words with its next runs. */
export function Plan({
  planned,
  none,
}: {
  planned: NonNullable<Campaign['planned']>
  /** What is said where no run is to come; that the last one has been, unless told. */
  none?: string
}) {
  const t = useTranslations('campaigns.when')
  return (
    <div className="grid gap-1.5 text-sm" aria-live="polite">
      <p className="font-medium">{planned.sentence}</p>
      {planned.next.length === 0 ? (
        <p className="text-muted">{none ?? t('noNext')}</p>
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

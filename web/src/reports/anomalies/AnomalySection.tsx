import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useLive } from '../../platform/live.ts'
import { Section } from '../../ui/Card.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { Switch } from '../../ui/Switch.tsx'
import { useErrorToast } from '../../ui/use-error-toast.ts'
import { AnomalyList } from './AnomalyList.tsx'
import { useAnomalies, useChooseMail } from './api.ts'

/** The same with what is watched, how often it is wrong, and whether one is told by mail. */
export function AnomalySection() {
  const t = useTranslations('reports.anomalies')
  const format = useFormat()
  const query = useAnomalies()
  const choose = useChooseMail()
  const sayWhy = useErrorToast()
  useLive('anomalies', null, ['reports', 'anomalies'])
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  const { items, isMailed, falseAlarmsPerRun } = query.data
  return (
    <Section
      title={t('title')}
      note={t('about', { rate: format.percent(falseAlarmsPerRun, 0) })}
      isFlush
      actions={
        <Switch
          isSelected={isMailed}
          isDisabled={choose.isPending}
          onChange={(on) => choose.mutate(on, { onError: sayWhy })}
        >
          {t('mail')}
        </Switch>
      }
    >
      {items.length === 0 ? (
        <EmptyState title={t('none')}>{t('noneText')}</EmptyState>
      ) : (
        <AnomalyList items={items} namesCampaigns />
      )}
    </Section>
  )
}

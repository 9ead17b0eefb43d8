import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { Stats } from '../../ui/Stat.tsx'
import { useKitText } from '../../ui/text.ts'
import { useTriggerStatus } from './api.ts'

/** What sets a campaign off, and where those stand for whom something did. */
export function TriggerPanel({ campaignId }: { campaignId: string }) {
  const t = useTranslations('campaigns.trigger')
  const common = useKitText()
  const format = useFormat()
  const query = useTriggerStatus(campaignId)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton lines={2} />
  const { sentence, enrolled, waiting, handedOver, skipped, passedOver, nextDueAt } = query.data
  const sum = (parts: readonly { people?: number; events?: number }[]) =>
    parts.reduce((total, { people = 0, events = 0 }) => total + people + events, 0)
  return (
    <div className="mb-5 grid gap-3">
      {sentence !== null && <p>{sentence}</p>}
      <Stats
        label={t('title')}
        items={[
          { label: t('status.enrolled'), value: format.number(enrolled) },
          {
            label: t('status.waiting'),
            value: format.number(waiting),
            ...(nextDueAt === null ? {} : { note: t('status.next', { when: format.dateTime(nextDueAt) }) }),
          },
          { label: t('status.handedOver'), value: format.number(handedOver) },
          {
            label: t('status.skipped'),
            value: format.number(sum(skipped)),
            note: skipped
              .map(({ reason, people }) =>
                common('labelled', {
                  label: t(`skipped.${reason as Skipped}`), // likewise
                  text: format.number(people),
                }),
              )
              .join(' · '),
          },
          {
            label: t('status.passedOver'),
            value: format.number(sum(passedOver)),
            note: passedOver
              .map(({ reason, events }) =>
                common('labelled', {
                  label: t(`passedOver.${reason as PassedOver}`), // the server’s words are these
                  text: format.number(events),
                }),
              )
              .join(' · '),
          },
        ]}
      />
    </div>
  )
}

type PassedOver = 'outside_audience' | 'limited' | 'too_late'
type Skipped = 'left_audience' | 'expired' | 'campaign_cancelled'

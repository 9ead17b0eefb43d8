import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Section } from '../../ui/Card.tsx'
import type { FunnelStep } from '../../ui/Funnel.tsx'
import { Funnel } from '../../ui/Funnel.tsx'
import type { Report } from '../api.ts'
import { useReasonText } from '../reasons.ts'
import type { PeopleBehind } from './PeopleSheet.tsx'

/** From the audience to those who have it, every loss with its reason and its people. */
export function WhoDidNot({
  report,
  onPeople,
}: {
  report: Report
  onPeople: (people: PeopleBehind) => void
}) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const reasonText = useReasonText()
  const { figures, sending } = report
  const losses = (of: PeopleBehind['of'], list: Report['figures']['skippedByReason']): FunnelStep[] =>
    list.map(({ reason, people }) => ({
      label: reasonText(reason),
      value: format.number(people),
      kind: 'minus',
      onPress: () => onPeople({ of, reason, title: reasonText(reason) }),
    }))
  const rest = (label: string, value: number): FunnelStep[] =>
    value === 0 ? [] : [{ label, value: format.number(value), kind: 'minus' }]
  return (
    <Section title={t('report.who')}>
      <Funnel
        label={t('report.who')}
        steps={[
          { label: t('report.audience'), value: format.number(figures.audience), kind: 'start' },
          ...losses('skipped', figures.skippedByReason),
          ...losses('failed', figures.failedByReason),
          ...losses('bounced', figures.bouncedByReason),
          ...rest(t('report.notReached'), sending?.cancelled ?? 0),
          ...rest(t('report.waiting'), sending?.waiting ?? 0),
          ...(figures.unknown === 0
            ? []
            : losses('unknown', [{ reason: 'outcome_unknown', people: figures.unknown }])),
          { label: t('report.delivered'), value: format.number(figures.delivered), kind: 'result' },
        ]}
      />
    </Section>
  )
}

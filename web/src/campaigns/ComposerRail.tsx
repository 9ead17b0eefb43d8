import { useTranslations } from 'use-intl'
import { showMailPlace } from '../content/field-id.ts'
import { useFormat } from '../platform/format.ts'
import { Section } from '../ui/Card.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Funnel } from '../ui/Funnel.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import type { Campaign, LaunchSummary } from './api.ts'
import { useLaunchSummary } from './api.ts'
import { Checks } from './Checks.tsx'
import { useHeldText, useReasonText } from './reasons.ts'
import type { Draft } from './use-draft.ts'

/** Always in sight: how many will get it, why the others will not, what is still to be done, and whether it is saved. */
export function ComposerRail({ campaign, state }: { campaign: Campaign; state: Draft['state'] }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const summary = useLaunchSummary(campaign.id, campaign.version)
  const { data } = summary
  // Only those who do what sets it off will get it: the figure is the most that it can reach.
  const title = t(campaign.delivery === 'triggered' ? 'rail.mayReceive' : 'rail.recipients')
  return (
    <aside aria-label={t('rail.label')} className="grid grid-cols-1 gap-5 xl:sticky xl:top-5">
      <p aria-live="polite" className="text-sm text-muted">
        {state === 'saved'
          ? t('draft.saved', { when: format.time(campaign.updatedAt) })
          : t(`draft.${state}`)}
      </p>
      {summary.isError && <ErrorState error={summary.error} onRetry={summary.refetch} />}
      {!summary.isError && !data && <SectionSkeleton />}
      {data && (
        <>
          <Section title={title}>
            <p className="figures text-3xl font-semibold">{format.number(data.estimate.recipients)}</p>
            <Who estimate={data.estimate} result={title} />
            <Hindered estimate={data.estimate} />
          </Section>
          <Section title={t('rail.checks')} note={data.ready ? t('rail.ready') : t('rail.notReady')}>
            <Checks checks={data.checks.filter((check) => check.level !== 'ok')} onGo={goTo} />
          </Section>
        </>
      )}
    </aside>
  )
}

function Who({ estimate, result }: { estimate: LaunchSummary['estimate']; result: string }) {
  const t = useTranslations('campaigns')
  const reasonText = useReasonText()
  const format = useFormat()
  return (
    <Funnel
      label={t('rail.who')}
      steps={[
        { label: t('rail.matching'), value: format.number(estimate.matching), kind: 'start' },
        ...estimate.withheld.map(({ reason, people }) => ({
          label: reasonText(reason),
          value: format.number(people),
          kind: 'minus' as const,
        })),
        { label: result, value: format.number(estimate.recipients), kind: 'result' },
      ]}
    />
  )
}

/** Whom hours and frequency caps would hinder, once consent has spoken: of a large audience as a sample tells it. */
function Hindered({ estimate: { hindered, channels } }: { estimate: LaunchSummary['estimate'] }) {
  const t = useTranslations('campaigns')
  const reasonText = useReasonText()
  const heldText = useHeldText()
  const format = useFormat()
  if (hindered.length === 0) return null
  const isSampled = hindered.some(({ margin }) => margin > 0)
  return (
    <div className="mt-4 grid gap-1 border-t border-line pt-3 text-sm">
      <h4 className="font-semibold">{t('rail.hindered')}</h4>
      <ul className="grid gap-1">
        {hindered.map(({ channel, outcome, reason, people, margin, until }) => (
          <li key={`${channel} ${outcome} ${reason}`} className="flex items-baseline justify-between gap-4">
            <span className="min-w-0">
              {outcome === 'delayed' && until !== null
                ? t('rail.delayed', {
                    until: format.dateTime(until),
                    reason: heldText(reason),
                  })
                : t('rail.skipped', { reason: reasonText(reason) })}
              {channels.length > 1 && <span className="text-muted"> · {t(`channels.names.${channel}`)}</span>}
            </span>
            <span className="figures shrink-0">
              {margin === 0
                ? format.number(people)
                : t('rail.about', { people: format.number(people), margin: format.number(margin) })}
            </span>
          </li>
        ))}
      </ul>
      <p className="text-muted">
        {t('rail.hinderedNote')} {isSampled && t('rail.hinderedSample')}
      </p>
    </div>
  )
}

/** Brings a field into view: the mail's editor knows its own, anything else is found by its section. */
function goTo({ field, line, column }: LaunchSummary['checks'][number]): void {
  if (showMailPlace(field, line, column)) return
  const [root = ''] = field.split('.')
  // The page's own main element is named `content`.
  const section = document.getElementById(root === 'content' ? 'campaign-content' : root)
  section?.scrollIntoView({ behavior: 'smooth', block: 'start' })
  section?.querySelector<HTMLElement>('input, textarea, button')?.focus({ preventScroll: true })
}

import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Section } from '../../ui/Card.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { Stats } from '../../ui/Stat.tsx'
import { useDesk } from './api.ts'
import type { Desk, DeskRun } from './api.ts'
import { BudgetForm } from './BudgetForm.tsx'
import { DeadLetters } from './DeadLetters.tsx'
import { LimitForm } from './LimitForm.tsx'
import { ProviderWords } from './ProviderWords.tsx'
import { WhatWaits } from './WhatWaits.tsx'

/** The sending of a campaign as it is watched and helped: how fast, what waits for what, what went wrong, who did what. Source: CS-009.4, CS-010.7 */
export function DeskPanel({ campaignId }: { campaignId: string }) {
  const t = useTranslations('campaigns.desk')
  const query = useDesk(campaignId)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  const desk = query.data
  const { run } = desk
  if (run === null) return <p className="text-muted">{t('notYet')}</p>
  return (
    <div className="grid grid-cols-1 gap-5">
      {run.failure !== null && <Banner tone="error" title={run.failure} />}
      <Pace run={run} />
      <Troubles run={run} />
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2">
        <WhatWaits run={run} />
        <div className="grid grid-cols-1 gap-5">
          <LimitForm campaignId={campaignId} desk={desk} />
          <BudgetForm campaignId={campaignId} hasEnded={!desk.canLimit} />
        </div>
      </div>
      <ProviderWords run={run} />
      <DeadLetters campaignId={campaignId} desk={desk} />
      <Acts desk={desk} />
    </div>
  )
}

const CHANNELS = ['email', 'sms', 'whatsapp', 'in_app', 'webhook'] as const

function Pace({ run }: { run: DeskRun }) {
  const t = useTranslations('campaigns.desk')
  const format = useFormat()
  const channelNames = useTranslations('campaigns.channels.names')
  const boundText = (bound: DeskRun['finishBound']): string | undefined => {
    if (bound === null) return undefined
    const { scope, name } = bound
    const channel = CHANNELS.find((candidate) => candidate === name)
    return t(`bounds.${scope}`, { name: scope === 'channel' && channel ? channelNames(channel) : name })
  }
  const held = run.held.reduce((sum, { people }) => sum + people, 0)
  return (
    <Stats
      label={t('pace')}
      items={[
        {
          label: t('rate'),
          value: run.perMinute === null ? '—' : format.number(run.perMinute),
          of: t('perMinute'),
          note:
            run.limitPerMinute === null
              ? t('noLimit')
              : t('limit', { perMinute: format.number(run.limitPerMinute) }),
        },
        {
          label: t('finish'),
          value:
            run.completedAt !== null
              ? t(`ended.${run.state === 'cancelled' || run.state === 'failed' ? run.state : 'completed'}`)
              : run.expectedFinishAt === null
                ? '—'
                : format.relative(run.expectedFinishAt),
          of: format.dateTime(run.completedAt ?? run.expectedFinishAt),
          note: boundText(run.finishBound),
        },
        {
          label: t('waiting'),
          value: format.number(run.waiting),
          of: t('ofMessages', { whole: format.number(run.audience) }),
          note: run.isResolved ? undefined : t('resolving'),
        },
        { label: t('heldBack'), value: format.number(held), of: t('heldNote') },
        { label: t('refusedForNow'), value: format.number(run.deferred), of: t('retriedNote') },
      ]}
    />
  )
}

/** What keeps a channel from sending now; it goes on by itself. */
function Troubles({ run }: { run: DeskRun }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  return run.channels.map(
    ({ channel, trouble, since, retryAt }) =>
      trouble !== null && (
        <Banner key={channel} tone="warning" title={t(`channels.names.${channel}`)}>
          {trouble}{' '}
          {since !== null &&
            retryAt !== null &&
            t('desk.troubleSince', { since: format.dateTime(since), retry: format.dateTime(retryAt) })}
        </Banner>
      ),
  )
}

/** Who did what, newest first. */
function Acts({ desk }: { desk: Desk }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const rate = (perMinute: number | null, perHour: number | null) =>
    [
      ...(perMinute === null ? [] : [t('desk.aMinute', { count: format.number(perMinute) })]),
      ...(perHour === null ? [] : [t('desk.anHour', { count: format.number(perHour) })]),
    ].join(', ') || t('desk.noLimit')
  return (
    <Section title={t('desk.acts.title')}>
      <ol className="grid grid-cols-1 gap-2">
        {desk.acts.map(({ action, at, by, perMinute, perHour, people, reason }) => (
          <li key={`${action} ${at}`} className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="min-w-0">
              {t(`desk.acts.${action}`, {
                who:
                  by.name ??
                  t(
                    `actors.${by.kind === 'api_key' ? 'apiKey' : by.kind === 'system' ? 'system' : 'member'}`,
                  ),
                rate: rate(perMinute, perHour),
                people: people ?? 0,
              })}
              {reason !== null && action !== 'sent_again' && <span className="text-muted"> · {reason}</span>}
            </span>
            <time dateTime={at} className="figures text-sm text-muted">
              {format.dateTime(at)}
            </time>
          </li>
        ))}
      </ol>
    </Section>
  )
}

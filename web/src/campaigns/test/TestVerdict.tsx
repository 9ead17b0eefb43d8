import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Banner } from '../../ui/Banner.tsx'
import type { Results } from './api.ts'

/** What the test says now, in a sentence, and why. "Not yet clear" is a normal state. */
export function TestVerdict({ results }: { results: Results }) {
  const t = useTranslations('campaigns.test')
  return (
    <div className="grid grid-cols-1 gap-3">
      {results.sampleRatio.isBlocked && (
        <Banner tone="error" title={t('ratio.title')}>
          {t('ratio.text')}
        </Banner>
      )}
      {results.guardrails.map(({ variantId, measure }) => (
        <Banner
          key={`${variantId}-${measure}`}
          tone="warning"
          title={t('guardrail.title', { id: variantId, measure: t(`guardrail.${measure}`) })}
        >
          {t('guardrail.text')}
        </Banner>
      ))}
      {results.decision ? <Decision results={results} /> : <Running results={results} />}
    </div>
  )
}

function Decision({ results }: { results: Results }) {
  const t = useTranslations('campaigns.test')
  const format = useFormat()
  const { decision, settings, variants } = results
  if (!decision) return null
  const { winnerId, chosenId, result, reason, statedReason, appliedAt, at } = decision
  const others = variants.filter(({ id, isControl }) => id !== winnerId && !isControl).map(({ id }) => id)
  const carried =
    chosenId === null
      ? t('decision.waits')
      : appliedAt === null
        ? t('decision.chosen', { id: chosenId })
        : t(settings.horizonMinutes === null ? 'decision.appliedToAll' : 'decision.applied', {
            id: chosenId,
            when: format.dateTime(appliedAt),
          })
  if (result === 'by_hand')
    return (
      <Banner tone="info" title={t('decision.byHand', { id: chosenId ?? '' })}>
        {statedReason === null || statedReason === ''
          ? carried
          : `${t('decision.because', { reason: statedReason })} ${carried}`}
      </Banner>
    )
  if (winnerId !== null)
    return (
      <Banner
        tone="success"
        title={t('decision.winner', {
          id: winnerId,
          others: format.list(others),
          confidence: settings.confidence,
        })}
      >
        {t('decision.why', { when: format.dateTime(at) })} {carried}
      </Banner>
    )
  return (
    <Banner tone="info" title={t('decision.inconclusive')}>
      {t(`reasons.${reason ?? 'not_significant'}`)} {carried}
    </Banner>
  )
}

function Running({ results }: { results: Results }) {
  const t = useTranslations('campaigns.test')
  const { verdict, status, settings } = results
  if (status === 'cancelled') return <Banner tone="info" title={t('stopped')} />
  if (!verdict) return <Banner tone="info" title={t('begun')} />
  const leader = verdict.leaderId === null ? '' : t('running.leader', { id: verdict.leaderId })
  return (
    <Banner tone="info" title={t('running.title')}>
      {t(`reasons.${verdict.reason ?? 'not_significant'}`)} {leader}{' '}
      {settings.horizonMinutes === null
        ? t('running.open')
        : t('running.until', {
            hours: Math.max(1, Math.round((settings.horizonMinutes - verdict.minute) / 60)),
          })}
    </Banner>
  )
}

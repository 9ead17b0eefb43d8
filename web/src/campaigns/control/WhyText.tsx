import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { useReasonText } from '../reasons.ts'
import type { WhyAnswer } from './api.ts'
import { useWhy } from './api.ts'

interface Question {
  campaignId: string
  contactId: string
  /** Null: the latest. */
  runId: string | null
  /** One channel alone; absent: all. */
  channel?: string
}

/** Why one person got a campaign's message or not, channel by channel, in sentences. */
export function WhyText({ campaignId, contactId, runId, channel }: Question) {
  const t = useTranslations('campaigns')
  const query = useWhy(campaignId, contactId, runId)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton lines={2} />
  const { answers: all } = query.data
  const answers = channel === undefined ? all : all.filter((answer) => answer.channel === channel)
  return (
    <ul role="status" className="grid grid-cols-1 gap-2">
      {answers.map((answer) => (
        <li key={`${answer.channel} ${answer.kind}`} className="grid gap-0.5">
          {answer.channel !== null && channel === undefined && (
            <span className="text-sm font-medium">{t(`channels.names.${answer.channel}`)}</span>
          )}
          <Answered answer={answer} />
        </li>
      ))}
    </ul>
  )
}

function Answered({ answer }: { answer: WhyAnswer }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const reasonText = useReasonText()
  const sentence = useSentence()(answer)
  const { said, withheldReason, isWaitingAgain } = answer
  return (
    <>
      <span>{sentence}</span>
      {said !== null && (
        <span className="text-sm break-words text-muted">
          {t('why.said', {
            provider: said.provider === '' ? t('desk.mailServer') : said.provider,
            words: [said.code, said.words].filter(Boolean).join(' '),
            count: said.attempts,
            when: format.dateTime(said.at),
          })}
        </span>
      )}
      {isWaitingAgain && <span className="text-sm text-muted">{t('desk.dead.waiting')}</span>}
      {withheldReason !== null && (
        <span className="text-sm text-muted">
          {t('desk.dead.withheld', { reason: reasonText(withheldReason) })}
        </span>
      )}
    </>
  )
}

function useSentence(): (answer: WhyAnswer) => string {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const reasonText = useReasonText()
  return ({ kind, state, reason, at, until, held, trouble, sentence }) => {
    const why = reason === null ? '' : reasonText(reason)
    const when = format.dateTime(at)
    const later = until === null ? t('why.soon') : format.dateTime(until)
    switch (kind) {
      case 'outcome':
        return t(`why.states.${state ?? 'unknown'}`, { when, why })
      case 'held':
        return t('why.held', { until: later, why: held === null ? '' : t(`held.${held.reason}`) })
      case 'resting':
        return trouble ?? t('why.waiting', { until: later })
      case 'would_leave':
        return sentence ?? t('why.waiting', { until: later })
      default:
        return t(`why.${kind}`, { when, until: later, why })
    }
  }
}

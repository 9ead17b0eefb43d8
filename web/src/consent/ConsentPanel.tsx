import { Download } from 'lucide-react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { Section } from '../ui/Card.tsx'
import { buttonStyle } from '../ui/Button.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { StatusLine } from '../ui/StatusBadge.tsx'
import type { ConsentEvent, ConsentOverview } from './api.ts'
import { proofHref, useConsent } from './api.ts'
import { RecordConsentDialog } from './RecordConsentDialog.tsx'
import { usePurposeText } from './purpose-text.ts'
import { useSourceText } from './source-text.ts'
import { WordBadge } from './WordBadge.tsx'

/** What a person agreed to, what may be sent to them now, and every word since the first. For a contact's profile. */
export function ConsentPanel({ contactId }: { contactId: string }) {
  const t = useTranslations('consent.panel')
  const query = useConsent(contactId)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  return (
    <Section
      title={t('title')}
      actions={
        <>
          <Proofs contactId={contactId} />
          <RecordConsentDialog contactId={contactId} />
        </>
      }
    >
      <div className="grid gap-5">
        <Standing overview={query.data} />
        <History events={query.data.history} />
      </div>
    </Section>
  )
}

/** The proof in three forms. */
function Proofs({ contactId }: { contactId: string }) {
  const t = useTranslations('consent.panel')
  return (
    <span role="group" aria-label={t('proofs')} className="flex flex-wrap items-center gap-1">
      <Download aria-hidden className="size-4 text-muted" />
      {(
        [
          ['', 'json', t('proofJson')],
          ['.csv', 'csv', t('proofCsv')],
          ['.pdf', 'pdf', t('proofPdf')],
        ] as const
      ).map(([ending, extension, label]) => (
        <a
          key={extension}
          href={proofHref(contactId, ending)}
          download={`${contactId}.${extension}`}
          className={buttonStyle('quiet', 'sm')}
        >
          {label}
        </a>
      ))}
    </span>
  )
}

/** Every channel, also those without an address: why nothing arrives there is as much an answer as why it does. */
function Standing({ overview: { reachability } }: { overview: ConsentOverview }) {
  const t = useTranslations('consent')
  return (
    <ul className="grid gap-2">
      {reachability.map(({ channel, marketing, transactional }) => (
        <li key={channel}>
          <p className="font-medium">{t(`channels.${channel}`)}</p>
          <StatusLine tone={marketing === null ? 'green' : 'grey'}>
            {marketing === null
              ? t(channel === 'webhook' ? 'panel.webhook' : 'panel.reachable')
              : t('panel.unreachable', { reason: t(`skip.${marketing}`) })}
          </StatusLine>
          {marketing !== null && transactional === null && channel === 'email' && (
            <p className="text-sm text-muted">{t('panel.onlyService')}</p>
          )}
        </li>
      ))}
    </ul>
  )
}

function History({ events }: { events: readonly ConsentEvent[] }) {
  const t = useTranslations('consent.panel')
  if (events.length === 0) return <p className="text-muted">{t('noHistory')}</p>
  return (
    <section>
      <h3 className="mb-2 text-sm font-medium text-muted">{t('history')}</h3>
      <ol className="grid gap-3">
        {events.toReversed().map((event) => (
          <Entry key={event.id} event={event} />
        ))}
      </ol>
    </section>
  )
}

function Entry({ event }: { event: ConsentEvent }) {
  const t = useTranslations('consent')
  const format = useFormat()
  const sourceText = useSourceText()
  const purposeText = usePurposeText()
  const { state, channel, occurredAt, expiresAt, wording } = event
  return (
    <li className="grid gap-0.5 border-l-2 border-line pl-3">
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <WordBadge state={state} />
        <span>
          {t(`channels.${channel}`)} · {purposeText(event)}
        </span>
      </span>
      <span className="text-sm text-muted">
        {format.dateTime(occurredAt)} · {sourceText(event)}
        {expiresAt !== null && ` · ${t('panel.expires', { time: format.date(expiresAt) })}`}
      </span>
      {wording !== null && (
        <blockquote className="text-sm text-muted" lang={wording.locale}>
          <span className="sr-only">{t('panel.wording')}: </span>« {wording.text} »
        </blockquote>
      )}
    </li>
  )
}

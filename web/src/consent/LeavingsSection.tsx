import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { BarList } from '../ui/BarList.tsx'
import { Section } from '../ui/Card.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { HrefLink } from '../ui/Link.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import { useConsentLedger, useLeavingReasons, type LedgerEntry } from './api.ts'
import { usePurposeText } from './purpose-text.ts'
import { leavingReason, useSourceText } from './source-text.ts'

/** Who left through a campaign, and why. Nothing to see while nobody has. Source: CS-017.5, CS-017.7 */
export function LeavingsSection({ campaignId }: { campaignId: string }) {
  const t = useTranslations('consent')
  const format = useFormat()
  const reasons = useLeavingReasons(campaignId)
  const query = useConsentLedger({ campaignId, state: 'withdrawn', purpose: 'marketing' })
  if (reasons.isError) return <ErrorState error={reasons.error} onRetry={reasons.refetch} />
  const people = query.data?.pages.flatMap((page) => page.items) ?? []
  if (reasons.data === undefined || people.length === 0) return null
  return (
    <Section title={t('leavings.title')} note={t('leavings.note')}>
      <div className="grid grid-cols-1 gap-5">
        {reasons.data.length > 0 && (
          <BarList
            label={t('leavings.reasons')}
            items={reasons.data.map(({ reason, people: count }) => {
              const known = leavingReason(reason)
              return {
                label: known === null ? (reason ?? t('leavings.none')) : t(`leaving.${known}`),
                value: count,
                text: format.number(count),
              }
            })}
          />
        )}
        <ul aria-label={t('leavings.people')} className="grid gap-2">
          {people.map((entry) => (
            <Person key={entry.id} entry={entry} />
          ))}
        </ul>
        {query.hasNextPage && <Pagination shown={people.length} pages={query} number={format.number} />}
      </div>
    </Section>
  )
}

function Person({ entry }: { entry: LedgerEntry }) {
  const t = useTranslations('consent')
  const format = useFormat()
  const sourceText = useSourceText()
  const purposeText = usePurposeText()
  return (
    <li className="flex flex-col gap-x-4 sm:flex-row sm:items-baseline sm:justify-between">
      <span className="grid min-w-0">
        {entry.contact.name === '' ? (
          <span className="text-muted">{t('ledger.gone')}</span>
        ) : (
          <HrefLink tone="text" href={`/audience/contacts/${entry.contact.id}`}>
            {entry.contact.name}
          </HrefLink>
        )}
        <span className="text-sm text-muted">
          {t(`channels.${entry.channel}`)} · {purposeText(entry)} · {sourceText(entry)}
        </span>
      </span>
      <time dateTime={entry.occurredAt} className="shrink-0 text-sm text-muted">
        {format.dateTime(entry.occurredAt)}
      </time>
    </li>
  )
}

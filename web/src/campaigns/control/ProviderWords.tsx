import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Section } from '../../ui/Card.tsx'
import { Table } from '../../ui/Table.tsx'
import { useReasonText } from '../reasons.ts'
import type { DeskRun } from './api.ts'

/** What each provider said to messages that it did not take, most often first. */
export function ProviderWords({ run }: { run: DeskRun }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const reasonText = useReasonText()
  if (run.refusals.length === 0)
    return (
      <Section title={t('desk.errors.title')}>
        <p className="text-muted">{t('desk.errors.none')}</p>
      </Section>
    )
  return (
    <Section title={t('desk.errors.title')} isFlush>
      <Table
        label={t('desk.errors.title')}
        className="rounded-t-none border-x-0 border-b-0"
        rows={run.refusals}
        rowKey={({ channel, provider, code, reason, isFinal }) =>
          `${channel} ${provider} ${code} ${reason} ${isFinal}`
        }
        columns={[
          {
            id: 'provider',
            title: t('desk.errors.provider'),
            isRowHeader: true,
            cell: ({ provider, channel }) => (
              <span className="grid min-w-0">
                <span>{provider === '' ? t('desk.mailServer') : provider}</span>
                <span className="text-sm font-normal text-muted">{t(`channels.names.${channel}`)}</span>
              </span>
            ),
          },
          {
            id: 'said',
            title: t('desk.errors.said'),
            cell: ({ code, words, reason }) => (
              <span className="grid min-w-0">
                <span>{reasonText(reason)}</span>
                <span className="text-sm break-words text-muted">
                  {[code, words].filter(Boolean).join(' ')}
                </span>
              </span>
            ),
          },
          {
            id: 'then',
            title: t('desk.errors.then'),
            cell: ({ isFinal }) => t(isFinal ? 'desk.errors.final' : 'desk.errors.retried'),
          },
          {
            id: 'people',
            title: t('desk.errors.messages'),
            align: 'end',
            cell: ({ people }) => format.number(people),
          },
          {
            id: 'last',
            title: t('desk.errors.last'),
            align: 'end',
            isWideOnly: true,
            cell: ({ lastAt }) => format.dateTime(lastAt),
          },
        ]}
      />
    </Section>
  )
}

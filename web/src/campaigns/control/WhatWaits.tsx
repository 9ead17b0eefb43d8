import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { Section } from '../../ui/Card.tsx'
import type { DeskRun } from './api.ts'

/** What waits, for what, and until when: hours, another try, its turn. */
export function WhatWaits({ run }: { run: DeskRun }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  const { held, retries, waiting, deferred } = run
  const inTurn = Math.max(0, waiting - deferred - held.reduce((sum, { people }) => sum + people, 0))
  const nothing = held.length === 0 && retries.length === 0 && inTurn === 0
  return (
    <Section title={t('desk.waits.title')} note={t('desk.waits.note')}>
      {nothing && <p className="text-muted">{t('desk.waits.none')}</p>}
      <ul className="grid grid-cols-1 gap-2">
        {inTurn > 0 && (
          <Line
            people={inTurn}
            until={run.state === 'paused' ? t('desk.waits.resume') : t('desk.waits.turn')}
          >
            {t(run.state === 'paused' ? 'desk.waits.paused' : 'desk.waits.inTurn')}
          </Line>
        )}
        {held.map(({ until, people, reason, detail }) => (
          <Line key={`${until} ${reason} ${detail}`} people={people} until={format.dateTime(until)}>
            {t(`held.${reason}`)}
            {detail !== null && <span className="text-muted"> · {detail}</span>}
          </Line>
        ))}
        {retries.map(({ kind, channel, attempt, people, nextAt }) => (
          <Line
            key={`${kind} ${channel} ${attempt} ${nextAt}`}
            people={people}
            until={nextAt === null ? t('desk.waits.soon') : format.dateTime(nextAt)}
          >
            {t(`desk.waits.${kind}`, { attempt })}
            <span className="text-muted"> · {t(`channels.names.${channel}`)}</span>
          </Line>
        ))}
      </ul>
    </Section>
  )
}

function Line({ people, until, children }: { people: number; until: string; children: ReactNode }) {
  const t = useTranslations('campaigns.desk.waits')
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
      <span className="min-w-0">{children}</span>
      <span className="figures text-sm text-muted">
        {t('people', { count: people })} · {until}
      </span>
    </li>
  )
}

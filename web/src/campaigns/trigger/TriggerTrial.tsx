import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { useRefusal } from '../../platform/session.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { useErrorText } from '../../ui/ErrorState.tsx'
import { Funnel } from '../../ui/Funnel.tsx'
import { HrefLink } from '../../ui/Link.tsx'
import type { Campaign } from '../api.ts'
import type { TriggerInput, TriggerTest } from './api.ts'
import { useTriggerTest } from './api.ts'

/** Tries a trigger on what has happened: whom it would have reached in the last seven days, and why not the others. */
export function TriggerTrial({
  trigger,
  audience,
}: {
  trigger: TriggerInput | null
  audience: Campaign['audience']
}) {
  const t = useTranslations('campaigns.trigger')
  const test = useTriggerTest()
  const refusal = useRefusal('contacts.read')
  const { message } = useErrorText(test.error)
  return (
    <div className="grid gap-3">
      <div>
        <Button
          isPending={test.isPending}
          disabledReason={refusal ?? (trigger === null ? t('incomplete') : undefined)}
          onPress={() => trigger !== null && test.mutate({ trigger, audience })}
        >
          {t('try')}
        </Button>
      </div>
      <div role="status" className="grid gap-3 empty:hidden">
        {test.isError && <Banner tone="error">{message}</Banner>}
        {test.data && <Outcome test={test.data} />}
      </div>
    </div>
  )
}

function Outcome({ test }: { test: TriggerTest }) {
  const t = useTranslations('campaigns.trigger')
  const format = useFormat()
  return (
    <div className="grid gap-3 rounded-lg border border-line p-4">
      <p>{test.sentence}</p>
      <Funnel
        label={t('tried')}
        steps={[
          {
            label: t(test.isPartial ? 'lookedPartial' : 'looked', { days: test.days }),
            value: format.number(test.looked),
            kind: 'start',
          },
          { label: t('unmatched'), value: format.number(test.looked - test.matched), kind: 'minus' },
          ...test.passedOver.map(({ reason, events }) => ({
            label: t(`passedOver.${reason as PassedOver}`), // the server’s words are these
            value: format.number(events),
            kind: 'minus' as const,
          })),
          { label: t('wouldLeave'), value: format.number(test.enrolled), kind: 'result' },
        ]}
      />
      {test.people.length > 0 && (
        <ul className="grid gap-1 text-sm">
          {test.people.map(({ contactId, name, at, dueAt }) => (
            <li key={`${contactId} ${at}`} className="flex flex-wrap justify-between gap-x-4">
              <HrefLink href={`/contacts/${contactId}`}>{name === '' ? t('nameless') : name}</HrefLink>
              <span className="text-muted">
                {t('trialTimes', { at: format.dateTime(at), dueAt: format.dateTime(dueAt) })}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className="text-sm text-muted">{t('trialNote')}</p>
    </div>
  )
}

type PassedOver = 'outside_audience' | 'limited' | 'too_late'

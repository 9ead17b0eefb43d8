import { lazy } from 'react'
import { useTranslations } from 'use-intl'
import { AudienceText } from '../segments/AudienceText.tsx'
import { useFormat } from '../platform/format.ts'
import { Section } from '../ui/Card.tsx'
import { KeyValue } from '../ui/KeyValue.tsx'
import type { Campaign } from './api.ts'
import { WhenSummary } from './WhenSummary.tsx'

// What counts can change at any time; most visits only read.
const ConversionRule = lazy(() =>
  import('./conversions/ConversionRule.tsx').then((module) => ({ default: module.ConversionRule })),
)

/** The plan of a campaign whose content and audience cannot be edited now, or any more. */
export function PlanSummary({ campaign }: { campaign: Campaign }) {
  const t = useTranslations('campaigns')
  const format = useFormat()
  return (
    <div className="grid grid-cols-1 gap-5 lg:grid-cols-2">
      <Contents campaign={campaign} />
      <Section title={t('sections.audience')}>
        <AudienceText audience={campaign.audience} />
      </Section>
      <WhenSummary campaign={campaign} />
      <Section title={t('sections.goals')}>
        <KeyValue
          items={[
            { label: t('type'), value: t(`types.${campaign.type}`) },
            ...campaign.goals.map(({ name, target }) => ({
              label: name,
              value: format.number(target),
              isFigure: true,
            })),
          ]}
        />
      </Section>
      <div className="lg:col-span-2">
        <ConversionRule campaign={campaign} />
      </div>
    </div>
  )
}

/** What is said on each of its channels, in a line or three. */
function Contents({ campaign: { channels, content } }: { campaign: Campaign }) {
  const t = useTranslations('campaigns')
  const { email, sms, whatsapp, in_app: inApp, webhook } = content
  const said = {
    sms: sms.text,
    whatsapp: whatsapp.template === '' ? whatsapp.text : whatsapp.template,
    in_app: inApp.title,
    webhook: webhook.url,
  }
  return (
    <Section title={t('sections.content')}>
      <KeyValue
        items={channels.flatMap((channel) =>
          channel === 'email'
            ? [
                { label: t('plan.subject'), value: email.subject },
                { label: t('plan.preheader'), value: email.preheader === '' ? '—' : email.preheader },
                { label: t('plan.from'), value: `${email.fromName} <${email.fromEmail}>` },
              ]
            : [{ label: t(`channels.names.${channel}`), value: said[channel] }],
        )}
      />
    </Section>
  )
}

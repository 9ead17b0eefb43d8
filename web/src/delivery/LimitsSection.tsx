import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldRow, FieldStack } from '../ui/Field.tsx'
import { LeaveDialog } from '../ui/LeaveDialog.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { toast } from '../ui/Toast.tsx'
import { shownInPlace, useUnsaved } from '../ui/use-unsaved.ts'
import type { SendingLimits } from './api.ts'
import { useProviders, useSaveSendingLimits } from './api.ts'
import { LimitedReceivers } from './LimitedReceivers.tsx'

const CHANNELS = ['email', 'sms', 'whatsapp', 'in_app', 'webhook'] as const
type Rate = NonNullable<SendingLimits['organization']>

/** How many messages may leave in a minute and an hour. */
export function LimitsSection({ saved }: { saved: SendingLimits }) {
  const t = useTranslations('delivery.hours')
  const [limits, setLimits] = useState(saved)
  const { isChanged, markSaved } = useUnsaved(limits)
  const save = useSaveSendingLimits()
  const providers = useProviders()
  const ofProviders = limits.providers ?? []
  const refusal = useRefusal('delivery.write')
  const { message } = useErrorText(save.error)
  const isReadOnly = refusal !== undefined
  return (
    <Section
      title={t('limits')}
      note={t('limitsNote')}
      actions={
        <Button
          variant="primary"
          disabledReason={refusal}
          isPending={save.isPending}
          onPress={() =>
            void save.mutateAsync(limits).then(() => {
              markSaved()
              toast({ text: t('saved') })
            }, shownInPlace)
          }
        >
          {t('save')}
        </Button>
      }
    >
      <LeaveDialog isChanged={isChanged && refusal === undefined} />
      <FieldStack>
        {save.isError && <Banner tone="error" title={message} />}
        <RateFields
          name={t('all')}
          value={limits.organization}
          onChange={(organization) => setLimits({ ...limits, organization })}
          isReadOnly={isReadOnly}
        />
        <RateFields
          name={t('eachCampaign')}
          value={limits.campaign}
          onChange={(campaign) => setLimits({ ...limits, campaign })}
          isReadOnly={isReadOnly}
        />
        {CHANNELS.map((channel) => (
          <RateFields
            key={channel}
            name={t(`channelNames.${channel}`)}
            value={limits.channels?.[channel]}
            onChange={(rate) => setLimits({ ...limits, channels: { ...limits.channels, [channel]: rate } })}
            isReadOnly={isReadOnly}
          />
        ))}
        {(providers.data ?? []).map(({ id, name }) => (
          <RateFields
            key={id}
            name={t('provider', { name })}
            value={ofProviders.find(({ providerId }) => providerId === id)}
            onChange={(rate) =>
              setLimits({
                ...limits,
                providers: [
                  ...ofProviders.filter(({ providerId }) => providerId !== id),
                  { ...rate, providerId: id },
                ],
              })
            }
            isReadOnly={isReadOnly}
          />
        ))}
        <LimitedReceivers
          value={limits.receivers ?? []}
          onChange={(receivers) => setLimits({ ...limits, receivers })}
          isReadOnly={isReadOnly}
        />
      </FieldStack>
    </Section>
  )
}

function RateFields({
  name,
  value,
  onChange,
  isReadOnly,
}: {
  name: string
  value: Rate | undefined
  onChange: (rate: Rate) => void
  isReadOnly: boolean
}) {
  const t = useTranslations('delivery.hours')
  const orNull = (n: number): number | null => (Number.isNaN(n) ? null : n)
  return (
    <FieldRow>
      <NumberField
        label={t('perMinute', { name })}
        placeholder={t('noLimit')}
        value={value?.perMinute ?? Number.NaN}
        onChange={(n) => onChange({ ...value, perMinute: orNull(n) })}
        minValue={1}
        isDisabled={isReadOnly}
      />
      <NumberField
        label={t('perHour', { name })}
        placeholder={t('noLimit')}
        value={value?.perHour ?? Number.NaN}
        onChange={(n) => onChange({ ...value, perHour: orNull(n) })}
        minValue={1}
        isDisabled={isReadOnly}
      />
    </FieldRow>
  )
}

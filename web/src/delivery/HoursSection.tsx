import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { ApiError, fieldErrors } from '../platform/api/problem.ts'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldRow, FieldStack } from '../ui/Field.tsx'
import { LeaveDialog } from '../ui/LeaveDialog.tsx'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import { shownInPlace, useUnsaved } from '../ui/use-unsaved.ts'
import type { SendingHours } from './api.ts'
import { useSaveSendingHours } from './api.ts'
import { ChannelHours } from './ChannelHours.tsx'
import { ClosedDays } from './ClosedDays.tsx'

const CHANNELS = ['email', 'sms', 'whatsapp', 'in_app', 'webhook'] as const
const CONFLICTS = ['hold', 'earlier', 'drop'] as const
const US = ['states', 'federal'] as const
const UNKNOWN = ['intersect', 'organization'] as const

/** Quiet hours, legal hours, weekends and holidays of each channel, and what happens on conflict. */
export function HoursSection({
  saved,
  holidayCountries,
}: {
  saved: SendingHours
  holidayCountries: readonly string[]
}) {
  const t = useTranslations('delivery.hours')
  const [hours, setHours] = useState(saved)
  const [reason, setReason] = useState('')
  const { isChanged, markSaved } = useUnsaved(hours)
  const save = useSaveSendingHours()
  const refusal = useRefusal('delivery.write')
  const { message } = useErrorText(save.error)
  const errors = fieldErrors(save.error)
  const needsReason = save.error instanceof ApiError && save.error.code === 'delivery.reason_needed'
  const isReadOnly = refusal !== undefined
  const change = (part: Partial<SendingHours>) => setHours((before) => ({ ...before, ...part }))
  return (
    <Section
      title={t('channels')}
      note={t('note')}
      actions={
        <Button
          variant="primary"
          disabledReason={refusal}
          isPending={save.isPending}
          onPress={() =>
            void save.mutateAsync({ ...hours, ...(reason === '' ? {} : { reason }) }).then(() => {
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
        {save.isError && (
          <Banner tone={needsReason ? 'warning' : 'error'} title={message}>
            {needsReason ? t('reasonWhy') : Object.values(errors).join(' ')}
          </Banner>
        )}
        {needsReason && <TextField label={t('reason')} value={reason} onChange={setReason} maxLength={500} />}
        {CHANNELS.map((channel) => (
          <ChannelHours
            key={channel}
            channel={channel}
            value={hours.channels[channel]}
            onChange={(value) => change({ channels: { ...hours.channels, [channel]: value } })}
            isReadOnly={isReadOnly}
          />
        ))}
        <FieldRow>
          <Select
            label={t('conflict')}
            options={CONFLICTS.map((value) => ({ value, label: t(`conflicts.${value}`) }))}
            value={hours.conflict ?? 'hold'}
            onChange={(conflict) => change({ conflict })}
            isDisabled={isReadOnly}
          />
          <Select
            label={t('unknownZone')}
            options={UNKNOWN.map((value) => ({ value, label: t(`unknownZones.${value}`) }))}
            value={hours.unknownZone ?? 'intersect'}
            onChange={(unknownZone) => change({ unknownZone })}
            isDisabled={isReadOnly}
          />
        </FieldRow>
        <Select
          label={t('us')}
          options={US.map((value) => ({ value, label: t(`usHours.${value}`) }))}
          value={hours.us ?? 'states'}
          onChange={(us) => change({ us })}
          isDisabled={isReadOnly}
        />
        <ClosedDays
          value={hours}
          countries={holidayCountries}
          onChange={change}
          isReadOnly={isReadOnly}
          error={Object.entries(errors).find(([path]) => path.startsWith('closedDays'))?.[1]}
        />
      </FieldStack>
    </Section>
  )
}

import { Plus, Repeat, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { LeaveDialog } from '../ui/LeaveDialog.tsx'
import { NumberField } from '../ui/NumberField.tsx'
import { Select } from '../ui/Select.tsx'
import { toast } from '../ui/Toast.tsx'
import { shownInPlace, useUnsaved } from '../ui/use-unsaved.ts'
import type { FrequencyCap } from './api.ts'
import { useSaveFrequencyCaps } from './api.ts'
import { useTopicOptions } from '../consent/use-topic-options.ts'

const CHANNELS = ['any', 'email', 'sms', 'whatsapp', 'in_app'] as const
const EXCESS = ['drop', 'defer'] as const
/** As many as the server takes. */
const CAPS_MAX = 10
const FIRST: FrequencyCap = {
  channel: 'any',
  topic: null,
  messages: 3,
  windowHours: 168,
  onExcess: 'drop',
}

/** How often a person may be written to. */
export function CapsSection({ saved }: { saved: FrequencyCap[] }) {
  const t = useTranslations('delivery.caps')
  const [caps, setCaps] = useState(saved)
  const { isChanged, markSaved } = useUnsaved(caps)
  const save = useSaveFrequencyCaps()
  const refusal = useRefusal('delivery.write')
  const { message } = useErrorText(save.error)
  const replace = (at: number, cap: FrequencyCap) => setCaps(caps.with(at, cap))
  return (
    <Section
      title={t('title')}
      note={t('note')}
      actions={
        <>
          <Button
            icon={<Plus aria-hidden />}
            disabledReason={refusal ?? (caps.length >= CAPS_MAX ? t('enough') : undefined)}
            onPress={() => setCaps([...caps, FIRST])}
          >
            {t('add')}
          </Button>
          <Button
            variant="primary"
            disabledReason={refusal}
            isPending={save.isPending}
            onPress={() =>
              void save.mutateAsync({ caps }).then(() => {
                markSaved()
                toast({ text: t('saved') })
              }, shownInPlace)
            }
          >
            {t('save')}
          </Button>
        </>
      }
    >
      <LeaveDialog isChanged={isChanged && refusal === undefined} />
      <FieldStack>
        {save.isError && <Banner tone="error" title={message} />}
        {caps.length === 0 && (
          <EmptyState icon={<Repeat />} title={t('emptyTitle')}>
            {t('empty')}
          </EmptyState>
        )}
        {caps.map((cap, at) => (
          <CapFields
            // Rules have no names: their place is what they are known by.
            key={at}
            no={at + 1}
            cap={cap}
            onChange={(changed) => replace(at, changed)}
            onRemove={() => setCaps(caps.toSpliced(at, 1))}
            isReadOnly={refusal !== undefined}
          />
        ))}
      </FieldStack>
    </Section>
  )
}

function CapFields({
  no,
  cap,
  onChange,
  onRemove,
  isReadOnly,
}: {
  no: number
  cap: FrequencyCap
  onChange: (cap: FrequencyCap) => void
  onRemove: () => void
  isReadOnly: boolean
}) {
  const t = useTranslations('delivery.caps')
  const topics = useTopicOptions(cap.topic ?? null)
  return (
    <fieldset className="border-b border-line pb-4">
      <legend className="sr-only">{t('rule', { no })}</legend>
      <div className="grid grid-cols-1 items-end gap-3 sm:grid-cols-2 lg:grid-cols-[1fr_1fr_1fr_1fr_1fr_auto]">
        <Select
          label={t('channel')}
          options={CHANNELS.map((value) => ({ value, label: t(`channels.${value}`) }))}
          value={cap.channel}
          onChange={(channel) => onChange({ ...cap, channel })}
          isDisabled={isReadOnly}
        />
        <Select
          label={t('topic')}
          options={[{ value: '', label: t('anyTopic') }, ...topics]}
          value={cap.topic ?? ''}
          onChange={(topic) => onChange({ ...cap, topic: topic === '' ? null : topic })}
          isDisabled={isReadOnly}
        />
        <NumberField
          label={t('messages')}
          value={cap.messages}
          onChange={(messages) => onChange({ ...cap, messages: Number.isNaN(messages) ? 1 : messages })}
          minValue={1}
          maxValue={1_000}
          isDisabled={isReadOnly}
        />
        <NumberField
          label={t('window')}
          value={cap.windowHours}
          onChange={(hours) => onChange({ ...cap, windowHours: Number.isNaN(hours) ? 24 : hours })}
          minValue={1}
          maxValue={720}
          isDisabled={isReadOnly}
        />
        <Select
          label={t('excess')}
          options={EXCESS.map((value) => ({ value, label: t(`onExcess.${value}`) }))}
          value={cap.onExcess ?? 'drop'}
          onChange={(onExcess) => onChange({ ...cap, onExcess })}
          isDisabled={isReadOnly}
        />
        {!isReadOnly && (
          <IconButton label={t('remove', { no })} onPress={onRemove}>
            <Trash2 aria-hidden />
          </IconButton>
        )}
      </div>
    </fieldset>
  )
}

import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { useLanguage } from '../platform/i18n/I18n.tsx'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { DateField } from '../ui/DateField.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldRow } from '../ui/Field.tsx'
import { FormDialog } from '../ui/FormDialog.tsx'
import { Select } from '../ui/Select.tsx'
import { TextArea, TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import type { HeardWord } from './api.ts'
import { useRecordConsent } from './api.ts'

const CHANNELS = ['email', 'sms', 'all'] as const
const PURPOSES = ['marketing', 'tracking_open', 'tracking_click'] as const
const WORDS = ['granted', 'denied', 'withdrawn'] as const

/** What is filled in; everything but the wording is needed. */
interface Draft {
  channel: (typeof CHANNELS)[number]
  purpose: (typeof PURPOSES)[number]
  state: (typeof WORDS)[number]
  day: string | null
  source: string
  wording: string
}

/** Records what a person told a member elsewhere; the button and its dialog. */
export function RecordConsentDialog({ contactId }: { contactId: string }) {
  const t = useTranslations('consent')
  const refusal = useRefusal('consent.write')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button size="sm" icon={<Plus aria-hidden />} disabledReason={refusal} onPress={() => setOpen(true)}>
        {t('panel.record')}
      </Button>
      {isOpen && <Form contactId={contactId} onClose={() => setOpen(false)} />}
    </>
  )
}

function Form({ contactId, onClose }: { contactId: string; onClose: () => void }) {
  const t = useTranslations('consent.record')
  const language = useLanguage()
  const record = useRecordConsent(contactId)
  const [today] = useState(() => new Date().toISOString().slice(0, 10))
  const [draft, setDraft] = useState<Draft>({
    channel: 'email',
    purpose: 'marketing',
    state: 'granted',
    day: today,
    source: '',
    wording: '',
  })
  const { message } = useErrorText(record.error)
  const errors = fieldErrors(record.error)
  const isComplete = draft.day !== null && draft.source.trim() !== ''
  const submit = () =>
    record.mutate(wordOf(draft, today, language), {
      onSuccess: () => {
        toast({ text: t('done') })
        onClose()
      },
    })
  return (
    <FormDialog
      title={t('title')}
      isKeptOpen
      action={t('submit')}
      isPending={record.isPending}
      isDisabled={!isComplete}
      onSubmit={() => {
        if (isComplete) submit()
      }}
      onClose={onClose}
    >
      <p className="text-muted">{t('text')}</p>
      {record.error && Object.keys(errors).length === 0 && <Banner tone="error">{message}</Banner>}
      <Fields draft={draft} onChange={setDraft} today={today} errors={errors} />
    </FormDialog>
  )
}

function Fields({
  draft,
  onChange,
  today,
  errors,
}: {
  draft: Draft
  onChange: (draft: Draft) => void
  today: string
  errors: Readonly<Record<string, string>>
}) {
  const t = useTranslations('consent')
  const set = (part: Partial<Draft>) => onChange({ ...draft, ...part })
  return (
    <>
      <FieldRow>
        <Select
          label={t('record.state')}
          options={WORDS.map((value) => ({ value, label: t(`states.${value}`) }))}
          value={draft.state}
          onChange={(state) => set({ state })}
        />
        <Select
          label={t('record.channel')}
          options={CHANNELS.map((value) => ({ value, label: t(`channels.${value}`) }))}
          value={draft.channel}
          onChange={(channel) => set({ channel })}
        />
        <Select
          label={t('record.purpose')}
          options={PURPOSES.map((value) => ({ value, label: t(`purposes.${value}`) }))}
          value={draft.purpose}
          onChange={(purpose) => set({ purpose })}
        />
        <DateField
          label={t('record.when')}
          value={draft.day}
          max={today}
          onChange={(day) => set({ day })}
          error={errors['occurredAt']}
        />
      </FieldRow>
      <TextField
        label={t('record.source')}
        placeholder={t('record.sourcePlaceholder')}
        value={draft.source}
        onChange={(source) => set({ source })}
        error={errors['source']}
        maxLength={500}
        isRequired
      />
      <TextArea
        label={t('record.wording')}
        value={draft.wording}
        onChange={(wording) => set({ wording })}
        maxLength={4_000}
        isOptional
      />
    </>
  )
}

/** A day is taken at its beginning, so that it never lies ahead; today is this moment. */
function wordOf(draft: Draft, today: string, locale: 'en' | 'fr'): HeardWord {
  const { channel, purpose, state, day, source, wording } = draft
  return {
    channel,
    purpose,
    state,
    source,
    occurredAt: day === null || day === today ? new Date().toISOString() : `${day}T00:00:00Z`,
    ...(wording.trim() === '' ? {} : { wording: { text: wording.trim(), locale } }),
  }
}

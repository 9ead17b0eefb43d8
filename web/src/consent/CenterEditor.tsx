import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { fieldErrors } from '../platform/api/problem.ts'
import { useLanguage } from '../platform/i18n/I18n.tsx'
import { useRefusal } from '../platform/session.ts'
import { useSettled } from '../platform/use-settled.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { CheckboxGroup } from '../ui/Checkbox.tsx'
import { ErrorState, useErrorText } from '../ui/ErrorState.tsx'
import { FieldRow, FieldStack } from '../ui/Field.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { LeaveDialog } from '../ui/LeaveDialog.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Switch } from '../ui/Switch.tsx'
import { PagePreview } from '../ui/PagePreview.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import { shownInPlace, useUnsaved } from '../ui/use-unsaved.ts'
import type { CenterDesign, PreferenceCenter } from './api-rights.ts'
import { useCenterPreview, useChangeCenter, usePreferenceCenter } from './api-rights.ts'
import { Words } from './Words.tsx'

const CHANNELS = ['email', 'sms', 'whatsapp', 'in_app'] as const
type Topic = CenterDesign['topics'][number]

/** Designs the page on which people choose what they receive; in force from the moment that it is saved. */
export function CenterEditor() {
  const query = usePreferenceCenter()
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  // A form of its own per version, so that a saved one begins anew from what is in force.
  return <Form key={query.data.version} center={query.data} />
}

function Form({ center }: { center: PreferenceCenter }) {
  const t = useTranslations('consent.center')
  const channelText = useTranslations('consent.channels')
  const refusal = useRefusal('privacy.write')
  const [design, setDesign] = useState<CenterDesign>(center.design)
  const { isChanged, markSaved } = useUnsaved(design)
  const save = useChangeCenter()
  const issues = fieldErrors(save.error)
  const message = useErrorText(save.error)?.message
  const change = (part: Partial<CenterDesign>) => setDesign((before) => ({ ...before, ...part }))
  const submit = () =>
    void save.mutateAsync({ version: center.version, design }).then(() => {
      markSaved()
      toast({ text: t('saved') })
    }, shownInPlace)
  return (
    <div className="grid grid-cols-1 gap-5 lg:grid-cols-2">
      <LeaveDialog isChanged={isChanged && refusal === undefined} />
      <form
        className="grid content-start gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <p className="text-muted">{t('note')}</p>
        {save.error && <Banner tone="error">{message}</Banner>}
        <Section title={t('texts')}>
          <FieldStack>
            <Words
              label={t('titleField')}
              value={design.title ?? {}}
              onChange={(title) => change({ title })}
              hint={t('titleHint')}
            />
            <Words label={t('intro')} value={design.intro ?? {}} onChange={(intro) => change({ intro })} />
          </FieldStack>
        </Section>
        <Section title={t('offered')}>
          <FieldStack>
            <CheckboxGroup
              label={t('channels')}
              options={CHANNELS.map((value) => ({ value, label: channelText(value) }))}
              value={design.channels}
              onChange={(channels) => change({ channels })}
              error={issues['design.channels']}
            />
            <Switch
              isSelected={design.offersTracking}
              onChange={(offersTracking) => change({ offersTracking })}
              note={t('trackingNote')}
            >
              {t('tracking')}
            </Switch>
          </FieldStack>
        </Section>
        <Topics
          topics={design.topics}
          known={new Set(center.design.topics.map(({ key }) => key))}
          issues={issues}
          onChange={(topics) => change({ topics })}
        />
        <Section title={t('look')}>
          <FieldRow>
            <TextField
              label={t('accent')}
              placeholder="#5b3df5"
              value={design.accent ?? ''}
              onChange={(accent) => change({ accent: accent === '' ? null : accent })}
              error={issues['design.accent']}
              isOptional
            />
            <TextField
              label={t('logo')}
              placeholder="https://…"
              value={design.logoUrl ?? ''}
              onChange={(logoUrl) => change({ logoUrl: logoUrl === '' ? null : logoUrl })}
              error={issues['design.logoUrl']}
              isOptional
            />
          </FieldRow>
        </Section>
        <div>
          <Button variant="primary" type="submit" disabledReason={refusal} isPending={save.isPending}>
            {t('save')}
          </Button>
        </div>
      </form>
      <Preview design={design} />
    </div>
  )
}

function Topics({
  topics,
  known,
  issues,
  onChange,
}: {
  topics: Topic[]
  known: ReadonlySet<string>
  issues: Record<string, string>
  onChange: (topics: Topic[]) => void
}) {
  const t = useTranslations('consent.center')
  const channelText = useTranslations('consent.channels')
  const change = (position: number, part: Partial<Topic>) =>
    onChange(topics.map((topic, at) => (at === position ? { ...topic, ...part } : topic)))
  return (
    <Section
      title={t('topics')}
      note={t('topicsNote')}
      actions={
        <Button
          size="sm"
          icon={<Plus aria-hidden />}
          onPress={() => onChange([...topics, { key: '', name: {}, channels: ['email'], isArchived: false }])}
        >
          {t('addTopic')}
        </Button>
      }
    >
      {topics.length === 0 && <p className="text-muted">{t('noTopics')}</p>}
      <div className="grid gap-5">
        {topics.map((topic, position) => (
          // The position is the only name of a topic whose key is still being typed.
          <div key={position} className="grid gap-3 border-l-2 border-line pl-4">
            <div className="flex items-end gap-2">
              <TextField
                className="flex-1"
                label={t('key')}
                hint={t('keyHint')}
                value={topic.key}
                isDisabled={known.has(topic.key)}
                onChange={(key) => change(position, { key })}
                error={issues[`design.topics.${position}.key`]}
              />
              {known.has(topic.key) ? (
                <Switch
                  isSelected={!(topic.isArchived ?? false)}
                  onChange={(isOffered) => change(position, { isArchived: !isOffered })}
                >
                  {t('isOffered')}
                </Switch>
              ) : (
                <IconButton
                  label={t('removeTopic')}
                  onPress={() => onChange(topics.filter((_, at) => at !== position))}
                >
                  <Trash2 aria-hidden />
                </IconButton>
              )}
            </div>
            <Words
              label={t('name')}
              value={topic.name}
              onChange={(name) => change(position, { name })}
              error={issues[`design.topics.${position}.name`]}
            />
            <CheckboxGroup
              label={t('channels')}
              options={CHANNELS.map((value) => ({ value, label: channelText(value) }))}
              value={topic.channels}
              onChange={(channels) => change(position, { channels })}
              error={issues[`design.topics.${position}.channels`]}
            />
          </div>
        ))}
      </div>
    </Section>
  )
}

function Preview({ design }: { design: CenterDesign }) {
  const t = useTranslations('consent.center')
  const [locale, setLocale] = useState<'en' | 'fr'>(useLanguage())
  const preview = useCenterPreview(useSettled(design), locale)
  return (
    <PagePreview
      title={t('preview')}
      languageLabel={t('previewLanguage')}
      locale={locale}
      onLocale={setLocale}
      html={preview.data?.html ?? ''}
      isWrong={preview.isError}
      wrong={t('previewWrong')}
    />
  )
}

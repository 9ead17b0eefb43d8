import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Words } from '../consent/Words.tsx'
import { fieldErrors } from '../platform/api/problem.ts'
import { useLanguage } from '../platform/i18n/I18n.tsx'
import { useRefusal } from '../platform/session.ts'
import { useSettled } from '../platform/use-settled.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { CheckboxGroup } from '../ui/Checkbox.tsx'
import { useErrorText } from '../ui/ErrorState.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { LeaveDialog } from '../ui/LeaveDialog.tsx'
import { RadioGroup } from '../ui/RadioGroup.tsx'
import { Switch } from '../ui/Switch.tsx'
import { PagePreview } from '../ui/PagePreview.tsx'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import { shownInPlace, useUnsaved } from '../ui/use-unsaved.ts'
import type { Form, FormDraft } from './api.ts'
import { useFormPreview, useSaveForm } from './api.ts'
import { BoxesEditor } from './BoxesEditor.tsx'
import { FieldsEditor } from './FieldsEditor.tsx'

/** Designs a form; each saved change of it is a version of its own. */
export function FormEditor({ form }: { form: Form }) {
  const t = useTranslations('pages.editor')
  const refusal = useRefusal('pages.write')
  const [name, setName] = useState(form.name)
  const [draft, setDraft] = useState<FormDraft>(form.definition)
  const { isChanged, markSaved } = useUnsaved({ name, draft })
  const save = useSaveForm(form.id)
  const issues = fieldErrors(save.error)
  const message = useErrorText(save.error)?.message
  const change = (part: Partial<FormDraft>) => setDraft((before) => ({ ...before, ...part }))
  const submit = () =>
    void save.mutateAsync({ name, definition: draft, version: form.version }).then(() => {
      markSaved()
      toast({ text: t('saved') })
    }, shownInPlace)
  return (
    <div className="grid grid-cols-1 gap-5 lg:grid-cols-2">
      <LeaveDialog isChanged={isChanged && refusal === undefined} />
      <form
        className="grid min-w-0 content-start gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        {save.error && (
          <Banner tone="error">{issues['definition.boxes'] ?? issues['definition.fields'] ?? message}</Banner>
        )}
        <Section title={t('texts')}>
          <FieldStack>
            <TextField label={t('name')} value={name} onChange={setName} error={issues['name']} isRequired />
            <CheckboxGroup
              label={t('languages')}
              options={[
                { value: 'en', label: 'English' },
                { value: 'fr', label: 'Français' },
              ]}
              value={draft.languages ?? ['en', 'fr']}
              onChange={(languages) => change({ languages })}
              error={issues['definition.languages']}
            />
            <Words
              label={t('heading')}
              value={draft.title}
              onChange={(title) => change({ title })}
              error={issues['definition.title.en'] ?? issues['definition.title.fr']}
            />
            <Words label={t('intro')} value={draft.intro ?? {}} onChange={(intro) => change({ intro })} />
            <Words label={t('button')} value={draft.button ?? {}} onChange={(button) => change({ button })} />
            <Words label={t('thanks')} value={draft.thanks ?? {}} onChange={(thanks) => change({ thanks })} />
          </FieldStack>
        </Section>
        <FieldsEditor fields={draft.fields} issues={issues} onChange={(fields) => change({ fields })} />
        <BoxesEditor boxes={draft.boxes} issues={issues} onChange={(boxes) => change({ boxes })} />
        <Section title={t('after')}>
          <FieldStack>
            <Switch
              isSelected={draft.doubleOptIn ?? true}
              onChange={(doubleOptIn) => change({ doubleOptIn })}
              note={t('doubleOptInNote')}
            >
              {t('doubleOptIn')}
            </Switch>
            {(draft.doubleOptIn ?? true) && (
              <RadioGroup
                label={t('confirmBy')}
                value={draft.confirmBy ?? 'link'}
                onChange={(confirmBy) => change({ confirmBy })}
                options={(['link', 'button'] as const).map((value) => ({
                  value,
                  label: t(`confirms.${value}`),
                  note: t(`confirmNotes.${value}`),
                }))}
              />
            )}
            <TextField
              label={t('privacyUrl')}
              placeholder="https://…"
              value={draft.privacyUrl ?? ''}
              onChange={(url) => change({ privacyUrl: url === '' ? null : url })}
              error={issues['definition.privacyUrl']}
              isOptional
            />
            <TextField
              label={t('accent')}
              placeholder="#5b3df5"
              value={draft.accent ?? ''}
              onChange={(accent) => change({ accent: accent === '' ? null : accent })}
              error={issues['definition.accent']}
              isOptional
            />
          </FieldStack>
        </Section>
        <div>
          <Button variant="primary" type="submit" disabledReason={refusal} isPending={save.isPending}>
            {t('save')}
          </Button>
        </div>
      </form>
      <Preview draft={draft} />
    </div>
  )
}

function Preview({ draft }: { draft: FormDraft }) {
  const t = useTranslations('pages.editor')
  const [locale, setLocale] = useState<'en' | 'fr'>(useLanguage())
  const preview = useFormPreview(useSettled(draft), locale)
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

import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { ApiError, fieldErrors } from '../platform/api/problem.ts'
import { useRefusal } from '../platform/session.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button } from '../ui/Button.tsx'
import { Card, Section } from '../ui/Card.tsx'
import { ErrorState, useErrorText } from '../ui/ErrorState.tsx'
import { FieldStack } from '../ui/Field.tsx'
import { Page } from '../ui/Page.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { useKitText } from '../ui/text.ts'
import { TextField } from '../ui/TextField.tsx'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import { useCreateTemplate, useSaveTemplate, useTemplate } from './api.ts'
import type { Template } from './api.ts'
import { MailEditor } from './MailEditor.tsx'
import { useUnsavedWarning } from './use-unsaved-warning.ts'

const route = getRouteApi('/shell/content/$id')

/** One template: its name and its mail. */
export function TemplatePage() {
  const { id } = route.useParams()
  const t = useTranslations('content')
  const template = useTemplate(id)
  const crumbs = [{ label: t('gallery.title'), href: '/content' }]
  if (template.isError) {
    return (
      <Page title={t('gallery.title')} crumbs={crumbs}>
        <ErrorState error={template.error} onRetry={template.refetch} />
      </Page>
    )
  }
  if (!template.data) {
    return (
      <Page title={t('gallery.title')} crumbs={crumbs}>
        <SectionSkeleton lines={8} />
      </Page>
    )
  }
  return <Editor key={id} template={template.data} />
}

function Editor({ template }: { template: Template }) {
  const t = useTranslations('content')
  const common = useKitText()
  const refusal = useRefusal('content.write')
  const save = useSaveTemplate(template.id)
  const saveCopy = useCreateTemplate()
  const sayWhy = useErrorToast()
  // Taken once: what others save meanwhile must not replace what is being written here.
  const [draft, setDraft] = useState({
    name: template.name,
    description: template.description,
    source: template.source,
  })
  const [version, setVersion] = useState(template.version)
  const [isChanged, setChanged] = useState(false)
  const { message } = useErrorText(save.error)
  const errors = fieldErrors(save.error)
  const isOvertaken = save.error instanceof ApiError && save.error.code === 'content.template_changed'
  useUnsavedWarning(isChanged)
  const change = (edit: Partial<typeof draft>) => {
    setDraft((before) => ({ ...before, ...edit }))
    setChanged(true)
  }
  const submit = () =>
    save.mutate(
      { ...draft, version },
      {
        onSuccess: (saved) => {
          setVersion(saved.version)
          setChanged(false)
          toast({ text: t('template.saved') })
        },
      },
    )
  const copy = () =>
    saveCopy.mutate(
      { ...draft, name: t('template.mine', { name: draft.name }) },
      {
        onSuccess: () => {
          setChanged(false)
          toast({ text: t('template.copied') })
        },
        onError: sayWhy,
      },
    )
  return (
    <Page
      title={draft.name === '' ? t('gallery.untitled') : draft.name}
      crumbs={[{ label: t('gallery.title'), href: '/content' }, { label: draft.name }]}
      subtitle={isChanged ? t('template.unsaved') : t('template.allSaved')}
      actions={
        <Button
          variant="primary"
          isPending={save.isPending}
          disabledReason={refusal}
          isDisabled={!isChanged}
          onPress={submit}
        >
          {common('actions.save')}
        </Button>
      }
    >
      {refusal !== undefined && <Banner tone="info">{refusal}</Banner>}
      {save.isError && (
        <Banner
          tone={isOvertaken ? 'warning' : 'error'}
          title={message}
          action={
            isOvertaken ? (
              <Button size="sm" isPending={saveCopy.isPending} onPress={copy}>
                {t('template.saveCopy')}
              </Button>
            ) : undefined
          }
        >
          {Object.values(errors).join(' ')}
        </Banner>
      )}
      <Card>
        <FieldStack>
          <TextField
            label={t('template.name')}
            value={draft.name}
            onChange={(name) => change({ name })}
            error={errors['name']}
            maxLength={120}
            isReadOnly={refusal !== undefined}
          />
          <TextField
            label={t('template.description')}
            isOptional
            value={draft.description}
            onChange={(description) => change({ description })}
            maxLength={500}
            isReadOnly={refusal !== undefined}
          />
        </FieldStack>
      </Card>
      <Section title={t('template.mail')}>
        <MailEditor
          value={draft.source}
          onChange={(source) => change({ source })}
          isReadOnly={refusal !== undefined}
        />
      </Section>
    </Page>
  )
}

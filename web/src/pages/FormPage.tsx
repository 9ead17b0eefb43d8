import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { ExternalLink } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Button, buttonStyle } from '../ui/Button.tsx'
import { Section } from '../ui/Card.tsx'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Page } from '../ui/Page.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { Badge } from '../ui/StatusBadge.tsx'
import { Tabs } from '../ui/Tabs.tsx'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import type { Form } from './api.ts'
import { useForm, usePublishForm } from './api.ts'
import { FormEditor } from './FormEditor.tsx'

// Most visits write; tables come when they are looked at.
const SubmissionList = lazy(() =>
  import('./SubmissionList.tsx').then((module) => ({ default: module.SubmissionList })),
)
const FormVersions = lazy(() =>
  import('./FormVersions.tsx').then((module) => ({ default: module.FormVersions })),
)

const route = getRouteApi('/shell/forms/$id')

/** One sign-up form: its editor, its address, what came in by it, its versions. */
export function FormPage() {
  const { id } = route.useParams()
  const query = useForm(id)
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />
  if (!query.data) return <SectionSkeleton />
  return <Loaded form={query.data} />
}

function Loaded({ form }: { form: Form }) {
  const t = useTranslations('pages')
  const format = useFormat()
  const search = route.useSearch()
  const navigate = useNavigate()
  const { submissions } = form
  const taken = submissions.recorded + submissions.confirmed
  return (
    <Page
      title={form.name}
      crumbs={[{ label: t('title'), href: '/forms' }]}
      subtitle={
        <span className="flex flex-wrap items-center gap-2">
          <Badge tone={form.state === 'published' ? 'green' : 'grey'}>{t(`states.${form.state}`)}</Badge>
          <span>{t('counts', { taken, pending: submissions.pending })}</span>
        </span>
      }
      actions={<Actions form={form} />}
    >
      <Tabs
        label={t('views')}
        selected={search.view ?? 'editor'}
        onSelect={(view) =>
          void navigate({
            to: '/forms/$id',
            params: { id: form.id },
            search: view === 'editor' ? {} : { view },
            replace: true,
          })
        }
        items={[
          {
            id: 'editor' as const,
            label: t('editor.title'),
            // A saved version begins anew from what is in force.
            content: <FormEditor key={form.version} form={form} />,
          },
          { id: 'embed' as const, label: t('embed.title'), content: <Embed form={form} /> },
          {
            id: 'submissions' as const,
            label: t('submissions.title'),
            count: format.number(Object.values(submissions).reduce((sum, n) => sum + n, 0)),
            content: (
              <Suspense fallback={<SectionSkeleton />}>
                <SubmissionList form={form} />
              </Suspense>
            ),
          },
          {
            id: 'versions' as const,
            label: t('versions.title'),
            content: (
              <Suspense fallback={<SectionSkeleton />}>
                <FormVersions id={form.id} />
              </Suspense>
            ),
          },
        ]}
      />
    </Page>
  )
}

function Actions({ form }: { form: Form }) {
  const t = useTranslations('pages')
  const refusal = useRefusal('pages.write')
  const publish = usePublishForm(form.id)
  const sayWhy = useErrorToast()
  const isPublished = form.state === 'published'
  return (
    <>
      {isPublished && (
        <a href={form.url} target="_blank" rel="noreferrer" className={buttonStyle('secondary', 'md')}>
          <ExternalLink aria-hidden className="size-4" />
          {t('look')}
        </a>
      )}
      {form.state !== 'archived' && (
        <Button
          variant={isPublished ? 'secondary' : 'primary'}
          disabledReason={refusal}
          isPending={publish.isPending}
          onPress={() =>
            publish.mutate(!isPublished, {
              onSuccess: () => toast({ text: t(isPublished ? 'closed' : 'published') }),
              onError: sayWhy,
            })
          }
        >
          {t(isPublished ? 'close' : 'publish')}
        </Button>
      )}
    </>
  )
}

function Embed({ form }: { form: Form }) {
  const t = useTranslations('pages.embed')
  const frame = `<iframe src="${form.url}" title="${form.name.replaceAll('"', '&quot;')}" loading="lazy" style="width:100%;height:640px;border:0"></iframe>`
  return (
    <div className="grid grid-cols-1 gap-5">
      <p className="max-w-2xl text-muted">{form.state === 'published' ? t('note') : t('notPublished')}</p>
      <Section title={t('link')} note={t('linkNote')}>
        <CodeBlock label={t('linkCode')} code={form.url} isWrapped />
      </Section>
      <Section title={t('frame')} note={t('frameNote')}>
        <CodeBlock label={t('frameCode')} code={frame} isWrapped />
      </Section>
    </div>
  )
}

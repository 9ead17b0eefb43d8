import { useNavigate } from '@tanstack/react-router'
import { FileText, Plus } from 'lucide-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import { useRefusal } from '../platform/session.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { Link } from '../ui/Link.tsx'
import { RowMenu } from '../ui/Menu.tsx'
import { FilterBar, Page } from '../ui/Page.tsx'
import { Pagination } from '../ui/Pagination.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { useKitText } from '../ui/text.ts'
import { toast } from '../ui/Toast.tsx'
import { useErrorToast } from '../ui/use-error-toast.ts'
import {
  useCreateTemplate,
  useDeleteTemplate,
  useDuplicateTemplate,
  useStarterPreview,
  useStarters,
  useTemplatePreview,
  useTemplates,
} from './api.ts'
import type { MailDraft, Starter, TemplateEntry } from './api.ts'
import { MailThumbnail } from './MailThumbnail.tsx'
import { useSettled } from '../platform/use-settled.ts'

/** All templates: one's own above, ours below; each shown as a person would get it. */
export function TemplateGallery() {
  const t = useTranslations('content')
  const format = useFormat()
  const [text, setText] = useState('')
  const q = useSettled(text.trim())
  const templates = useTemplates(q)
  const rows = templates.data?.pages.flatMap((page) => page.items)
  const start = useStartTemplate()
  return (
    <Page
      title={t('gallery.title')}
      actions={
        <Button
          variant="primary"
          icon={<Plus aria-hidden />}
          disabledReason={start.refusal}
          isPending={start.isPending}
          onPress={() => start.create(t('gallery.untitled'), null)}
        >
          {t('gallery.new')}
        </Button>
      }
    >
      {(q !== '' || (rows?.length ?? 0) > 0) && (
        <FilterBar>
          <SearchField label={t('gallery.search')} value={text} onChange={setText} />
        </FilterBar>
      )}
      {templates.isError && <ErrorState error={templates.error} onRetry={templates.refetch} />}
      {!templates.isError && !rows && <SectionSkeleton />}
      {rows?.length === 0 && q !== '' && (
        <EmptyState icon={<FileText />} title={t('gallery.none')}>
          {t('gallery.noneText')}
        </EmptyState>
      )}
      {rows && rows.length > 0 && (
        <section className="grid gap-3">
          <h2 className="text-lg font-semibold">{t('gallery.own')}</h2>
          <Grid label={t('gallery.own')}>
            {rows.map((template) => (
              <OwnCard key={template.id} template={template} />
            ))}
          </Grid>
        </section>
      )}
      <Pagination shown={rows?.length ?? 0} pages={templates} number={format.number} />
      <Starters isFirst={rows?.length === 0 && q === ''} onStart={start.create} refusal={start.refusal} />
    </Page>
  )
}

function Starters({
  isFirst,
  onStart,
  refusal,
}: {
  /** Nobody has a template yet: these are how to begin. */
  isFirst: boolean
  onStart: (name: string, source: MailDraft | null) => void
  refusal: string | undefined
}) {
  const t = useTranslations('content')
  const starters = useStarters()
  return (
    <section className="grid gap-3">
      <div>
        <h2 className="text-lg font-semibold">{t('gallery.starters')}</h2>
        <p className="text-muted">{isFirst ? t('gallery.emptyText') : t('gallery.startersText')}</p>
      </div>
      {starters.isError && <ErrorState error={starters.error} onRetry={starters.refetch} />}
      {!starters.data && !starters.isError && <SectionSkeleton />}
      {starters.data && (
        <Grid label={t('gallery.starters')}>
          {starters.data.items.map((starter) => (
            <StarterCard
              key={starter.key}
              starter={starter}
              refusal={refusal}
              onStart={() => onStart(starter.name, starter.source)}
            />
          ))}
        </Grid>
      )}
    </section>
  )
}

function StarterCard({
  starter,
  onStart,
  refusal,
}: {
  starter: Starter
  onStart: () => void
  refusal: string | undefined
}) {
  const t = useTranslations('content')
  const { data } = useStarterPreview(starter.key)
  return (
    <Card name={starter.name} html={data?.mail?.html}>
      <div className="min-w-0 flex-1">
        <h3 className="font-medium break-words">{starter.name}</h3>
        <p className="text-sm text-muted">{starter.description}</p>
      </div>
      <Button
        size="sm"
        disabledReason={refusal}
        onPress={onStart}
        aria-label={t('gallery.useNamed', { name: starter.name })}
      >
        {t('gallery.use')}
      </Button>
    </Card>
  )
}

function OwnCard({ template }: { template: TemplateEntry }) {
  const t = useTranslations('content')
  const common = useKitText()
  const format = useFormat()
  const refusal = useRefusal('content.write')
  const { data } = useTemplatePreview(template.id, template.updatedAt)
  const duplicate = useDuplicateTemplate()
  const { remove, restore } = useDeleteTemplate()
  const sayWhy = useErrorToast()
  const disabled = refusal === undefined ? {} : { disabledReason: refusal }
  return (
    <Card name={template.name} html={data?.mail?.html}>
      <div className="min-w-0 flex-1">
        <h3 className="font-medium break-words">
          <Link to="/content/$id" params={{ id: template.id }}>
            {template.name}
          </Link>
        </h3>
        <p className="truncate text-sm text-muted">
          {template.subject === '' ? t('gallery.noSubject') : template.subject}
        </p>
        <p className="text-sm text-muted">
          {t('gallery.changed', { when: format.relative(template.updatedAt) })}
        </p>
      </div>
      <RowMenu
        label={t('gallery.actionsFor', { name: template.name })}
        entries={[
          { id: 'edit', label: common('actions.edit'), href: `/content/${template.id}` },
          {
            id: 'duplicate',
            label: common('actions.duplicate'),
            onAction: () => duplicate.mutate(template.id, { onError: sayWhy }),
            ...disabled,
          },
          'separator',
          {
            id: 'delete',
            label: common('actions.delete'),
            isDangerous: true,
            ...disabled,
            onAction: () =>
              // A promise, and no callback of the mutation: the card may be gone before it answers.
              void remove.mutateAsync(template.id).then(
                () =>
                  toast({
                    text: t('gallery.deleted', { name: template.name }),
                    onUndo: () => restore(template.id),
                  }),
                sayWhy,
              ),
          },
        ]}
      />
    </Card>
  )
}

const Grid = ({ label, children }: { label: string; children: ReactNode }) => (
  <ul aria-label={label} className="grid grid-cols-1 gap-5 sm:grid-cols-2 xl:grid-cols-3">
    {children}
  </ul>
)

const Card = ({ name, html, children }: { name: string; html: string | undefined; children: ReactNode }) => (
  <li className="flex min-w-0 flex-col overflow-hidden rounded-xl border border-line bg-panel">
    <MailThumbnail name={name} html={html} />
    <div className="flex flex-1 items-start gap-3 border-t border-line p-4">{children}</div>
  </li>
)

/** A blank mail, or one from a template, opened at once. */
function useStartTemplate() {
  const language = useLocale() === 'fr' ? 'fr' : 'en'
  const navigate = useNavigate()
  const create = useCreateTemplate()
  const sayWhy = useErrorToast()
  return {
    isPending: create.isPending,
    refusal: useRefusal('content.write'),
    create: (name: string, source: MailDraft | null) =>
      create.mutate(
        { name, source: source ?? { language } },
        {
          onSuccess: ({ id }) => void navigate({ to: '/content/$id', params: { id } }),
          onError: sayWhy,
        },
      ),
  }
}

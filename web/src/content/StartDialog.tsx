import type { ReactElement, ReactNode } from 'react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Banner } from '../ui/Banner.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { SearchField } from '../ui/SearchField.tsx'
import { SectionSkeleton } from '../ui/Skeleton.tsx'
import { readTemplate, useStarterPreview, useStarters, useTemplatePreview, useTemplates } from './api.ts'
import type { MailDraft, Starter, TemplateEntry } from './api.ts'
import { MailThumbnail } from './MailThumbnail.tsx'

/** Chooses a template to start from, one's own or ours. */
export function StartDialog({
  trigger,
  hasBody,
  onStart,
}: {
  trigger: ReactElement
  hasBody: boolean
  onStart: (source: MailDraft) => void
}) {
  const t = useTranslations('content')
  return (
    <Dialog title={t('start.title')} size="lg" trigger={trigger}>
      {(close) => (
        <div className="grid gap-5">
          {hasBody && <Banner tone="warning">{t('start.replaces')}</Banner>}
          <Choices
            onChoose={(source) => {
              onStart(source)
              close()
            }}
          />
        </div>
      )}
    </Dialog>
  )
}

function Choices({ onChoose }: { onChoose: (source: MailDraft) => void }) {
  const t = useTranslations('content')
  const [q, setQ] = useState('')
  const starters = useStarters()
  const templates = useTemplates(q)
  const own = templates.data?.pages.flatMap((page) => page.items) ?? []
  if (starters.isError) return <ErrorState error={starters.error} onRetry={starters.refetch} />
  if (!starters.data) return <SectionSkeleton />
  return (
    <>
      {(own.length > 0 || q !== '') && (
        <section aria-label={t('gallery.own')} className="grid gap-3">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <h3 className="font-semibold">{t('gallery.own')}</h3>
            <SearchField label={t('gallery.search')} value={q} onChange={setQ} />
          </div>
          <Grid>
            {own.map((template) => (
              <OwnChoice key={template.id} template={template} onChoose={onChoose} />
            ))}
          </Grid>
        </section>
      )}
      <section aria-label={t('gallery.starters')} className="grid gap-3">
        <h3 className="font-semibold">{t('gallery.starters')}</h3>
        <Grid>
          {starters.data.items.map((starter) => (
            <StarterChoice key={starter.key} starter={starter} onChoose={onChoose} />
          ))}
        </Grid>
      </section>
    </>
  )
}

const Grid = ({ children }: { children: ReactNode }) => (
  <ul className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3">{children}</ul>
)

function OwnChoice({
  template,
  onChoose,
}: {
  template: TemplateEntry
  onChoose: (source: MailDraft) => void
}) {
  const { data } = useTemplatePreview(template.id, template.updatedAt)
  return (
    <Choice
      name={template.name}
      note={template.subject}
      html={data?.mail?.html}
      onPress={() => void readTemplate(template.id).then(({ source }) => onChoose(source))}
    />
  )
}

function StarterChoice({ starter, onChoose }: { starter: Starter; onChoose: (source: MailDraft) => void }) {
  const { data } = useStarterPreview(starter.key)
  return (
    <Choice
      name={starter.name}
      note={starter.description}
      html={data?.mail?.html}
      onPress={() => onChoose(starter.source)}
    />
  )
}

function Choice({
  name,
  note,
  html,
  onPress,
}: {
  name: string
  note: string
  html: string | undefined
  onPress: () => void
}) {
  return (
    <li className="min-w-0">
      <button
        type="button"
        onClick={onPress}
        className="flex w-full min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-panel text-left hover:border-text"
      >
        <MailThumbnail name={name} html={html} />
        <span className="grid min-w-0 gap-0.5 border-t border-line px-3 py-2">
          <span className="font-medium break-words">{name}</span>
          <span className="line-clamp-2 text-sm text-muted">{note}</span>
        </span>
      </button>
    </li>
  )
}

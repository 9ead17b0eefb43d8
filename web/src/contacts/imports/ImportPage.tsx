import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from '../../platform/format.ts'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { Page } from '../../ui/Page.tsx'
import { SectionSkeleton } from '../../ui/Skeleton.tsx'
import { useImport } from './api.ts'
import type { ContactImport } from './api.ts'
import { ImportBadge } from './ImportBadge.tsx'
import { ImportDraft } from './ImportDraft.tsx'

const ImportResult = lazy(() =>
  import('./ImportResult.tsx').then((module) => ({ default: module.ImportResult })),
)
const route = getRouteApi('/shell/audience/imports/$id')

/** One import, from the file to what became of it. */
export function ImportPage() {
  const t = useTranslations('contacts.imports')
  const { id } = route.useParams()
  const query = useImport(id)
  const crumbs = [{ label: t('title'), href: '/audience/imports' }]
  if (query.isError)
    return (
      <Page title={t('one')} crumbs={crumbs}>
        <ErrorState error={query.error} onRetry={query.refetch} />
      </Page>
    )
  if (!query.data)
    return (
      <Page title={t('one')} crumbs={crumbs}>
        <SectionSkeleton />
      </Page>
    )
  const found = query.data
  return (
    <Page
      title={found.fileName}
      crumbs={[...crumbs, { label: found.fileName }]}
      heading={<span className="break-all">{found.fileName}</span>}
      subtitle={<Subtitle found={found} />}
    >
      {found.state === 'draft' ? (
        <ImportDraft key={`${found.id}:${found.columns.length}:${found.encoding}`} found={found} />
      ) : (
        <Suspense fallback={<SectionSkeleton />}>
          <ImportResult found={found} />
        </Suspense>
      )}
    </Page>
  )
}

function Subtitle({ found }: { found: ContactImport }) {
  const format = useFormat()
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <ImportBadge state={found.state} />
      <span className="figures">
        {format.bytes(found.fileBytes)} · {format.dateTime(found.startedAt ?? found.createdAt)}
      </span>
    </span>
  )
}
